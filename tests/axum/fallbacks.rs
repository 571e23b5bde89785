//! Tests paths without a route, and methods that are not served.

use axum::http::StatusCode;
use axum::http::header::ALLOW;
use axum::routing as plainly;
use cors_runtime::axum::routing::{any, get};
use cors_runtime::axum::{Router, cors};

use crate::common::{ADMIN, APP, App, STRANGER, panic_of, preflight, request};

#[cors(origins = ["https://app.example"], headers = ["x-one"])]
async fn list() -> &'static str {
    "list"
}

#[cors(origins = ["https://admin.example"])]
async fn create() -> &'static str {
    "create"
}

#[cors(origins = ["https://admin.example"])]
async fn lost() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "lost")
}

async fn plain() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "plain")
}

async fn teapot() -> (StatusCode, &'static str) {
    (StatusCode::IM_A_TEAPOT, "teapot")
}

fn items() -> Router {
    Router::new().route("/items", get(list).post(create))
}

/// Asserts that no policy applies: preflights are not answered, and responses do not have headers.
async fn has_no_policy(app: &impl App, path: &str, status: u16) {
    for method in ["GET", "POST", "OPTIONS"] {
        let reply = request(method, path).from(ADMIN).to(app).await;
        reply.is(status).is_without_policy();
        let reply = preflight(method, path).from(ADMIN).to(app).await;
        reply.is(status).is_without_policy();
    }
}

/// Asserts that the policy of the annotated fallback applies.
async fn has_the_policy_of_the_fallback(app: &impl App, path: &str) {
    let reply = request("GET", path).from(ADMIN).to(app).await;
    reply.is(404).has_body("lost").allows(ADMIN);
    let reply = request("GET", path).from(APP).to(app).await;
    reply.is(404).has_body("lost").is_denied();
    let reply = preflight("POST", path).from(ADMIN).to(app).await;
    reply.is_allowed_preflight(ADMIN);
    reply.methods(&["GET", "HEAD", "POST"]);
    for (method, origin) in [("PUT", ADMIN), ("GET", APP)] {
        let reply = preflight(method, path).from(origin).to(app).await;
        reply.is_refused_preflight();
    }
}

#[tokio::test]
async fn a_path_without_a_route_has_no_policy() {
    let nested = items().nest("/in", items());
    for app in [items(), items().fallback(plain), nested] {
        has_no_policy(&app, "/unknown", 404).await;
        has_no_policy(&app, "/in/unknown", 404).await;
        has_no_policy(&app, "/items/", 404).await;
    }
    let service = items().fallback_service(plainly::any(teapot));
    has_no_policy(&service, "/unknown", 418).await;
}

#[tokio::test]
async fn the_policy_of_a_fallback_applies_to_unmatched_paths() {
    let inner = Router::new().route("/items", get(list));
    let app = items().nest("/in", inner).fallback(lost);
    for path in [
        "/unknown",
        "/",
        "/in",
        "/in/unknown",
        "/items/1/2",
        "/%C3%A9",
    ] {
        has_the_policy_of_the_fallback(&app, path).await;
    }
}

#[tokio::test]
async fn the_policy_of_a_fallback_does_not_apply_to_routes() {
    let app = items()
        .route("/plain", get(plain))
        .route_service("/service", plainly::any(plain))
        .fallback(lost);
    let reply = request("GET", "/items").from(ADMIN).to(&app).await;
    reply.is(200).has_body("list").is_denied();
    let reply = preflight("GET", "/items").from(ADMIN).to(&app).await;
    reply.is_refused_preflight();
    for path in ["/plain", "/service"] {
        let reply = request("GET", path).from(ADMIN).to(&app).await;
        reply.is(404).has_body("plain").is_without_policy();
        let reply = request("DELETE", path).from(ADMIN).to(&app).await;
        reply.is_without_policy();
        let reply = preflight("GET", path).from(ADMIN).to(&app).await;
        reply.is_without_policy();
    }
}

#[tokio::test]
async fn the_policy_of_a_fallback_does_not_apply_in_a_nested_service() {
    let theirs = axum::Router::new().route("/plain", plainly::get(plain));
    let app = items().nest_service("/service", theirs).fallback(lost);
    has_the_policy_of_the_fallback(&app, "/unknown").await;
    for path in [
        "/service",
        "/service/",
        "/service/plain",
        "/service/unknown",
    ] {
        let reply = request("GET", path).from(ADMIN).to(&app).await;
        reply.is(404).is_without_policy();
        let reply = preflight("GET", path).from(ADMIN).to(&app).await;
        reply.is_without_policy();
    }
}

#[tokio::test]
async fn the_policy_of_a_fallback_does_not_apply_in_an_annotated_nested_service() {
    let app = Router::new().nest_service("/in", items()).fallback(lost);
    let reply = preflight("GET", "/in/items").from(APP).to(&app).await;
    reply.is_allowed_preflight(APP);
    let reply = request("GET", "/in/items").from(APP).to(&app).await;
    reply.is(200).has_body("list").allows(APP);
    let reply = request("GET", "/in/items").from(ADMIN).to(&app).await;
    reply.is(200).has_body("list").is_denied();
}

#[tokio::test]
async fn a_nested_plain_fallback_replaces_an_annotated_fallback() {
    let inner = || Router::new().route("/items", get(list)).fallback(plain);
    let app = items().nest("/in", inner()).fallback(lost);
    has_no_policy(&app, "/in/unknown", 404).await;
    has_the_policy_of_the_fallback(&app, "/unknown").await;
}

#[tokio::test]
async fn the_fallback_of_a_nested_axum_router_has_no_policy() {
    let theirs = axum::Router::new().fallback(plain);
    let app = items().nest("/their", theirs).fallback(lost);
    has_the_policy_of_the_fallback(&app, "/unknown").await;
    has_no_policy(&app, "/their/unknown", 404).await;
}

#[tokio::test]
async fn a_nested_annotated_fallback_applies_only_to_its_prefix() {
    let inner = || Router::new().route("/items", get(list)).fallback(lost);
    for app in [
        items().nest("/in", inner()),
        items().nest("/in", inner()).fallback(plain),
        Router::new().fallback(plain).nest("/in", inner()),
    ] {
        has_the_policy_of_the_fallback(&app, "/in/unknown").await;
        has_the_policy_of_the_fallback(&app, "/in").await;
        has_no_policy(&app, "/unknown", 404).await;
        has_no_policy(&app, "/inner", 404).await;
    }
    let app = items().nest("/of/{tenant}", inner());
    has_the_policy_of_the_fallback(&app, "/of/acme/unknown").await;
    has_no_policy(&app, "/unknown", 404).await;
}

#[tokio::test]
async fn the_nearest_fallback_answers() {
    #[cors(origins = ["https://stranger.example"])]
    async fn nearest() -> &'static str {
        "nearest"
    }

    let inner = Router::new().nest("/b", Router::new().fallback(nearest));
    let app = Router::new().nest("/a", inner.fallback(lost));
    has_the_policy_of_the_fallback(&app, "/a/unknown").await;
    let reply = request("GET", "/a/b/unknown").from(STRANGER).to(&app).await;
    reply.is(200).has_body("nearest").allows(STRANGER);
    has_no_policy(&app, "/unknown", 404).await;
}

#[tokio::test]
async fn a_fallback_that_axum_drops_in_a_nest_has_no_policy() {
    // axum nests the fallbacks of a router only if the router has its own fallback.
    let middle = Router::new().nest("/b", Router::new().fallback(lost));
    has_the_policy_of_the_fallback(&middle, "/b/unknown").await;
    let app = Router::new().nest("/a", middle);
    has_no_policy(&app, "/a/b/unknown", 404).await;
}

#[tokio::test]
async fn merge_keeps_the_fallback() {
    let with = || Router::new().fallback(lost);
    for app in [items().merge(with()), with().merge(items())] {
        has_the_policy_of_the_fallback(&app, "/unknown").await;
    }
    let message = panic_of(move || items().fallback(plain).merge(with())).message;
    assert!(message.contains("both have a fallback"), "{message}");
}

#[tokio::test]
async fn the_fallback_of_a_merged_axum_router_has_no_policy() {
    let theirs = || axum::Router::new().fallback(plain);
    for app in [
        items().merge(theirs()),
        Router::from(theirs()).merge(items()),
    ] {
        has_no_policy(&app, "/unknown", 404).await;
    }
}

#[tokio::test]
async fn a_later_fallback_replaces_an_earlier_one() {
    let app = items().fallback(plain).fallback(lost);
    has_the_policy_of_the_fallback(&app, "/unknown").await;
    let app = items().fallback(lost).fallback(plain);
    has_no_policy(&app, "/unknown", 404).await;
}

#[tokio::test]
async fn reset_fallback_removes_the_policy() {
    let app = items().fallback(lost).reset_fallback();
    has_no_policy(&app, "/unknown", 404).await;
    let app = items().nest("/in", Router::new().fallback(lost));
    has_no_policy(&app.reset_fallback(), "/in/unknown", 404).await;
}

#[tokio::test]
async fn a_converted_router_keeps_its_annotated_fallback() {
    let inner = || axum::Router::from(items().fallback(lost));
    for app in [
        axum::Router::new().nest("/in", inner()),
        axum::Router::new().nest_service("/in", items().fallback(lost)),
        axum::Router::new().nest("/in", axum::Router::new().merge(inner())),
    ] {
        has_the_policy_of_the_fallback(&app, "/in/unknown").await;
        has_no_policy(&app, "/unknown", 404).await;
    }
}

#[tokio::test]
async fn an_annotated_fallback_applies_to_the_prefix_of_a_nested_service() {
    let app = axum::Router::new().nest_service("/in", items().fallback(lost));
    has_the_policy_of_the_fallback(&app, "/in").await;
}

#[tokio::test]
async fn an_annotated_fallback_applies_to_the_prefix_of_a_nested_service_with_a_slash() {
    let app = axum::Router::new().nest_service("/in", items().fallback(lost));
    has_the_policy_of_the_fallback(&app, "/in/").await;
}

#[tokio::test]
async fn a_405_on_an_annotated_path_has_the_headers_of_the_first_policy_that_allows_the_origin() {
    for (app, status) in [
        (items(), 405),
        (items().method_not_allowed_fallback(teapot), 418),
        (items().fallback(lost), 405),
    ] {
        for origin in [APP, ADMIN] {
            let reply = request("DELETE", "/items").from(origin).to(&app).await;
            reply.is(status).allows(origin).vary(&["origin"]);
            reply.lists(&ALLOW, &["GET", "HEAD", "POST"]);
        }
        let reply = request("DELETE", "/items").from(STRANGER).to(&app).await;
        reply.is(status).is_denied();
        let reply = request("DELETE", "/items").to(&app).await;
        reply.is(status).is_denied();
    }
}

#[tokio::test]
async fn a_405_depends_on_the_order_of_registration() {
    #[cors(origins = ["https://app.example"], credentials)]
    async fn with_credentials() {}

    let first = Router::<()>::new().route("/items", get(with_credentials).post(list));
    let reply = request("PUT", "/items").from(APP).to(&first).await;
    reply.is(405).allows(APP).credentials();
    let last = Router::<()>::new().route("/items", get(list).post(with_credentials));
    let reply = request("PUT", "/items").from(APP).to(&last).await;
    reply.is(405).allows(APP);
    reply.lacks(&axum::http::header::ACCESS_CONTROL_ALLOW_CREDENTIALS);
}

#[tokio::test]
async fn a_method_not_allowed_fallback_applies_to_earlier_paths() {
    let app = items()
        .method_not_allowed_fallback(teapot)
        .route("/late", get(list));
    let reply = request("DELETE", "/items").from(APP).to(&app).await;
    reply.is(418).has_body("teapot").allows(APP);
    let reply = request("DELETE", "/late").from(APP).to(&app).await;
    reply.is(405).allows(APP);
    for path in ["/items", "/late"] {
        preflight("GET", path)
            .from(APP)
            .to(&app)
            .await
            .is_allowed_preflight(APP);
        preflight("DELETE", path)
            .from(APP)
            .to(&app)
            .await
            .is_refused_preflight();
    }
}

#[tokio::test]
async fn a_method_fallback_has_its_own_policy() {
    let app = Router::<()>::new().route("/items", get(list).fallback(lost));
    let reply = request("DELETE", "/items").from(ADMIN).to(&app).await;
    reply.is(404).has_body("lost").allows(ADMIN);
    let reply = request("DELETE", "/items").from(APP).to(&app).await;
    reply.is(404).is_denied();
    let reply = preflight("POST", "/items").from(ADMIN).to(&app).await;
    reply.is_allowed_preflight(ADMIN).methods(&["POST"]);
}

#[tokio::test]
async fn a_plain_method_fallback_has_no_policy() {
    for routes in [get(list).fallback(plain), any(plain).get(list)] {
        let app = Router::<()>::new().route("/items", routes);
        let reply = request("DELETE", "/items").from(APP).to(&app).await;
        reply.is(404).has_body("plain").is_without_policy();
        let reply = preflight("POST", "/items").from(APP).to(&app).await;
        reply.is(404).has_body("plain").is_without_policy();
        let reply = preflight("GET", "/items").from(APP).to(&app).await;
        reply.is_allowed_preflight(APP);
    }
}
