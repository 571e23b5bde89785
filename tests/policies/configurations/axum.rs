//! Projects with axum.

use std::sync::LazyLock;

use axum::Json;
use axum::extract::Path;
use axum::routing as plain;
use cors_runtime::axum::routing::{get, post};
use cors_runtime::axum::{Router, cors};
use cors_runtime::{OriginList, Policy, Rule, policy};
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, VARY};

use super::{Page, STRANGER, STRANGER_WITH_COOKIES, page, page_with_cookies};
use crate::common::{preflight, request};

async fn handler() -> &'static str {
    "handler"
}

/// The routes of a project, as they are without this crate.
fn routes() -> axum::Router {
    let all = plain::get(handler)
        .post(handler)
        .put(handler)
        .delete(handler);
    axum::Router::new().route("/items", all)
}

/// 1. svix: every origin, method and header, and 10 minutes. Its routes are those of aide.
#[tokio::test]
async fn everything_is_allowed_also_a_token() {
    static POLICY: Policy = policy! {
        origins = "*",
        methods = "*",
        headers = ["*", "authorization"],
        max_age = "10m",
    };
    let app = Router::from(routes()).cors(&POLICY);
    assert!(STRANGER.can_read(&app, "GET", "/items").await);
    let headers = "authorization,x-any";
    assert!(STRANGER.may_send(&app, "DELETE", "/items", headers).await);
    assert!(
        !STRANGER_WITH_COOKIES
            .may_send(&app, "DELETE", "/items", headers)
            .await
    );
    let sent = preflight("PUT", "/items")
        .from(STRANGER.origin)
        .to(&app)
        .await;
    sent.has(&ACCESS_CONTROL_MAX_AGE, "600");
}

/// 2. matrix-authentication-service: five groups of routes with five policies, and names of headers
/// that are known at start-up.
#[tokio::test]
async fn each_group_of_routes_has_its_policy() {
    static PUBLIC: LazyLock<Policy> = LazyLock::new(|| {
        let propagated = ["traceparent", "tracestate"];
        let headers = ["content-type", "authorization"];
        let policy = Policy::builder()
            .origins(["*"])
            .headers(headers.into_iter().chain(propagated));
        policy.build().expect("a valid policy")
    });
    static GRAPHQL: Policy = policy! { origins = "*", headers = ["content-type"], max_age = "1h" };

    #[cors(policy = PUBLIC)]
    async fn userinfo() {}

    let public = Router::new().route("/userinfo", get(userinfo));
    let graphql = Router::new()
        .route("/graphql", post(handler))
        .cors(&GRAPHQL);
    let human = Router::new().route("/login", get(handler).post(handler));
    let app: Router = Router::new()
        .merge(public)
        .nest("/api", graphql)
        .merge(human);

    let traced = "authorization,traceparent";
    assert!(STRANGER.may_send(&app, "GET", "/userinfo", traced).await);
    assert!(STRANGER.can_read(&app, "GET", "/userinfo").await);
    assert!(
        !STRANGER
            .may_send(&app, "POST", "/api/graphql", traced)
            .await
    );
    assert!(
        STRANGER
            .may_send(&app, "POST", "/api/graphql", "content-type")
            .await
    );
    assert!(
        !STRANGER
            .may_send(&app, "POST", "/login", "content-type")
            .await
    );
    assert!(!STRANGER.can_read(&app, "POST", "/login").await);
}

/// 3. `SpacetimeDB`: everything below `/v1`, and nothing below `/internal`.
#[tokio::test]
async fn a_prefix_has_a_policy_and_another_has_none() {
    static POLICY: Policy = policy! {
        origins = "*",
        methods = "*",
        headers = ["content-type", "authorization", "accept"],
    };
    let app: Router = Router::new()
        .nest("/v1", Router::from(routes()).cors(&POLICY))
        .nest("/internal", routes());
    assert!(
        STRANGER
            .may_send(&app, "PUT", "/v1/items", "authorization")
            .await
    );
    assert!(STRANGER.can_read(&app, "PUT", "/v1/items").await);
    assert!(!STRANGER.may_send(&app, "PUT", "/internal/items", "").await);
    assert!(!STRANGER.can_read(&app, "PUT", "/internal/items").await);
}

/// 4. crates.io: `Access-Control-Allow-Origin: *` on every response.
#[tokio::test]
async fn every_response_is_public() {
    static POLICY: Policy = policy! { origins = "*" };
    let app = Router::from(routes()).cors(&POLICY);
    for path in ["/items", "/missing"] {
        let reply = request("GET", path).to(&app).await;
        reply.has(&ACCESS_CONTROL_ALLOW_ORIGIN, "*").lacks(&VARY);
    }
    assert!(!STRANGER.may_send(&app, "DELETE", "/items", "").await);
}

/// 5. iroh-dns-server: every origin, three methods, and no headers.
#[tokio::test]
async fn the_methods_are_those_of_the_handlers() {
    #[cors(origins = "*")]
    async fn query() {}
    #[cors(origins = "*")]
    async fn publish(_: Path<String>, _: String) {}

    let app: Router = Router::new()
        .route("/dns-query", get(query).post(query))
        .route("/pkarr/{key}", get(query).put(publish));
    assert!(STRANGER.may_send(&app, "PUT", "/pkarr/x", "").await);
    assert!(!STRANGER.may_send(&app, "PUT", "/dns-query", "").await);
    assert!(!STRANGER.may_send(&app, "PUT", "/pkarr/x", "x-token").await);
}

/// 10. text-generation-inference: the origins of an option, or every one without it.
#[tokio::test]
async fn without_a_list_every_origin_is_allowed() {
    fn app(origins: Option<Vec<&str>>) -> Router {
        let policy = Policy::builder()
            .origins(origins.unwrap_or_else(|| vec!["*"]))
            .headers(["content-type"])
            .build();
        let policy = Box::leak(Box::new(policy.expect("a valid policy")));
        Router::new().route("/generate", post(handler)).cors(policy)
    }
    let open = app(None);
    assert!(
        STRANGER
            .may_send(&open, "POST", "/generate", "content-type")
            .await
    );
    let listed = app(Some(vec!["https://app.example.com"]));
    let app = page("https://app.example.com");
    assert!(
        app.may_send(&listed, "POST", "/generate", "content-type")
            .await
    );
    assert!(
        !STRANGER
            .may_send(&listed, "POST", "/generate", "content-type")
            .await
    );
}

/// 13. loco: a configuration, in which everything is `*` unless it is set. `after_routes` gets the
/// router, and returns one of axum's own.
#[tokio::test]
async fn a_configuration_covers_a_finished_router() {
    static POLICY: LazyLock<Policy> = LazyLock::new(|| {
        let policy = serde_json::from_str(
            r#"{ "origins": "*", "methods": "*", "headers": "*", "max_age": 3600 }"#,
        );
        policy.expect("a valid policy")
    });
    fn after_routes(router: axum::Router) -> axum::Router {
        Router::from(router).cors(&POLICY).into()
    }
    let app = after_routes(routes());
    assert!(STRANGER.may_send(&app, "DELETE", "/items", "x-any").await);
    assert!(STRANGER.can_read(&app, "DELETE", "/items").await);
    // There, `*` covers it. A browser disagrees.
    assert!(
        !STRANGER
            .may_send(&app, "DELETE", "/items", "authorization")
            .await
    );
}

/// 16. realworld-axum-sqlx: one origin from the environment, for GET alone, so that no page can
/// use the rest of its API.
#[tokio::test]
async fn each_method_of_an_api_has_a_policy() {
    static FRONTEND: OriginList = OriginList::new();

    #[cors(origins = [FRONTEND], headers = ["authorization"])]
    async fn feed() {}
    #[cors(origins = [FRONTEND], headers = ["authorization", "content-type"])]
    async fn publish(_: Json<String>) {}

    FRONTEND
        .replace(["http://localhost:4100"])
        .expect("an origin");
    let app: Router = Router::new().route("/api/articles", get(feed).post(publish).put(publish));
    let frontend = page("http://localhost:4100");
    let headers = "authorization,content-type";
    assert!(
        frontend
            .may_send(&app, "PUT", "/api/articles", headers)
            .await
    );
    assert!(
        frontend
            .may_send(&app, "GET", "/api/articles", "authorization")
            .await
    );
    assert!(!frontend.may_send(&app, "DELETE", "/api/articles", "").await);
    assert!(
        !STRANGER
            .may_send(&app, "PUT", "/api/articles", headers)
            .await
    );
}

/// 17. A template of shuttle: cookies, one origin that is known at start-up, and the headers
/// `origin`, `authorization` and `accept`, without `content-type` for its JSON.
#[tokio::test]
async fn what_only_the_browser_sets_is_refused() {
    static ORIGIN: OriginList = OriginList::new();

    #[cors(origins = [ORIGIN], headers = ["authorization", "content-type"], credentials)]
    async fn update(_: Json<String>) {}

    let written = Policy::builder()
        .origins(["https://saas.example.com"])
        .headers(["origin", "authorization", "accept"])
        .credentials(true)
        .build();
    let refused = written.expect_err("a mistake");
    let rules: Vec<_> = refused.violations().iter().map(|it| it.rule).collect();
    assert_eq!(rules, [Rule::ForbiddenRequestHeader]);

    ORIGIN
        .replace(["https://saas.example.com"])
        .expect("an origin");
    let app: Router = Router::new().route("/api", post(update).put(update).delete(update));
    let saas = page_with_cookies("https://saas.example.com");
    assert!(
        saas.may_send(&app, "DELETE", "/api", "authorization,content-type")
            .await
    );
    assert!(saas.can_read(&app, "POST", "/api").await);
    assert!(
        !STRANGER_WITH_COOKIES
            .may_send(&app, "DELETE", "/api", "")
            .await
    );
}

/// 18. leptos in tauri: the origins of the webview. The routes are generated.
#[tokio::test]
async fn a_webview_is_an_origin() {
    static POLICY: Policy = policy! {
        origins = ["tauri://localhost", "http://tauri.localhost"],
        headers = ["content-type"],
    };
    let app = Router::from(routes()).cors(&POLICY);
    let on = |origin| -> Page { page(origin) };
    for origin in ["tauri://localhost", "http://tauri.localhost"] {
        assert!(
            on(origin)
                .may_send(&app, "POST", "/items", "content-type")
                .await
        );
        assert!(on(origin).can_read(&app, "POST", "/items").await);
    }
    assert!(
        !STRANGER
            .may_send(&app, "POST", "/items", "content-type")
            .await
    );
}

/// 19. The development server of dioxus: every origin, GET and POST, every header.
#[tokio::test]
async fn a_development_server_is_open() {
    static POLICY: Policy = policy! { origins = "*", methods = [GET, POST], headers = "*" };
    let app = Router::from(routes()).cors(&POLICY);
    assert!(STRANGER.may_send(&app, "POST", "/items", "x-any").await);
    assert!(!STRANGER.may_send(&app, "PUT", "/items", "x-any").await);
}
