//! Tests the layer on and outside of axum's router and the router of this crate.

use std::cell::Cell;

use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ALLOW, AUTHORIZATION};
use axum::routing;
use cors_runtime::axum::{self as cors_axum, cors};
use cors_runtime::tower::CorsLayer;
use cors_runtime::{Policy, policy};
use tower::{Layer as _, ServiceBuilder};
use tower_http::validate_request::ValidateRequestHeaderLayer;

use crate::common::{ADMIN, APP, App, Reply, STRANGER, preflight, request};

static POLICY: Policy = policy! {
    origins = ["https://app.example", "https://admin.example"],
    methods = [PUT],
    headers = ["authorization"],
    credentials,
};

thread_local! {
    static RUNS: Cell<usize> = const { Cell::new(0) };
}

async fn plain() -> &'static str {
    RUNS.set(RUNS.get() + 1);
    "plain"
}

#[cors(origins = ["https://admin.example"], expose = ["x-strict"])]
async fn strict() -> &'static str {
    RUNS.set(RUNS.get() + 1);
    "strict"
}

#[cors(disabled)]
async fn disabled() -> &'static str {
    RUNS.set(RUNS.get() + 1);
    "disabled"
}

#[cors_runtime::http::cors(origins = ["https://admin.example"])]
async fn service(_: http::Request<Body>) -> Result<http::Response<Body>, std::convert::Infallible> {
    RUNS.set(RUNS.get() + 1);
    Ok(http::Response::default())
}

fn plain_router() -> axum::Router {
    axum::Router::new()
        .route("/items", routing::get(plain).put(plain))
        .route("/any", routing::any(plain))
        .route_service("/service", tower::service_fn(service))
}

fn our_router() -> cors_axum::Router {
    use cors_runtime::axum::routing::get;
    cors_axum::Router::new()
        .route("/items", get(plain).put(plain))
        .route("/strict", get(strict))
        .route("/disabled", get(disabled))
}

/// Removes `Allow`, which axum adds to the responses of its routing for unknown methods.
fn without_allow(mut reply: Reply) -> Reply {
    reply.headers.remove(ALLOW);
    reply
}

async fn assert_preflights_on_every_path(app: &impl App, seen: fn(Reply) -> Reply) {
    for path in ["/items", "/any", "/service", "/nowhere"] {
        let sent = preflight("PUT", path).from(APP);
        let reply = seen(sent.with_headers("authorization").to(app).await);
        reply
            .is_allowed_preflight(APP)
            .methods(&["PUT"])
            .credentials();
        for sent in [
            preflight("PATCH", path).from(APP),
            preflight("PUT", path).from(STRANGER),
        ] {
            seen(sent.to(app).await).is_refused_preflight();
        }
    }
    assert_eq!(RUNS.take(), 0);
}

async fn assert_headers_on_every_response(app: &impl App) {
    for (method, path, status) in [
        ("GET", "/items", 200),
        ("PUT", "/items", 200),
        ("DELETE", "/items", 405),
        ("OPTIONS", "/any", 200),
        ("GET", "/nowhere", 404),
    ] {
        let reply = request(method, path).from(APP).to(app).await;
        reply.is(status).allows(APP).credentials().vary(&["origin"]);
        let reply = request(method, path).from(STRANGER).to(app).await;
        reply.is(status).is_denied();
        request(method, path).to(app).await.is(status).is_denied();
    }
    RUNS.take();
}

#[tokio::test]
async fn as_a_layer_of_axums_router() {
    let app = plain_router().layer(CorsLayer::new(&POLICY));
    assert_preflights_on_every_path(&app, without_allow).await;
    assert_headers_on_every_response(&app).await;
}

#[tokio::test]
async fn outside_of_axums_router() {
    let app = ServiceBuilder::new()
        .layer(CorsLayer::new(&POLICY))
        .service(plain_router());
    assert_preflights_on_every_path(&app, |reply| reply).await;
    assert_headers_on_every_response(&app).await;
}

#[tokio::test]
async fn outside_of_nested_and_merged_routers() {
    let nested = plain_router().layer(CorsLayer::new(&POLICY));
    let app = axum::Router::new()
        .nest("/api", nested)
        .route("/items", routing::get(plain));
    let sent = preflight("PUT", "/api/items").from(APP).to(&app).await;
    without_allow(sent).is_allowed_preflight(APP);
    request("GET", "/api/items")
        .from(APP)
        .to(&app)
        .await
        .allows(APP);
    request("GET", "/items")
        .from(APP)
        .to(&app)
        .await
        .is_without_policy();
    let sent = preflight("GET", "/items").from(APP).to(&app).await;
    sent.is(405).is_without_policy();
}

#[tokio::test]
async fn outside_of_auth() {
    #[allow(deprecated, reason = "the simplest one that there is")]
    let auth = ValidateRequestHeaderLayer::bearer("secret");
    let app = plain_router().layer(auth).layer(CorsLayer::new(&POLICY));
    let sent = preflight("PUT", "/items").from(APP).to(&app).await;
    without_allow(sent).is_allowed_preflight(APP);
    let reply = request("GET", "/items").from(APP).to(&app).await;
    reply.is(401).allows(APP).credentials();
    let sent = request("GET", "/items").header(AUTHORIZATION, "Bearer secret");
    sent.from(APP).to(&app).await.is(200).allows(APP);
}

#[tokio::test]
async fn a_service_with_a_policy_on_a_route_keeps_its_policy() {
    for app in [
        plain_router().layer(CorsLayer::new(&POLICY)),
        axum::Router::new().fallback_service(CorsLayer::new(&POLICY).layer(plain_router())),
    ] {
        let reply = request("GET", "/service").from(ADMIN).to(&app).await;
        reply.is(200).allows(ADMIN).vary(&["origin"]);
        reply.lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);
        let reply = request("GET", "/service").from(APP).to(&app).await;
        reply
            .is(403)
            .has_no_cors()
            .vary(&["origin", "sec-fetch-site"]);
        assert_eq!(RUNS.take(), 1);
    }
}

/// The layer answers the preflights, and the handlers set the headers of their responses.
#[tokio::test]
async fn outside_of_our_router() {
    let app = CorsLayer::new(&POLICY).layer(our_router());
    for path in ["/items", "/strict", "/disabled", "/nowhere"] {
        preflight("PUT", path)
            .from(APP)
            .to(&app)
            .await
            .is_allowed_preflight(APP);
    }
    for (method, path, status) in [("GET", "/items", 200), ("GET", "/nowhere", 404)] {
        let reply = request(method, path).from(APP).to(&app).await;
        reply.is(status).allows(APP).credentials().vary(&["origin"]);
    }
    RUNS.take();
    let reply = request("GET", "/strict").from(ADMIN).to(&app).await;
    reply
        .is(200)
        .allows(ADMIN)
        .exposes(&["x-strict"])
        .vary(&["origin"]);
    reply.lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);
    request("GET", "/strict").to(&app).await.is(200).is_denied();
    request("GET", "/disabled")
        .to(&app)
        .await
        .is(200)
        .is_without_policy();
    assert_eq!(RUNS.take(), 3);
    for path in ["/strict", "/disabled"] {
        let reply = request("GET", path).from(APP).to(&app).await;
        reply
            .is(403)
            .has_no_cors()
            .vary(&["origin", "sec-fetch-site"]);
    }
    assert_eq!(RUNS.take(), 0);
    // The 405 of an annotated path has the headers of that path.
    let reply = request("DELETE", "/strict").from(ADMIN).to(&app).await;
    reply
        .is(405)
        .allows(ADMIN)
        .lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);
    let reply = request("DELETE", "/strict").from(APP).to(&app).await;
    reply.is(405).is_denied();
}

/// A layer of our router is inside of the router's own CORS. So annotated handlers keep their
/// policies, also for preflights.
#[tokio::test]
async fn as_a_layer_of_our_router() {
    let app = our_router().layer(CorsLayer::new(&POLICY));
    preflight("GET", "/strict")
        .from(ADMIN)
        .to(&app)
        .await
        .is_allowed_preflight(ADMIN);
    for path in ["/strict", "/disabled"] {
        preflight("GET", path)
            .from(APP)
            .to(&app)
            .await
            .is_refused_preflight();
    }
    let reply = preflight("PUT", "/items").from(APP).to(&app).await;
    without_allow(reply).is_allowed_preflight(APP).credentials();
    assert_eq!(RUNS.take(), 0);
    let reply = request("GET", "/strict").from(ADMIN).to(&app).await;
    reply
        .is(200)
        .allows(ADMIN)
        .exposes(&["x-strict"])
        .vary(&["origin"]);
    reply.lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);
    request("GET", "/strict")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .is_denied();
    let reply = request("GET", "/items").from(APP).to(&app).await;
    reply.allows(APP).credentials().vary(&["origin"]);
    let reply = request("GET", "/nowhere").from(APP).to(&app).await;
    reply.is(404).allows(APP).credentials();
}

/// Middleware between the layer and our router responds in place of a handler.
#[tokio::test]
async fn a_replaced_response_in_our_router_has_the_headers_of_the_handler() {
    let app = ServiceBuilder::new()
        .layer(CorsLayer::new(&POLICY))
        .map_response(|old: axum::response::Response| {
            let mut new = axum::response::Response::new(old.into_body());
            *new.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            new
        })
        .service(our_router());
    for (path, exposed) in [("/strict", &["x-strict"][..]), ("/items", &[])] {
        let reply = request("GET", path).from(ADMIN).to(&app).await;
        reply
            .is(503)
            .allows(ADMIN)
            .exposes(exposed)
            .vary(&["origin"]);
    }
    let reply = request("DELETE", "/strict").from(ADMIN).to(&app).await;
    reply
        .is(503)
        .allows(ADMIN)
        .lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);
}
