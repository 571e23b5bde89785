//! Tests that a change of a router applies to later requests, but not to its clones.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use cors_runtime::axum::routing::get;
use cors_runtime::axum::{Router, cors};

use crate::common::{ADMIN, APP, preflight, request};

#[cors(origins = ["https://app.example"])]
async fn list() -> &'static str {
    "list"
}

#[cors(origins = ["https://admin.example"])]
async fn create() -> &'static str {
    "create"
}

#[cors(origins = ["https://app.example"])]
async fn lost() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "lost")
}

async fn plain() -> &'static str {
    "plain"
}

fn items() -> Router {
    Router::new().route("/items", get(list).post(create))
}

#[tokio::test]
async fn a_changed_clone_uses_its_own_policies() {
    let app = items();
    request("GET", "/items").from(APP).to(&app).await.is(200);
    let more = app.clone().route("/more", get(create));
    request("GET", "/more")
        .from(ADMIN)
        .to(&more)
        .await
        .is(200)
        .allows(ADMIN);
    preflight("GET", "/more")
        .from(ADMIN)
        .to(&more)
        .await
        .is_allowed_preflight(ADMIN);
    request("GET", "/more")
        .from(ADMIN)
        .to(&app)
        .await
        .is(404)
        .is_without_policy();
    assert_ne!(app.policies(), more.policies());
}

#[tokio::test]
async fn changes_after_a_request_apply() {
    let used = items();
    request("GET", "/items").from(APP).to(&used).await.is(200);
    let other = || Router::new().route("/more", get(create));
    let merged = used.clone().merge(other());
    preflight("GET", "/more")
        .from(ADMIN)
        .to(&merged)
        .await
        .is_allowed_preflight(ADMIN);
    let nested = used.clone().nest("/in", other());
    preflight("GET", "/in/more")
        .from(ADMIN)
        .to(&nested)
        .await
        .is_allowed_preflight(ADMIN);
    let fallback = used.clone().fallback(lost);
    request("GET", "/unknown")
        .from(APP)
        .to(&fallback)
        .await
        .has_body("lost")
        .allows(APP);
    let reset = fallback.clone().reset_fallback();
    request("GET", "/unknown")
        .from(APP)
        .to(&reset)
        .await
        .is(404)
        .is_without_policy();
    let service = used
        .clone()
        .route_service("/service", axum::routing::get(plain));
    request("GET", "/service")
        .to(&service)
        .await
        .has_body("plain");
    let service = used.clone().nest_service("/service", other());
    request("GET", "/service/more")
        .from(ADMIN)
        .to(&service)
        .await
        .allows(ADMIN);
    let service = used.clone().fallback_service(axum::routing::get(plain));
    request("GET", "/unknown")
        .to(&service)
        .await
        .has_body("plain");
    let refusing = used.clone().method_not_allowed_fallback(lost_405);
    request("PUT", "/items")
        .from(APP)
        .to(&refusing)
        .await
        .has_body("405")
        .allows(APP);
    let auth = || from_fn(async |_: Request, _: Next| StatusCode::UNAUTHORIZED);
    for guarded in [used.clone().layer(auth()), used.clone().route_layer(auth())] {
        request("GET", "/items")
            .from(APP)
            .to(&guarded)
            .await
            .is(401)
            .allows(APP);
        preflight("GET", "/items")
            .from(APP)
            .to(&guarded)
            .await
            .is_allowed_preflight(APP);
    }
    let stateless: Router = used.with_state(());
    preflight("GET", "/items")
        .from(APP)
        .to(&stateless)
        .await
        .is_allowed_preflight(APP);
}

async fn lost_405() -> (StatusCode, &'static str) {
    (StatusCode::METHOD_NOT_ALLOWED, "405")
}

#[tokio::test]
async fn a_clone_of_a_method_router_is_independent() {
    let one = get(list);
    let two = one.clone().post(create);
    let app: Router = Router::new().route("/one", one).route("/two", two);
    preflight("POST", "/one")
        .from(ADMIN)
        .to(&app)
        .await
        .is_refused_preflight();
    preflight("POST", "/two")
        .from(ADMIN)
        .to(&app)
        .await
        .is_allowed_preflight(ADMIN);
}

#[tokio::test]
async fn into_service_responds_as_the_router_does() {
    let mut app = items();
    let owned = app.clone().into_service::<axum::body::Body>();
    preflight("GET", "/items")
        .from(APP)
        .to(&owned)
        .await
        .is_allowed_preflight(APP);
    let borrowed = app.as_service::<axum::body::Body>();
    preflight("GET", "/items")
        .from(APP)
        .to(&borrowed)
        .await
        .is_allowed_preflight(APP);
}

#[test]
fn has_routes_is_the_same_as_in_axum() {
    assert!(!Router::<()>::new().has_routes());
    assert!(!Router::<()>::default().fallback(lost).has_routes());
    assert!(items().has_routes());
    assert!(Router::<()>::new().nest("/in", items()).has_routes());
    assert!(!Router::from(axum::Router::<()>::new()).has_routes());
}
