//! Tests `Router::cors`: a policy for endpoints without a policy.

use std::sync::LazyLock;

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, HeaderValue};
use axum::middleware::from_fn;
use axum::routing as plainly;
use cors_runtime::axum::routing::{any, delete, get, get_service, post, put};
use cors_runtime::axum::{Router, cors};
use cors_runtime::{Policy, policy};
use tower::service_fn;

use crate::common::{ADMIN, APP, App, STRANGER, preflight, request};

const OTHER: &str = "https://other.example";

static DEFAULT: Policy = policy! {
    origins = ["https://app.example"],
    headers = ["content-type"],
    expose = ["x-total"],
    max_age = 60,
    credentials,
};

static OTHERS: Policy = policy! { origins = ["https://other.example"], methods = [GET, PUT] };

#[cors(origins = ["https://admin.example"])]
async fn annotated() -> &'static str {
    "annotated"
}

#[cors(disabled)]
async fn disabled() -> ([(&'static str, &'static str); 1], &'static str) {
    ([("access-control-allow-origin", "*")], "disabled")
}

async fn plain() -> &'static str {
    "plain"
}

async fn number(Json(number): Json<u32>) -> String {
    number.to_string()
}

/// Asserts that the default policy applies to a path and method, and that other origins are denied.
/// Ignores `Allow`, which axum's own method router adds to its preflights.
async fn is_covered(app: &impl App, method: &str, path: &str) {
    let sent = preflight(method, path)
        .with_headers("content-type")
        .from(APP);
    let sent = sent.to(app).await;
    sent.is(204).has_body("").allows(APP).credentials();
    sent.allowed_headers(&["content-type"]);
    for refused in [ADMIN, OTHER, STRANGER] {
        preflight(method, path)
            .from(refused)
            .to(app)
            .await
            .is(403)
            .has_no_cors();
        let reply = request(method, path).from(refused).to(app).await;
        reply.is_denied();
    }
    let reply = request(method, path).from(APP).to(app).await;
    reply.allows(APP).credentials().exposes(&["x-total"]);
    reply.vary(&["origin"]);
    request(method, path).to(app).await.is_denied();
}

async fn is_not_covered(app: &impl App, method: &str, path: &str) {
    let sent = preflight(method, path).from(OTHER).to(app).await;
    sent.is(204).has_body("").allows(OTHER);
    preflight(method, path)
        .from(APP)
        .to(app)
        .await
        .is(403)
        .has_no_cors();
    request(method, path)
        .from(OTHER)
        .to(app)
        .await
        .allows(OTHER);
    request(method, path).from(APP).to(app).await.is_denied();
}

#[tokio::test]
async fn a_default_covers_earlier_and_later_routes_and_404s() {
    let app: Router = Router::new()
        .route("/before", get(plain))
        .cors(&DEFAULT)
        .route("/after", post(plain));
    is_covered(&app, "GET", "/before").await;
    is_covered(&app, "POST", "/after").await;
    is_covered(&app, "GET", "/nobody").await;
    let lost = request("GET", "/nobody").from(APP).to(&app).await;
    lost.is(404).allows(APP);
    let sent = preflight("PUT", "/nobody").from(APP).to(&app).await;
    sent.is_refused_preflight();
}

#[tokio::test]
async fn preflights_allow_the_methods_that_are_served() {
    let app: Router = Router::new()
        .route("/", get(plain).put(plain))
        .cors(&DEFAULT);
    let sent = preflight("PUT", "/").from(APP).to(&app).await;
    sent.is_allowed_preflight(APP)
        .methods(&["PUT"])
        .max_age("60");
    let sent = preflight("HEAD", "/").from(APP).to(&app).await;
    sent.is_allowed_preflight(APP).methods(&["GET"]);
    for nobodys in ["PATCH", "POST", "DELETE"] {
        preflight(nobodys, "/")
            .from(APP)
            .to(&app)
            .await
            .is_refused_preflight();
    }
}

#[tokio::test]
async fn a_list_of_methods_is_limited_to_the_served_methods() {
    let app: Router = Router::new()
        .route("/", get(plain).put(plain).delete(plain))
        .cors(&OTHERS);
    let sent = preflight("PUT", "/").from(OTHER).to(&app).await;
    sent.is_allowed_preflight(OTHER).methods(&["PUT"]);
    preflight("DELETE", "/")
        .from(OTHER)
        .to(&app)
        .await
        .is_refused_preflight();
}

#[tokio::test]
async fn a_handlers_own_policy_replaces_the_default() {
    let app: Router = Router::new()
        .route("/items", get(annotated).post(plain))
        .cors(&DEFAULT);
    let own = request("GET", "/items").from(ADMIN).to(&app).await;
    own.is(200).allows(ADMIN);
    own.lacks(&axum::http::header::ACCESS_CONTROL_ALLOW_CREDENTIALS);
    request("GET", "/items")
        .from(APP)
        .to(&app)
        .await
        .is_denied();
    preflight("GET", "/items")
        .from(APP)
        .to(&app)
        .await
        .is_refused_preflight();
    is_covered(&app, "POST", "/items").await;
}

#[tokio::test]
async fn disabled_excludes_a_handler() {
    let app: Router = Router::new()
        .route("/items", get(disabled).post(plain))
        .cors(&DEFAULT);
    for origin in [APP, ADMIN] {
        preflight("GET", "/items")
            .from(origin)
            .to(&app)
            .await
            .is_refused_preflight();
        let reply = request("GET", "/items").from(origin).to(&app).await;
        reply.is(200).has_body("disabled").is_without_policy();
    }
    is_covered(&app, "POST", "/items").await;
}

#[tokio::test]
async fn rejections_and_405s_are_readable() {
    let app: Router = Router::new().route("/", post(number)).cors(&DEFAULT);
    let rejected = request("POST", "/").json("x").from(APP).to(&app).await;
    rejected.is(400).allows(APP);
    let reply = request("PUT", "/").from(APP).to(&app).await;
    reply.is(405).allows(APP).lists(&ALLOW, &["POST"]);
    request("PUT", "/")
        .from(ADMIN)
        .to(&app)
        .await
        .is(405)
        .is_denied();
    let options = request("OPTIONS", "/").from(APP).to(&app).await;
    options.is(405).allows(APP).lists(&ALLOW, &["POST"]);
}

#[tokio::test]
async fn a_405_beside_an_annotated_handler_uses_the_first_policy_that_allows_the_origin() {
    let app: Router = Router::new()
        .route("/", get(annotated).post(plain))
        .cors(&DEFAULT);
    for origin in [APP, ADMIN] {
        let reply = request("DELETE", "/").from(origin).to(&app).await;
        reply.is(405).allows(origin);
    }
}

#[tokio::test]
async fn preflights_do_not_reach_layers_and_401s_are_readable() {
    async fn deny(_: axum::extract::Request, _: axum::middleware::Next) -> StatusCode {
        StatusCode::UNAUTHORIZED
    }
    let app: Router = Router::new()
        .route("/", get(plain))
        .cors(&DEFAULT)
        .layer(from_fn(deny));
    is_covered(&app, "GET", "/").await;
    let reply = request("GET", "/").from(APP).to(&app).await;
    reply.is(401).allows(APP);
}

#[tokio::test]
async fn services_and_axum_routers_use_the_methods_of_the_policy() {
    let service = service_fn(|_| async {
        Ok::<_, std::convert::Infallible>(axum::response::Response::new(axum::body::Body::from(
            "s",
        )))
    });
    let app: Router = Router::new()
        .route_service("/service", service)
        .nest_service("/nested", service)
        .route("/get", get_service(service))
        .merge(axum::Router::new().route("/axum", plainly::put(plain)))
        .cors(&OTHERS);
    for path in ["/service", "/nested", "/nested/", "/nested/deep", "/axum"] {
        is_not_covered(&app, "PUT", path).await;
        let sent = preflight("PUT", path).from(OTHER).to(&app).await;
        sent.methods(&["GET", "PUT"]);
        preflight("DELETE", path)
            .from(OTHER)
            .to(&app)
            .await
            .is(403)
            .has_no_cors();
    }
    is_not_covered(&app, "GET", "/get").await;
}

#[tokio::test]
async fn a_default_covers_a_whole_axum_router() {
    let inner = axum::Router::new()
        .route("/items", plainly::get(plain).post(plain))
        .fallback(plain);
    let app = Router::from(inner).cors(&DEFAULT);
    for path in ["/items", "/elsewhere", "/"] {
        is_covered(&app, "GET", path).await;
        is_covered(&app, "POST", path).await;
    }
}

#[tokio::test]
async fn the_nearest_default_applies() {
    let inner = Router::new().route("/items", get(plain)).cors(&OTHERS);
    let bare = Router::new().route("/items", get(plain));
    let app: Router = Router::new()
        .nest("/inner", inner)
        .nest("/bare", bare)
        .route("/own", get(plain))
        .cors(&DEFAULT);
    is_not_covered(&app, "GET", "/inner/items").await;
    let unmatched = [
        "/inner/nobody",
        "/inner",
        "/bare/nobody",
        "/nobody",
        "/innerX",
    ];
    for path in ["/bare/items", "/own"].into_iter().chain(unmatched) {
        is_covered(&app, "GET", path).await;
    }
}

#[tokio::test]
async fn a_nested_router_keeps_its_default_without_an_outer_one() {
    let inner = Router::new().route("/items", get(plain)).cors(&OTHERS);
    let app: Router = Router::new().nest("/in", inner).route("/out", get(plain));
    is_not_covered(&app, "GET", "/in/items").await;
    // The outer router responds with the 404.
    for path in ["/out", "/nobody", "/in/nobody"] {
        for origin in [APP, OTHER] {
            request("GET", path)
                .from(origin)
                .to(&app)
                .await
                .is_without_policy();
            let sent = preflight("GET", path).from(origin).to(&app).await;
            sent.is_without_policy();
        }
    }
}

#[tokio::test]
async fn a_default_applies_inside_an_axum_router() {
    let inner: Router = Router::new().route("/items", get(plain)).cors(&DEFAULT);
    let app = axum::Router::new()
        .route("/out", plainly::get(plain))
        .nest("/in", inner.into());
    is_covered(&app, "GET", "/in/items").await;
    request("GET", "/out")
        .from(APP)
        .to(&app)
        .await
        .is_without_policy();
}

#[tokio::test]
async fn merged_routers_keep_their_defaults() {
    let ours = || Router::new().route("/ours", get(plain)).cors(&DEFAULT);
    let theirs = || Router::new().route("/theirs", get(plain)).cors(&OTHERS);
    let bare = || Router::new().route("/bare", get(plain));
    let app: Router = ours().merge(theirs()).merge(bare());
    is_covered(&app, "GET", "/ours").await;
    is_not_covered(&app, "GET", "/theirs").await;
    is_covered(&app, "GET", "/bare").await;
    is_covered(&app, "GET", "/nobody").await;

    let app: Router = bare().merge(theirs());
    is_not_covered(&app, "GET", "/theirs").await;
    request("GET", "/bare")
        .from(OTHER)
        .to(&app)
        .await
        .is_without_policy();
}

#[tokio::test]
async fn merged_routers_keep_their_defaults_on_a_shared_path() {
    let ours = Router::new().route("/items", get(plain)).cors(&DEFAULT);
    let theirs = Router::new().route("/items", put(plain)).cors(&OTHERS);
    let app: Router = ours.merge(theirs);
    is_covered(&app, "GET", "/items").await;
    is_not_covered(&app, "PUT", "/items").await;
}

#[tokio::test]
async fn preflights_beside_a_post_of_another_policy_are_not_cached() {
    let app: Router = Router::new()
        .route("/", put(plain).post(annotated))
        .cors(&DEFAULT);
    let sent = preflight("PUT", "/").from(APP).to(&app).await;
    sent.is_allowed_preflight(APP).max_age("0");
    let app: Router = Router::new()
        .route("/", put(plain).post(plain))
        .cors(&DEFAULT);
    let sent = preflight("PUT", "/").from(APP).to(&app).await;
    sent.is_allowed_preflight(APP).max_age("60");
}

#[tokio::test]
async fn fallbacks_are_covered_unless_annotated() {
    let app: Router = Router::new().fallback(plain).cors(&DEFAULT);
    is_covered(&app, "GET", "/nobody").await;
    let app: Router = Router::new().fallback(annotated).cors(&DEFAULT);
    request("GET", "/nobody")
        .from(ADMIN)
        .to(&app)
        .await
        .allows(ADMIN);
    request("GET", "/nobody")
        .from(APP)
        .to(&app)
        .await
        .is_denied();
    preflight("GET", "/nobody")
        .from(APP)
        .to(&app)
        .await
        .is_refused_preflight();
}

#[tokio::test]
async fn an_annotated_outer_fallback_keeps_its_policy_below_a_nested_default() {
    let inner = Router::new().route("/items", get(plain)).cors(&DEFAULT);
    let app: Router = Router::new().nest("/in", inner).fallback(annotated);
    is_covered(&app, "GET", "/in/items").await;
    for path in ["/in/nobody", "/nobody"] {
        request("GET", path)
            .from(ADMIN)
            .to(&app)
            .await
            .allows(ADMIN);
        request("GET", path).from(APP).to(&app).await.is_denied();
    }
}

#[tokio::test]
async fn a_wildcard_default_sets_headers_on_every_response() {
    static ANY: Policy = policy! { origins = "*", methods = "*", headers = "*" };
    let app: Router = Router::new()
        .route("/any", any(plain))
        .route("/get", get(plain).post(plain))
        .cors(&ANY);
    for path in ["/any", "/get", "/nobody"] {
        let reply = request("GET", path).to(&app).await;
        reply.has(&ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        reply.lacks(&axum::http::header::VARY);
    }
    let sent = preflight("PURGE", "/any").from(STRANGER).to(&app).await;
    sent.is(204).methods(&["*"]);
    let sent = preflight("GET", "/get").from(STRANGER).to(&app).await;
    sent.is(204).methods(&["GET", "HEAD"]);
    let sent = preflight("PURGE", "/nobody").from(STRANGER).to(&app).await;
    sent.is(204).methods(&["*"]);
}

#[tokio::test]
async fn a_default_can_come_from_a_configuration() {
    static API: LazyLock<Policy> = LazyLock::new(|| {
        let policy = Policy::builder().origins(["https://app.example"]).build();
        policy.expect("a valid policy")
    });
    let app: Router = Router::new().route("/", delete(plain)).cors(&API);
    let sent = preflight("DELETE", "/").from(APP).to(&app).await;
    sent.is_allowed_preflight(APP).methods(&["DELETE"]);
}

#[tokio::test]
async fn cors_headers_of_a_handler_are_replaced() {
    async fn own() -> [(&'static str, HeaderValue); 1] {
        let any = HeaderValue::from_static("*");
        [("access-control-allow-origin", any)]
    }
    let app: Router = Router::new().route("/", get(own)).cors(&DEFAULT);
    request("GET", "/").from(APP).to(&app).await.allows(APP);
    request("GET", "/").from(ADMIN).to(&app).await.is_denied();
}

#[tokio::test]
async fn enforce_in_a_default_refuses_before_inner_layers_run() {
    static FENCE: Policy = policy! { origins = ["https://app.example"], enforce };
    let app: Router = Router::new().route("/", post(number)).cors(&FENCE);
    for path in ["/", "/nobody"] {
        let refused = request("POST", path).json("1").from(ADMIN).to(&app).await;
        refused
            .is(403)
            .has_no_cors()
            .vary(&["origin", "sec-fetch-site"]);
    }
    request("POST", "/")
        .json("1")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .has_body("1");
    request("POST", "/")
        .json("1")
        .to(&app)
        .await
        .is(200)
        .has_body("1");
}

#[test]
fn the_table_lists_covered_endpoints() {
    let app: Router = Router::new()
        .route("/items", get(annotated).post(plain))
        .route_service("/service", plainly::get(plain))
        .cors(&OTHERS);
    let table = app.policies().to_string();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(rows.len(), 5, "{table}");
    assert_eq!(
        rows[1][..4],
        ["GET", "HEAD", "/items", "https://admin.example"]
    );
    assert_eq!(rows[2][..3], ["POST", "/items", "https://other.example"]);
    assert_eq!(rows[3][..4], ["any", "(GET", "PUT)", "/service"]);
    assert_eq!(rows[4][..4], ["any", "(GET", "PUT)", "/*"]);
}
