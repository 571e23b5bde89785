//! Tests the layer outside of any service: the preflights that it answers, and the headers that it
//! adds and preserves.

use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
    ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use cors_runtime::tower::CorsLayer;
use cors_runtime::{Policy, policy};
use http_body_util::Full;
use tower::{Layer as _, ServiceBuilder, ServiceExt as _, service_fn};

use crate::common::{APP, App, STRANGER, preflight, request};

static POLICY: Policy = policy! {
    origins = ["https://app.example", "https://*.app.example"],
    methods = [PUT, DELETE],
    headers = ["content-type", "x-one"],
    expose = ["x-total"],
    max_age = "10m",
    credentials,
};
static BARE: Policy = policy! { origins = ["https://app.example"] };
static OPEN: Policy = policy! { origins = "*", methods = "*", headers = "*" };
static LAZY: LazyLock<Policy> = LazyLock::new(built);

fn built() -> Policy {
    let policy = Policy::builder().origins([APP]).methods(["PUT", "DELETE"]);
    policy.build().expect("a valid policy")
}

/// The number of calls of the inner service.
#[derive(Clone, Default)]
struct Calls(Arc<AtomicUsize>);

impl Calls {
    #[track_caller]
    fn are(&self, expected: usize) {
        assert_eq!(self.0.load(Ordering::SeqCst), expected);
    }
}

/// Returns a service that counts its calls. It copies the headers of the request that start with
/// `x-set-` into the response.
fn counted(layer: &CorsLayer) -> (Calls, impl App + use<>) {
    let calls = Calls::default();
    let counter = calls.clone();
    let service = layer.layer(service_fn(move |request: Request| {
        counter.0.fetch_add(1, Ordering::SeqCst);
        async move { Ok::<_, Infallible>(work(&request)) }
    }));
    (calls, service)
}

fn work(request: &Request) -> Response {
    let mut response = Response::new(Body::from(request.method().to_string()));
    for (name, value) in request.headers() {
        if let Some(name) = name.as_str().strip_prefix("x-set-") {
            let name = HeaderName::try_from(name).expect("a name");
            response.headers_mut().append(name, value.clone());
        }
    }
    response
}

fn set(name: &HeaderName) -> HeaderName {
    HeaderName::try_from(format!("x-set-{name}")).expect("a name")
}

#[tokio::test]
async fn preflights_are_answered_without_calling_the_service() {
    let (calls, app) = counted(&CorsLayer::new(&POLICY));
    for method in ["PUT", "DELETE", "GET", "HEAD", "POST"] {
        let sent = preflight(method, "/any/path?query").from(APP);
        let reply = sent.with_headers("content-type,x-one").to(&app).await;
        reply.is_allowed_preflight(APP).credentials().max_age("600");
        reply.methods(&["PUT", "DELETE"]);
        reply.allowed_headers(&["content-type", "x-one"]);
        reply.lacks(&ACCESS_CONTROL_EXPOSE_HEADERS);
    }
    for sent in [
        preflight("PUT", "/").from(STRANGER),
        preflight("PATCH", "/").from(APP),
        preflight("PUT", "/").from(APP).with_headers("x-other"),
        preflight("", "/").from(APP),
        preflight("PUT", "/").from(""),
        preflight("PUT", "/").from(APP).from(APP),
        preflight("PUT", "/")
            .from(APP)
            .header(ACCESS_CONTROL_REQUEST_METHOD, "PUT"),
    ] {
        sent.to(&app).await.is_refused_preflight();
    }
    calls.are(0);
}

#[tokio::test]
async fn without_methods_the_safelisted_methods_are_allowed() {
    let (calls, app) = counted(&CorsLayer::new(&BARE));
    let reply = preflight("POST", "/").from(APP).to(&app).await;
    reply
        .is_allowed_preflight(APP)
        .methods(&["GET", "HEAD", "POST"]);
    reply.lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);
    reply.lacks(&ACCESS_CONTROL_MAX_AGE);
    preflight("PUT", "/")
        .from(APP)
        .to(&app)
        .await
        .is_refused_preflight();
    calls.are(0);
}

#[tokio::test]
async fn requests_that_are_not_preflights_reach_the_service() {
    let (calls, app) = counted(&CorsLayer::new(&POLICY));
    let options = request("OPTIONS", "/").from(APP).to(&app).await;
    options.is(200).has_body("OPTIONS").allows(APP);
    let without_origin = preflight("PUT", "/").to(&app).await;
    without_origin.is(200).has_body("OPTIONS").is_denied();
    let other_method = request("PUT", "/").header(ACCESS_CONTROL_REQUEST_METHOD, "PUT");
    let other_method = other_method.from(APP).to(&app).await;
    other_method.is(200).has_body("PUT").allows(APP);
    calls.are(3);
}

#[tokio::test]
async fn responses_get_the_headers_of_the_policy() {
    let (calls, app) = counted(&CorsLayer::new(&POLICY));
    let reply = request("PUT", "/")
        .from("https://a.app.example")
        .to(&app)
        .await;
    reply
        .is(200)
        .has_body("PUT")
        .allows("https://a.app.example");
    reply.credentials().exposes(&["x-total"]).vary(&["origin"]);
    let refused = request("PUT", "/").from(STRANGER).to(&app).await;
    // CORS alone does not refuse requests.
    refused.is(200).has_body("PUT").is_denied();
    request("GET", "/").to(&app).await.is(200).is_denied();
    calls.are(3);
}

#[tokio::test]
async fn cors_headers_of_the_service_are_replaced() {
    let (_, app) = counted(&CorsLayer::new(&BARE));
    let sent = |origin: &str| {
        let sent = request("GET", "/").from(origin);
        let sent = sent.header(set(&ACCESS_CONTROL_ALLOW_ORIGIN), "*");
        sent.header(set(&ACCESS_CONTROL_EXPOSE_HEADERS), "secret")
    };
    let reply = sent(APP).to(&app).await;
    reply.allows(APP).lacks(&ACCESS_CONTROL_EXPOSE_HEADERS);
    sent(STRANGER).to(&app).await.is_denied();
}

#[tokio::test]
async fn vary_is_merged() {
    let (_, app) = counted(&CorsLayer::new(&BARE));
    for (own, merged) in [
        ("accept", &["accept", "origin"][..]),
        ("accept, ORIGIN", &["accept", "origin"]),
        ("*", &["*"]),
    ] {
        let sent = request("GET", "/").header(set(&VARY), own);
        sent.from(APP).to(&app).await.vary(merged);
    }
}

#[tokio::test]
async fn a_wildcard_sets_headers_on_every_response() {
    let (calls, app) = counted(&CorsLayer::new(&OPEN));
    for sent in [
        request("GET", "/"),
        request("GET", "/").from(STRANGER),
        request("GET", "/").from("").from("x"),
    ] {
        sent.to(&app).await.is(200).allows("*").lacks(&VARY);
    }
    calls.are(3);
    let sent = preflight("CHICKEN", "/").from(STRANGER);
    let reply = sent.with_headers("x-any").to(&app).await;
    reply.is_allowed_preflight("*").methods(&["*"]);
    preflight("G T", "/")
        .from(APP)
        .to(&app)
        .await
        .is_refused_preflight();
    calls.are(3);
}

#[tokio::test]
async fn a_policy_can_be_static_or_owned() {
    for layer in [
        CorsLayer::new(&POLICY),
        CorsLayer::new(&LAZY),
        CorsLayer::new(built()),
        CorsLayer::new(built()).clone(),
    ] {
        let (_, app) = counted(&layer);
        let reply = preflight("PUT", "/").from(APP).to(&app).await;
        reply.is_allowed_preflight(APP).methods(&["PUT", "DELETE"]);
        request("PUT", "/").from(APP).to(&app).await.allows(APP);
        request("PUT", "/")
            .from(STRANGER)
            .to(&app)
            .await
            .is_denied();
    }
}

/// A body that is neither `Clone` nor `'static`.
#[tokio::test]
async fn a_body_only_has_to_be_default() {
    let greeting = String::from("hello");
    let borrowing = service_fn(async |request: http::Request<u8>| {
        let answer = format!("{greeting} {}", request.body());
        Ok::<_, Infallible>(http::Response::new(answer))
    });
    let mut service = CorsLayer::new(&BARE).layer(borrowing);
    let request = http::Request::builder().header(ORIGIN, APP).body(7);
    let service = service.ready().await.expect("infallible");
    let response = service.oneshot(request.expect("a request")).await;
    let response = response.expect("infallible");
    assert_eq!(response.body(), "hello 7");
    assert_eq!(response.headers()[ACCESS_CONTROL_ALLOW_ORIGIN], APP);

    let service = ServiceBuilder::new()
        .layer(CorsLayer::new(&BARE))
        .service_fn(async |_: http::Request<()>| {
            Ok::<_, Infallible>(http::Response::new(Full::new(&b"hello"[..])))
        });
    let request = http::Request::options("/")
        .header(ORIGIN, APP)
        .header(ACCESS_CONTROL_REQUEST_METHOD, "GET");
    let response = service.oneshot(request.body(()).expect("a request")).await;
    let response = response.expect("infallible");
    assert_eq!(response.status(), 204);
    assert_eq!(response.headers()[ACCESS_CONTROL_ALLOW_ORIGIN], APP);
}

#[tokio::test]
async fn errors_are_returned_unchanged() {
    let failing = service_fn(async |_: Request| Err::<Response, _>("broken"));
    let service = CorsLayer::new(&BARE).layer(failing);
    let request = http::Request::get("/").header(ORIGIN, APP);
    let request = request.body(Body::empty()).expect("a request");
    let error = service.oneshot(request).await.expect_err("an error");
    assert_eq!(error, "broken");
}

#[tokio::test]
async fn malformed_origins_are_denied() {
    let (calls, app) = counted(&CorsLayer::new(&POLICY));
    let long = format!("https://{}.app.example", "a.".repeat(200));
    let odd = [
        "",
        "null",
        "https://\u{e4}.app.example",
        "https://x/.app.example",
        &long,
    ];
    for origin in odd {
        request("GET", "/")
            .from(origin)
            .to(&app)
            .await
            .is(200)
            .is_denied();
        preflight("PUT", "/")
            .from(origin)
            .to(&app)
            .await
            .is_refused_preflight();
    }
    let twice = request("GET", "/").from(APP).from(APP).to(&app).await;
    twice.is(200).is_denied();
    calls.are(odd.len() + 1);
    assert!(HeaderValue::from_str(&long).is_ok_and(|origin| origin.len() > 326));
}
