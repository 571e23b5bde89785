//! Tests `disabled`: no page of another origin can call the handler, with any other configuration.

use std::cell::Cell;
use std::convert::Infallible;
use std::sync::LazyLock;

use axum::body::Body;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, HOST, HeaderName, VARY,
};
use axum::response::Response;
use axum::{Json, routing};
use cors_runtime::axum::routing::{any, get, post};
use cors_runtime::axum::{MethodRouter, Router, cors, without_preflight};
use cors_runtime::tower::CorsLayer;
use cors_runtime::{Policy, policy};
use tower::{Layer as _, service_fn};

use crate::common::{APP, App, STRANGER, preflight, request};

const DENIED: HeaderName = HeaderName::from_static("cors-denied");

static DEFAULT: Policy = policy! {
    origins = ["https://app.example"],
    methods = [PUT],
    credentials,
};

/// A policy that is disabled in a configuration.
static OFF: LazyLock<Policy> = LazyLock::new(|| {
    let policy = serde_json::from_str(r#"{ "origins": "*", "disabled": true }"#);
    policy.expect("a valid policy")
});
static NONE: LazyLock<Policy> = LazyLock::new(|| Policy::disabled());

thread_local! {
    static RUNS: Cell<usize> = const { Cell::new(0) };
}

/// Returns a response with CORS headers, which a handler should not set.
fn work() -> Response {
    RUNS.set(RUNS.get() + 1);
    let response = Response::builder()
        .header(ACCESS_CONTROL_ALLOW_ORIGIN, "*")
        .header(ACCESS_CONTROL_EXPOSE_HEADERS, "*")
        .body(Body::from("work"));
    response.expect("a response")
}

#[cors_runtime::http::cors(disabled)]
async fn function(_: http::Request<Body>) -> Result<http::Response<Body>, Infallible> {
    Ok(work())
}

#[cors_runtime::http::cors(disabled = true)]
fn plain_function(_: http::Request<Body>) -> http::Response<Body> {
    work()
}

#[cors(disabled)]
async fn handler() -> Response {
    work()
}

/// The policy does not need `content-type`, because pages of other origins cannot send JSON.
#[cors(disabled)]
async fn json(Json(_): Json<u8>) -> Response {
    work()
}

#[cors_runtime::http::cors(policy = OFF)]
async fn function_off(_: http::Request<Body>) -> Result<http::Response<Body>, Infallible> {
    Ok(work())
}

#[cors_runtime::http::cors(policy = NONE)]
fn plain_function_off(_: http::Request<Body>) -> http::Response<Body> {
    work()
}

#[cors(policy = OFF)]
async fn handler_off() -> Response {
    work()
}

/// The policy is not known at compile time, and does not need `content-type` when it is mounted.
#[cors(policy = NONE)]
async fn json_off(Json(_): Json<u8>) -> Response {
    work()
}

async fn refuses_preflights(app: &impl App) {
    for method in ["GET", "POST", "PUT", ""] {
        for origin in [APP, STRANGER, "null", ""] {
            let reply = preflight(method, "/").from(origin).to(app).await;
            reply.is_refused_preflight();
            let reason = reply.lines(&DENIED).join(", ");
            assert!(
                reason.starts_with("CORS is disabled for this handler"),
                "{reason}"
            );
        }
    }
    assert_eq!(RUNS.take(), 0);
}

/// The response does not have `Vary` either, because it is the same for every origin.
async fn runs_without_headers(app: &impl App) {
    for origin in [APP, STRANGER, "null", ""] {
        let reply = request("GET", "/").from(origin).to(app).await;
        reply.is(200).has_body("work").is_without_policy();
    }
    let reply = request("GET", "/").to(app).await;
    reply.is(200).has_body("work").is_without_policy();
    reply.lacks(&DENIED);
    assert_eq!(RUNS.take(), 5);
}

#[tokio::test]
async fn disabled_on_a_whole_service() {
    let app = service_fn(function);
    refuses_preflights(&app).await;
    runs_without_headers(&app).await;
    let app = service_fn(async |request| Ok::<_, Infallible>(plain_function(request)));
    refuses_preflights(&app).await;
    runs_without_headers(&app).await;
}

#[tokio::test]
async fn disabled_on_an_axum_handler() {
    let app = Router::new().route("/", any(handler));
    refuses_preflights(&app).await;
    runs_without_headers(&app).await;
    let app = Router::new().fallback(handler);
    refuses_preflights(&app).await;
    runs_without_headers(&app).await;
    let handlers: MethodRouter = get(handler).post(handler).put(handler);
    let app = axum::Router::new().route("/", handlers.into());
    runs_without_headers(&app).await;
    let app = axum::Router::new().route("/", routing::get(without_preflight(handler)));
    runs_without_headers(&app).await;
}

#[tokio::test]
async fn disabled_with_a_default_policy() {
    let app = Router::new().route("/", any(handler)).cors(&DEFAULT);
    refuses_preflights(&app).await;
    runs_without_headers(&app).await;
}

#[tokio::test]
async fn disabled_by_configuration_on_a_whole_service() {
    let app = service_fn(function_off);
    refuses_preflights(&app).await;
    runs_without_headers(&app).await;
    let app = service_fn(async |request| Ok::<_, Infallible>(plain_function_off(request)));
    refuses_preflights(&app).await;
    runs_without_headers(&app).await;
}

#[tokio::test]
async fn disabled_by_configuration_on_an_axum_handler() {
    let app = Router::new().route("/", any(handler_off));
    refuses_preflights(&app).await;
    runs_without_headers(&app).await;
    let app = Router::new().route("/", any(handler_off)).cors(&DEFAULT);
    refuses_preflights(&app).await;
    runs_without_headers(&app).await;
    let app = Router::new().fallback(handler_off);
    refuses_preflights(&app).await;
    runs_without_headers(&app).await;
}

#[tokio::test]
async fn disabled_by_configuration_on_a_json_handler() {
    let app = Router::new().route("/", post(json_off).get(handler_off));
    preflight("POST", "/")
        .from(APP)
        .to(&app)
        .await
        .is_refused_preflight();
    let reply = request("POST", "/").from(APP).json("1").to(&app).await;
    reply.is(200).has_body("work").is_without_policy();
    assert_eq!(RUNS.take(), 1);
}

#[tokio::test]
async fn disabled_by_configuration_as_a_default_policy() {
    let app = Router::new()
        .route("/", routing::any(async || work()))
        .cors(&OFF);
    refuses_preflights(&app).await;
    runs_without_headers(&app).await;
}

#[tokio::test]
async fn disabled_by_configuration_on_a_layer() {
    for layer in [CorsLayer::new(&OFF), CorsLayer::new(Policy::disabled())] {
        let app = layer.layer(service_fn(async |_: http::Request<Body>| {
            Ok::<_, Infallible>(work())
        }));
        refuses_preflights(&app).await;
        runs_without_headers(&app).await;
    }
}

/// A layer answers the preflights of all inner handlers. The disabled handler still does not run.
#[tokio::test]
async fn disabled_inside_of_a_layer() {
    let function = CorsLayer::new(&DEFAULT).layer(service_fn(function));
    allows_only_its_own_origin(&function).await;
    let router = CorsLayer::new(&DEFAULT).layer(Router::new().route("/", any(handler)));
    allows_only_its_own_origin(&router).await;
    let router = CorsLayer::new(&DEFAULT).layer(Router::new().route("/", any(handler_off)));
    allows_only_its_own_origin(&router).await;
}

async fn allows_only_its_own_origin(app: &impl App) {
    let sent = preflight("PUT", "/").from(APP);
    sent.to(app).await.is_allowed_preflight(APP);
    for origin in [APP, STRANGER, "null"] {
        let reply = request("PUT", "/").from(origin).to(app).await;
        reply.is(403).has_body("").has_no_cors();
        reply.vary(&["origin", "sec-fetch-site"]);
    }
    assert_eq!(RUNS.take(), 0);
    let own = request("PUT", "/").from(APP).header(HOST, "app.example");
    own.to(app)
        .await
        .is(200)
        .has_body("work")
        .is_without_policy();
    request("GET", "/")
        .to(app)
        .await
        .is(200)
        .is_without_policy();
    assert_eq!(RUNS.take(), 2);
}

#[tokio::test]
async fn disabled_beside_other_handlers_of_the_path() {
    #[cors(origins = ["https://app.example"])]
    async fn list() {}
    let app = Router::new().route("/", get(list).put(handler).post(json));
    let reply = preflight("GET", "/").from(APP).to(&app).await;
    reply.is_allowed_preflight(APP).methods(&["GET"]);
    for method in ["PUT", "POST"] {
        let sent = preflight(method, "/").from(APP).to(&app).await;
        sent.is_refused_preflight();
    }
    let reply = request("PUT", "/").from(APP).to(&app).await;
    reply.is(200).has_body("work").is_without_policy();
    let rejected = request("POST", "/")
        .from(APP)
        .body("no JSON")
        .to(&app)
        .await;
    rejected.is(415).is_without_policy();
    // The 405 of a path with a policy is readable.
    let reply = request("DELETE", "/").from(APP).to(&app).await;
    reply.is(405).allows(APP);
}

#[tokio::test]
async fn a_405_beside_only_disabled_handlers_has_no_policy() {
    let app = Router::new().route("/", get(handler));
    let reply = request("DELETE", "/").from(APP).to(&app).await;
    reply.is(405).has_no_cors().lacks(&VARY);
}

#[test]
fn the_table_lists_disabled_handlers() {
    let app = Router::<()>::new().route("/", get(handler));
    let table = app.policies().to_string();
    assert!(table.contains("disabled"), "{table}");
}
