//! Policies inside of a layer: each speaks for its own handler, and a loose layer lends nothing to a stricter one.

mod common;

use std::cell::Cell;
use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request as AxumRequest;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
    HOST, HeaderName, VARY,
};
use common::{ADMIN, APP, App, Reply, STRANGER, ask, preflight};
use cors_runtime::http::cors;
use cors_runtime::tower::CorsLayer;
use cors_runtime::{Policy, policy};
use http::{Method, Request, Response, StatusCode};
use tower::{Layer as _, ServiceBuilder, service_fn};
use tower_http::catch_panic::CatchPanicLayer;

const DENIED: HeaderName = HeaderName::from_static("cors-denied");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

static LOOSE: Policy = policy! {
    origins = ["https://app.example", "https://admin.example"],
    methods = [PUT],
    expose = ["x-loose"],
    credentials,
};
static ANY: Policy = policy! { origins = "*", methods = "*", headers = "*" };

thread_local! {
    static RUNS: Cell<usize> = const { Cell::new(0) };
}

/// How often a handler ran since this was asked last.
fn runs() -> usize {
    RUNS.take()
}

fn work() -> Response<Body> {
    RUNS.set(RUNS.get() + 1);
    Response::new(Body::from("work"))
}

#[cors(origins = ["https://admin.example"], methods = [PUT], expose = ["x-strict"])]
async fn strict(request: Request<Body>) -> Result<Response<Body>, Infallible> {
    if request.uri().path() == "/panic" {
        panic!("in the handler");
    }
    Ok(work())
}

#[cors(disabled)]
async fn disabled(_: Request<Body>) -> Result<Response<Body>, Infallible> {
    Ok(work())
}

#[cors(policy = LOOSE)]
async fn same(_: Request<Body>) -> Result<Response<Body>, Infallible> {
    Ok(work())
}

#[cors(origins = "*")]
async fn open(_: Request<Body>) -> Result<Response<Body>, Infallible> {
    Ok(work())
}

async fn plain(_: Request<Body>) -> Result<Response<Body>, Infallible> {
    Ok(work())
}

/// A layer with that handler inside.
macro_rules! around {
    ($policy:expr, $handler:path) => {
        CorsLayer::new($policy).layer(service_fn($handler))
    };
}

#[track_caller]
fn is_403_because(reply: &Reply, reason: &str) {
    assert_eq!(runs(), 0);
    reply.is(403).says("").has_no_cors();
    reply.vary(&["origin", "sec-fetch-site"]);
    let said = reply.lines(&DENIED).join(", ");
    assert!(said.contains(reason), "{said}");
    assert!(
        said.contains("of the policy at tests/tower_inside.rs:"),
        "{said}"
    );
}

#[tokio::test]
async fn a_handler_with_a_policy_says_what_its_response_carries() {
    let app = around!(&LOOSE, strict);
    let reply = ask("PUT", "/").from(ADMIN).to(&app).await;
    reply.is(200).says("work").allows(ADMIN).vary(&["origin"]);
    reply.exposes(&["x-strict"]);
    reply.lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);
    assert_eq!(runs(), 1);
    let app = around!(&LOOSE, open);
    let reply = ask("GET", "/").from(STRANGER).to(&app).await;
    reply.is(200).allows("*").lacks(&VARY);
    reply.lacks(&ACCESS_CONTROL_EXPOSE_HEADERS);
}

#[tokio::test]
async fn a_stricter_handler_does_not_run_for_what_it_refuses() {
    for app in [around!(&LOOSE, strict), around!(&ANY, strict)] {
        preflight("PUT", "/").from(APP).to(&app).await.is(204);
        for method in ["PUT", "GET", "POST", "OPTIONS"] {
            let reply = ask(method, "/").from(APP).to(&app).await;
            is_403_because(&reply, "a policy around the handler");
        }
        let reply = ask("PUT", "/").from("null").to(&app).await;
        is_403_because(&reply, "a policy around the handler");
    }
}

#[tokio::test]
async fn a_stricter_handler_runs_for_its_own_pages_and_for_nobodys() {
    let app = around!(&LOOSE, strict);
    let site = |site| ask("PUT", "/").from(APP).header(SEC_FETCH_SITE, site);
    for asked in [
        site("same-origin"),
        site("none"),
        ask("PUT", "/").from(APP).header(HOST, "app.example"),
        ask("PUT", "/").from(APP).header(HOST, "app.example:443"),
        ask("PUT", "https://app.example/").from(APP),
        ask("PUT", "/"),
    ] {
        asked.to(&app).await.is(200).says("work").is_unreadable();
        assert_eq!(runs(), 1);
    }
    for asked in [
        site("same-site"),
        site("cross-site"),
        site("same-origin").header(SEC_FETCH_SITE, "same-origin"),
        site("cross-site").header(HOST, "app.example"),
        ask("PUT", "/").from(APP).header(HOST, "app.example:80"),
        ask("PUT", "/").from(APP).header(HOST, "other.example"),
    ] {
        is_403_because(&asked.to(&app).await, "a policy around the handler");
    }
}

#[tokio::test]
async fn a_disabled_handler_has_no_headers_and_no_visitors() {
    for app in [around!(&LOOSE, disabled), around!(&ANY, disabled)] {
        let reply = ask("PUT", "/").from(APP).to(&app).await;
        is_403_because(&reply, "a policy around the handler");
        let same = ask("PUT", "/").from(APP).header(HOST, "app.example");
        same.to(&app).await.is(200).says("work").is_untouched();
        ask("GET", "/").to(&app).await.is(200).is_untouched();
        assert_eq!(runs(), 2);
    }
}

/// Nothing was lent: CORS by itself blocks nothing.
#[tokio::test]
async fn where_the_layer_has_the_handlers_own_policy_nothing_is_refused() {
    let app = around!(&LOOSE, same);
    ask("PUT", "/")
        .from(STRANGER)
        .to(&app)
        .await
        .is(200)
        .is_unreadable();
    let reply = ask("PUT", "/").from(APP).to(&app).await;
    reply.allows(APP).credentials().vary(&["origin"]);
    assert_eq!(runs(), 2);
}

#[tokio::test]
async fn without_a_layer_nothing_is_refused() {
    let app = service_fn(strict);
    ask("PUT", "/")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .is_unreadable();
    assert_eq!(runs(), 1);
}

#[tokio::test]
async fn of_layers_in_layers_the_outermost_answers_and_the_innermost_speaks() {
    static INNER: Policy = policy! { origins = ["https://admin.example"], expose = ["x-inner"] };
    let app = ServiceBuilder::new()
        .layer(CorsLayer::new(&ANY))
        .layer(CorsLayer::new(&INNER))
        .service(service_fn(plain));
    let asked = preflight("PATCH", "/").from(STRANGER).to(&app).await;
    asked.is_permission_for("*");
    let reply = ask("PATCH", "/").from(ADMIN).to(&app).await;
    reply
        .is(200)
        .allows(ADMIN)
        .exposes(&["x-inner"])
        .vary(&["origin"]);
    assert_eq!(runs(), 1);
    let reply = ask("PATCH", "/").from(STRANGER).to(&app).await;
    is_403_because(&reply, "a policy around the handler");

    let app = ServiceBuilder::new()
        .layer(CorsLayer::new(&LOOSE))
        .layer(CorsLayer::new(&ANY))
        .service(service_fn(strict));
    let reply = ask("PUT", "/").from(ADMIN).to(&app).await;
    reply.allows(ADMIN).exposes(&["x-strict"]).vary(&["origin"]);
    let reply = ask("PUT", "/").from(APP).to(&app).await;
    assert_eq!(runs(), 1);
    is_403_because(&reply, "a policy around the handler");
    // The outermost is the judge, whoever stands between.
    let app = ServiceBuilder::new()
        .layer(CorsLayer::new(&LOOSE))
        .layer(CorsLayer::new(&ANY))
        .service(service_fn(same));
    ask("PUT", "/")
        .from(STRANGER)
        .to(&app)
        .await
        .is(200)
        .is_unreadable();
    assert_eq!(runs(), 1);
}

#[tokio::test]
async fn one_policy_in_two_layers_is_one() {
    let policy = Policy::builder().origins([APP]).build();
    let policy = Arc::new(policy.expect("a sound policy"));
    let app = ServiceBuilder::new()
        .layer(CorsLayer::new(policy.clone()))
        .layer(CorsLayer::new(policy))
        .service(service_fn(plain));
    ask("GET", "/")
        .from(STRANGER)
        .to(&app)
        .await
        .is(200)
        .is_unreadable();
    ask("GET", "/")
        .from(APP)
        .to(&app)
        .await
        .allows(APP)
        .vary(&["origin"]);
}

/// What middleware between the layer and the handler answers in its place.
#[tokio::test]
async fn an_answer_made_between_carries_the_headers_of_the_handler() {
    let app = ServiceBuilder::new()
        .layer(CorsLayer::new(&LOOSE))
        .map_response(|response: Response<_>| response.map(Body::new))
        .layer(CatchPanicLayer::new())
        .service(service_fn(strict));
    let reply = ask("GET", "/panic").from(ADMIN).to(&app).await;
    reply
        .is(500)
        .allows(ADMIN)
        .exposes(&["x-strict"])
        .vary(&["origin"]);
    reply.lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);
    ask("GET", "/panic").to(&app).await.is(500).is_unreadable();
}

/// Middleware between that makes a new response, as if the handler had said nothing.
#[tokio::test]
async fn a_response_made_anew_carries_the_headers_of_the_handler() {
    let app = ServiceBuilder::new()
        .layer(CorsLayer::new(&LOOSE))
        .map_response(|old: Response<Body>| {
            let mut new = Response::new(old.into_body());
            *new.status_mut() = StatusCode::ACCEPTED;
            let own = http::HeaderValue::from_static("https://other.example");
            new.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, own);
            new
        })
        .service(service_fn(strict));
    let reply = ask("GET", "/").from(ADMIN).to(&app).await;
    reply
        .is(202)
        .allows(ADMIN)
        .exposes(&["x-strict"])
        .vary(&["origin"]);
}

/// The extension is the only link: without it each speaks for itself, and the layer last.
#[tokio::test]
async fn a_request_made_anew_hides_the_layer() {
    let app = ServiceBuilder::new()
        .layer(CorsLayer::new(&LOOSE))
        .map_request(|old: AxumRequest| {
            let mut new = Request::new(Body::empty());
            *new.headers_mut() = old.headers().clone();
            new
        })
        .service(service_fn(strict));
    let reply = ask("GET", "/").from(APP).to(&app).await;
    reply.is(200).allows(APP).credentials().vary(&["origin"]);
}

fn told() -> impl App {
    static STRICT: Policy =
        policy! { origins = ["https://admin.example"], methods = [DELETE], enforce };
    let layer = CorsLayer::new(&LOOSE).policies_inside(|method, uri| {
        let is_strict = uri.path() == "/strict" && *method == Method::DELETE;
        is_strict.then_some(&STRICT)
    });
    layer.layer(service_fn(plain))
}

#[tokio::test]
async fn a_layer_that_is_told_answers_for_the_policies_inside() {
    let app = told();
    let reply = preflight("DELETE", "/strict").from(ADMIN).to(&app).await;
    reply.is_permission_for(ADMIN).methods(&["DELETE"]);
    reply.lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);
    let refused = preflight("DELETE", "/strict").from(APP).to(&app).await;
    refused.is_refusal();
    // Another method or path is the layer's.
    for (method, path) in [("PUT", "/strict"), ("PUT", "/")] {
        let reply = preflight(method, path).from(APP).to(&app).await;
        reply.is_permission_for(APP).methods(&["PUT"]).credentials();
    }
    let elsewhere = preflight("DELETE", "/").from(APP).to(&app).await;
    elsewhere.is_refusal();
    assert_eq!(runs(), 0);
}

#[tokio::test]
async fn a_layer_that_is_told_keeps_to_the_policies_inside() {
    let app = told();
    let reply = ask("DELETE", "/strict").from(APP).to(&app).await;
    is_403_because(&reply, "this origin is not in `origins`");
    let reply = ask("DELETE", "/strict").from(ADMIN).to(&app).await;
    reply.is(200).allows(ADMIN);
    reply.lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);
    let reply = ask("PUT", "/strict").from(APP).to(&app).await;
    reply.is(200).allows(APP).credentials();
    assert_eq!(runs(), 2);
}

#[tokio::test]
async fn where_the_layer_is_told_right_nothing_is_judged_elsewhere() {
    static STRICT: Policy = policy! { origins = ["https://admin.example"] };
    #[cors(policy = STRICT)]
    async fn told(_: Request<Body>) -> Result<Response<Body>, Infallible> {
        Ok(work())
    }
    let layer = CorsLayer::new(&LOOSE).policies_inside(|_, _| Some(&STRICT));
    let app = layer.layer(service_fn(told));
    preflight("PUT", "/").from(APP).to(&app).await.is_refusal();
    ask("GET", "/")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .is_unreadable();
    ask("GET", "/").from(ADMIN).to(&app).await.allows(ADMIN);
    assert_eq!(runs(), 2);
}
