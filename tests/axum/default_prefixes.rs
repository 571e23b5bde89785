//! Tests `Router::cors` of nested and merged routers. Endpoints without a policy get the default
//! policy of their own router.

use axum::http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use axum::routing as plainly;
use cors_runtime::axum::routing::{get, put};
use cors_runtime::axum::{Router, cors};
use cors_runtime::{Policy, policy};

use crate::common::{ADMIN, APP, App, preflight, request};

const OTHER: &str = "https://other.example";
const NOBODY: [&str; 0] = [];

static DEFAULT: Policy = policy! { origins = ["https://app.example"] };
static OTHERS: Policy = policy! { origins = ["https://other.example"] };

#[cors(origins = ["https://admin.example"])]
async fn annotated() -> &'static str {
    "annotated"
}

async fn plain() -> &'static str {
    "plain"
}

/// Returns the origins that can read the response. Asserts that the preflights of these origins
/// pass, and no others.
async fn readers(app: &impl App, path: &str) -> Vec<&'static str> {
    let mut readers = Vec::new();
    for origin in [APP, OTHER, ADMIN] {
        let reply = request("GET", path).from(origin).to(app).await;
        let allowed = !reply.lines(&ACCESS_CONTROL_ALLOW_ORIGIN).is_empty();
        let sent = preflight("GET", path).from(origin).to(app).await;
        assert_eq!(sent.status == 204, allowed, "{path}: {sent:#?}");
        readers.extend(allowed.then_some(origin));
    }
    readers
}

fn at(path: &str) -> Router {
    Router::new().route(path, get(plain))
}

fn axums(path: &str) -> Router {
    axum::Router::new().route(path, plainly::get(plain)).into()
}

#[tokio::test]
async fn a_default_below_a_parameter() {
    let app = Router::new()
        .nest("/{tenant}", at("/items").cors(&OTHERS))
        .cors(&DEFAULT);
    assert_eq!(readers(&app, "/blue/items").await, [OTHER]);
    // The nested router does not have a fallback, so the outer router responds.
    assert_eq!(readers(&app, "/blue/nobody").await, [APP]);
    assert_eq!(readers(&app, "/").await, [APP]);
}

#[tokio::test]
async fn a_service_below_a_parameter_beside_an_annotated_fallback() {
    let app: Router = Router::new()
        .nest_service("/{tenant}", plainly::get(plain))
        .fallback(annotated);
    for path in ["/blue", "/blue/", "/blue/deep"] {
        request("GET", path)
            .from(ADMIN)
            .to(&app)
            .await
            .is_without_policy();
    }
    assert_eq!(readers(&app, "/").await, [ADMIN]);
}

#[tokio::test]
async fn two_names_for_one_parameter() {
    let app: Router = Router::new()
        .nest("/{a}", at("/one").cors(&DEFAULT))
        .nest("/{b}", at("/two").cors(&OTHERS));
    assert_eq!(readers(&app, "/x/one").await, [APP]);
    assert_eq!(readers(&app, "/x/two").await, [OTHER]);
}

#[tokio::test]
async fn a_prefix_with_a_slash_and_without() {
    let app: Router = Router::new()
        .nest("/api", at("/one").cors(&DEFAULT))
        .nest("/api/", at("/two").cors(&OTHERS));
    assert_eq!(readers(&app, "/api/one").await, [APP]);
    assert_eq!(readers(&app, "/api/two").await, [OTHER]);
}

#[tokio::test]
async fn a_service_at_the_prefix_of_a_router_does_not_get_its_default() {
    for prefix in ["/api", "/api/"] {
        let app: Router = Router::new()
            .nest(prefix, at("/two").cors(&OTHERS))
            .nest_service("/api", plainly::get(plain));
        assert_eq!(readers(&app, "/api/two").await, [OTHER]);
        assert_eq!(readers(&app, "/api").await, NOBODY);
        let deep = request("GET", "/api/x").from(OTHER).to(&app).await;
        deep.lacks(&ACCESS_CONTROL_ALLOW_ORIGIN);
    }
}

#[tokio::test]
async fn two_routers_at_one_prefix_keep_their_fallbacks() {
    let one = || at("/one").fallback(annotated);
    let two = || at("/two").cors(&OTHERS);
    let one_first: Router = Router::new().nest("/api", one()).nest("/api", two());
    let two_first: Router = Router::new().nest("/api", two()).nest("/api", one());
    for app in [one_first, two_first] {
        assert_eq!(readers(&app, "/api/two").await, [OTHER]);
        assert_eq!(readers(&app, "/api/nobody").await, [ADMIN]);
    }
}

#[tokio::test]
async fn a_fallback_keeps_the_default_of_its_router_through_a_merge() {
    let ours = || at("/one").cors(&DEFAULT);
    let theirs = || Router::new().fallback(plain).cors(&OTHERS);
    for app in [ours().merge(theirs()), theirs().merge(ours())] {
        assert_eq!(readers(&app, "/one").await, [APP]);
        assert_eq!(readers(&app, "/nobody").await, [OTHER]);
    }
    let bare: Router = Router::new().fallback(plain).merge(ours());
    assert_eq!(readers(&bare, "/nobody").await, NOBODY);
}

#[tokio::test]
async fn two_methods_of_a_path_keep_their_defaults_in_either_order() {
    let ours = || at("/items").cors(&DEFAULT);
    let theirs = || {
        let routes = Router::<()>::new().route("/items", put(plain));
        routes.cors(&OTHERS)
    };
    for app in [ours().merge(theirs()), theirs().merge(ours())] {
        assert_eq!(readers(&app, "/items").await, [APP]);
        let sent = preflight("PUT", "/items").from(OTHER).to(&app).await;
        sent.is_allowed_preflight(OTHER).methods(&["PUT"]);
        let sent = preflight("PUT", "/items").from(APP).to(&app).await;
        sent.is_refused_preflight();
    }
}

#[tokio::test]
async fn axum_routes_keep_the_default_of_their_router() {
    let ours = || at("/one").cors(&DEFAULT);
    let theirs = || axums("/two").cors(&OTHERS);
    let nested = Router::new().nest("/in", ours().merge(theirs()));
    assert_eq!(readers(&nested, "/in/one").await, [APP]);
    assert_eq!(readers(&nested, "/in/two").await, [OTHER]);
    assert_eq!(readers(&nested, "/in/nobody").await, NOBODY);
    let with_fallback = at("/one").fallback(plain).merge(theirs());
    for app in [ours().merge(theirs()), theirs().merge(ours())] {
        assert_eq!(readers(&app, "/one").await, [APP]);
        assert_eq!(readers(&app, "/two").await, [OTHER]);
    }
    assert_eq!(readers(&with_fallback, "/two").await, [OTHER]);
    assert_eq!(readers(&with_fallback, "/nobody").await, NOBODY);
    let table = ours().merge(theirs()).policies().to_string();
    assert!(table.contains(OTHER), "{table}");
}

#[tokio::test]
async fn axum_routes_have_the_default_beside_an_annotated_fallback() {
    let app = axums("/two").fallback(annotated).cors(&OTHERS);
    assert_eq!(readers(&app, "/two").await, [OTHER]);
}

#[tokio::test]
async fn a_nested_annotated_fallback_does_not_apply_to_axum_routes() {
    let inner = axums("/x").fallback(annotated);
    let app: Router = Router::new().nest("/in", inner);
    request("GET", "/in/x")
        .from(ADMIN)
        .to(&app)
        .await
        .is_without_policy();
    let sent = preflight("GET", "/in/x").from(ADMIN).to(&app).await;
    sent.is(405).has_no_cors();
    assert_eq!(readers(&app, "/in/nobody").await, [ADMIN]);
}

#[tokio::test]
async fn two_axum_routers_keep_different_defaults() {
    let app = axums("/1").cors(&DEFAULT).merge(axums("/2").cors(&OTHERS));
    assert_eq!(readers(&app, "/1").await, [APP]);
    assert_eq!(readers(&app, "/2").await, [OTHER]);
    let app = axums("/1").merge(axums("/2").cors(&OTHERS));
    assert_eq!(readers(&app, "/1").await, NOBODY);
    assert_eq!(readers(&app, "/2").await, [OTHER]);
    let app = at("/").merge(axums("/1").cors(&OTHERS)).merge(axums("/2"));
    assert_eq!(readers(&app, "/1").await, [OTHER]);
    assert_eq!(readers(&app, "/2").await, NOBODY);
}

#[tokio::test]
async fn two_axum_routers_with_one_default() {
    let one_by_one = axums("/1").cors(&DEFAULT).merge(axums("/2").cors(&DEFAULT));
    let together = axums("/1").merge(axums("/2")).cors(&DEFAULT);
    let later = axums("/1").cors(&DEFAULT).merge(axums("/2"));
    for app in [one_by_one, together, later] {
        assert_eq!(readers(&app, "/1").await, [APP]);
        assert_eq!(readers(&app, "/2").await, [APP]);
    }
}
