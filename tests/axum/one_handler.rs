//! A layer on one annotated handler: `AnnotatedHandler::layer`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::{Path, Request, State};
use axum::handler::Handler;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use cors_runtime::axum::routing::{any, get, put};
use cors_runtime::axum::{AnnotatedHandler, Router, cors};
use tower_http::catch_panic::CatchPanicLayer;

use crate::common::{ADMIN, APP, get_allowed, panic_of, preflight, request};

#[cors(origins = ["https://app.example"])]
async fn show(State(shop): State<&'static str>, Path(id): Path<u32>) -> String {
    format!("{shop} {id}")
}

#[cors(origins = ["https://admin.example"])]
async fn replace(Path(id): Path<u32>, body: String) -> Result<String, StatusCode> {
    Ok(format!("{id} {body}"))
}

async fn plain() -> &'static str {
    "plain"
}

/// Counts the requests, and refuses all.
async fn refuse(State(calls): State<Arc<AtomicUsize>>, _: Request, _: Next) -> Response {
    calls.fetch_add(1, Ordering::SeqCst);
    StatusCode::TOO_MANY_REQUESTS.into_response()
}

async fn mark(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let marks = response.headers_mut();
    marks.append("x-mark", HeaderValue::from_static("marked"));
    response
}

#[tokio::test]
async fn a_layer_on_one_handler_is_inside_of_cors() {
    let calls = Arc::new(AtomicUsize::new(0));
    let limit = from_fn_with_state(Arc::clone(&calls), refuse);
    let items = put(replace.layer(limit)).get(show);
    let app = Router::new().route("/items/{id}", items).with_state("shop");

    get_allowed(&app, "/items/7")
        .await
        .is(200)
        .has_body("shop 7");
    let sent = preflight("PUT", "/items/7").from(ADMIN).to(&app).await;
    sent.is_allowed_preflight(ADMIN).methods(&["PUT"]);
    let sent = preflight("PUT", "/items/7").from(APP).to(&app).await;
    sent.is_refused_preflight();
    let not_allowed = request("DELETE", "/items/7").from(APP).to(&app).await;
    not_allowed.is(405).allows(APP);
    assert_eq!(calls.load(Ordering::SeqCst), 0);

    let limited = request("PUT", "/items/7").from(ADMIN).to(&app).await;
    limited.is(429).allows(ADMIN);
    let limited = request("PUT", "/items/7").from(APP).to(&app).await;
    limited.is(429).is_denied();
    assert_eq!(calls.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn layers_can_be_chained_on_a_handler() {
    let handler = show.layer(from_fn(mark)).layer(from_fn(mark));
    let app = Router::new()
        .route("/get/{id}", get(handler.clone()))
        .route("/any/{id}", any(handler.clone()))
        .route("/inner/{id}", get(plain).fallback(handler))
        .fallback(lost.layer(from_fn(mark)))
        .with_state("shop");
    for path in ["/get/7", "/any/7"] {
        let shown = get_allowed(&app, path).await;
        shown.is(200).has_body("shop 7").has_marks(2);
        let rejected = request("GET", &path.replace('7', "x")).from(APP);
        rejected.to(&app).await.is(400).allows(APP).has_marks(2);
    }
    let shown = request("POST", "/inner/7").from(APP).to(&app).await;
    shown.is(200).has_body("shop 7").allows(APP).has_marks(2);
    let head = request("HEAD", "/get/7").from(APP).to(&app).await;
    head.is(200).has_body("").allows(APP).has_marks(2);
    let lost = request("GET", "/other").from(APP).to(&app).await;
    lost.is(404).allows(APP).has_marks(1);
}

#[cors(origins = ["https://app.example"])]
async fn lost() -> StatusCode {
    StatusCode::NOT_FOUND
}

impl crate::common::Reply {
    #[track_caller]
    fn has_marks(&self, count: usize) -> &Self {
        assert_eq!(self.headers.get_all("x-mark").iter().count(), count);
        self
    }
}

#[cors(origins = ["https://app.example"])]
async fn panics() {
    panic!("on purpose");
}

/// Both traits have a method `layer`, and are in scope here.
#[tokio::test]
async fn plain_handlers_keep_the_method_of_axum() {
    let app: Router = Router::new()
        .route("/plain", get(plain.layer(from_fn(mark))))
        .route("/panics", get(panics.layer(CatchPanicLayer::new())));
    let reply = request("GET", "/plain").from(APP).to(&app).await;
    reply
        .is(200)
        .has_body("plain")
        .is_without_policy()
        .has_marks(1);
    get_allowed(&app, "/panics").await.is(500);
}

#[cors(origins = ["https://app.example"], methods = [GET])]
async fn gets() {}

#[test]
fn an_invalid_registration_still_panics() {
    let panic = panic_of(|| get::<_, _, ()>(gets).delete(gets.layer(from_fn(mark))));
    assert!(panic.message.contains("::gets"), "{}", panic.message);
    assert_eq!(panic.file, file!());
}
