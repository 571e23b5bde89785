//! Tests `Router::cors` with inner endpoints that have policies unknown to the router. The inner
//! policies decide about the responses.

use std::convert::Infallible;

use axum::body::Body;
use axum::handler::Handler as _;
use axum::http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use axum::http::{Request, Response};
use axum::routing as plainly;
use cors_runtime::axum::routing::{any_service, get, put};
use cors_runtime::axum::{Router, cors, without_preflight};
use cors_runtime::tower::CorsLayer;
use cors_runtime::{Policy, http, policy};
use tower::{ServiceBuilder, ServiceExt as _, service_fn};

use crate::common::{ADMIN, APP, STRANGER, preflight, request};

static DEFAULT: Policy = policy! { origins = ["https://app.example"] };
static STRICT: Policy = policy! { origins = ["https://admin.example"] };

#[cors(policy = STRICT)]
async fn strict() -> &'static str {
    "strict"
}

async fn plain() -> &'static str {
    "plain"
}

#[http::cors(policy = STRICT)]
async fn service(_: Request<Body>) -> Result<Response<Body>, Infallible> {
    Ok(Response::new(Body::from("strict")))
}

#[http::cors(policy = STRICT)]
async fn handler(_: Request<Body>) -> Response<Body> {
    Response::new(Body::from("strict"))
}

/// Returns a handler that calls a router.
fn calls(inner: axum::Router) -> impl Fn(Request<Body>) -> CallFuture + Clone {
    move |request| inner.clone().oneshot(request)
}

type CallFuture = tower::util::Oneshot<axum::Router, Request<Body>>;

/// Returns apps with a default policy, that serve `/x` by an endpoint with its own policy.
fn apps() -> Vec<(&'static str, Router)> {
    let new = Router::<()>::new;
    let ours = || new().route("/x", get(strict));
    let axums = axum::Router::new;
    let layered = ServiceBuilder::new()
        .layer(CorsLayer::new(&STRICT))
        .service(plainly::get(plain));
    let apps = vec![
        ("a router in a service", new().fallback_service(ours())),
        ("a router of ours", Router::from(axum::Router::from(ours()))),
        ("merged", new().merge(axum::Router::from(ours()))),
        (
            "a method router",
            axums().route("/x", get(strict).into()).into(),
        ),
        (
            "without its preflight in ours",
            new().route("/x", get(without_preflight(strict))),
        ),
        ("a method router as a handler", new().fallback(get(strict))),
        (
            "without its preflight",
            axums()
                .route("/x", plainly::get(without_preflight(strict)))
                .into(),
        ),
        ("a layer", new().route_service("/x", layered)),
        ("a function", new().route_service("/x", service_fn(service))),
        (
            "on a path",
            new().route("/x", any_service(service_fn(service))),
        ),
        (
            "a layer on a handler",
            new().route("/x", get(plain.layer(CorsLayer::new(&STRICT)))),
        ),
        (
            "a layer on a method router",
            new().route("/x", get(plain).layer(CorsLayer::new(&STRICT))),
        ),
        (
            "a layer on a nested router",
            new().nest(
                "/x",
                new().route("/", get(plain)).layer(CorsLayer::new(&STRICT)),
            ),
        ),
        (
            "a layer on a fallback",
            new().fallback(plain).layer(CorsLayer::new(&STRICT)),
        ),
        (
            "a layer on a method fallback",
            new()
                .route("/x", put(plain))
                .method_not_allowed_fallback(plain)
                .layer(CorsLayer::new(&STRICT)),
        ),
        (
            "a function as a method fallback",
            new()
                .route("/x", put(plain))
                .method_not_allowed_fallback(handler),
        ),
        ("a function as a handler", new().route("/x", get(handler))),
        (
            "a closure that calls a router",
            new().route("/x", get(calls(ours().into()))),
        ),
    ];
    let apps = apps.into_iter();
    apps.map(|(name, app)| (name, app.cors(&DEFAULT))).collect()
}

#[tokio::test]
async fn the_inner_policy_sets_the_headers_of_the_response() {
    for (name, app) in apps() {
        println!("{name}");
        let reply = request("GET", "/x").from(ADMIN).to(&app).await;
        reply.is(200).allows(ADMIN).vary(&["origin"]);
        request("GET", "/x").to(&app).await.is(200).is_denied();
    }
}

#[tokio::test]
async fn the_default_does_not_allow_an_origin_that_the_inner_policy_denies() {
    for (name, app) in apps() {
        println!("{name}");
        for origin in [APP, STRANGER] {
            let reply = request("GET", "/x").from(origin).to(&app).await;
            reply.lacks(&ACCESS_CONTROL_ALLOW_ORIGIN);
            assert_ne!(reply.body, "strict", "{reply:#?}");
            assert_ne!(reply.body, "plain", "{reply:#?}");
        }
    }
}

#[tokio::test]
async fn an_annotated_fallback_beside_an_axum_router_answers_its_preflights() {
    let theirs = || axum::Router::new().route("/y", plainly::get(plain));
    let below = Router::new().nest("/x", theirs()).fallback(strict);
    let plain_siblings = Router::from(theirs()).fallback(strict);
    for app in [below.cors(&DEFAULT), plain_siblings.cors(&DEFAULT)] {
        let sent = preflight("GET", "/x").from(ADMIN).to(&app).await;
        sent.is_allowed_preflight(ADMIN);
        let reply = request("GET", "/x").from(ADMIN).to(&app).await;
        reply.is(200).has_body("strict").allows(ADMIN);
        for origin in [APP, STRANGER] {
            let sent = preflight("GET", "/x").from(origin).to(&app).await;
            sent.is_refused_preflight();
            let reply = request("GET", "/x").from(origin).to(&app).await;
            reply.is_denied();
        }
    }
}

#[tokio::test]
async fn a_refusal_names_the_policy_that_answered_the_preflight() {
    let app = Router::<()>::new()
        .route_service("/x", service_fn(service))
        .cors(&DEFAULT);
    preflight("GET", "/x").from(APP).to(&app).await.is(204);
    let reply = request("GET", "/x").from(APP).to(&app).await;
    let reason = reply.is(403).headers["cors-denied"].to_str().unwrap();
    assert!(reason.contains("`Router::cors`"), "{reason}");
}

#[tokio::test]
async fn plain_endpoints_have_the_default() {
    let app = Router::<()>::new()
        .route_service("/x", plainly::get(plain))
        .cors(&DEFAULT);
    request("GET", "/x")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .allows(APP);
    request("GET", "/x").from(ADMIN).to(&app).await.is_denied();
}
