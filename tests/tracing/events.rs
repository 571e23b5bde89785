//! Tests the events of the feature `tracing` for refusals.

use cors_runtime::http::cors;
use cors_runtime::tower::CorsLayer;
use cors_runtime::{OriginList, Policy, RequestHead, policy};
use http::{HeaderValue, Request, Response};
use tower::{Layer, ServiceExt, service_fn};
use tracing::Level;

use crate::log::Log;

#[cors(origins = ["https://app.example.com"], headers = ["x-token"])]
fn handle(_: Request<()>) -> Response<String> {
    Response::default()
}

#[cors(origins = ["https://app.example.com"], enforce)]
fn enforced(_: Request<()>) -> Response<String> {
    Response::default()
}

/// Returns the log at a level, while a request is served.
fn log(level: Level, request: Request<()>) -> String {
    log_of(level, || drop(handle(request)))
}

fn log_of(level: Level, run: impl FnOnce()) -> String {
    let log = Log::default();
    let subscriber = log.subscriber(level);
    tracing::subscriber::with_default(subscriber, run);
    log.take()
}

fn preflight(origin: &[u8], headers: &str) -> Request<()> {
    Request::builder()
        .method("OPTIONS")
        .header("origin", HeaderValue::from_bytes(origin).expect("a value"))
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", headers)
        .body(())
        .expect("a request")
}

#[test]
fn a_refused_preflight_logs_the_request_and_the_policy() {
    let log = log(
        Level::INFO,
        preflight(b"https://app.example.com", "x-other"),
    );
    for part in [
        "INFO",
        "preflight refused",
        "`headers`",
        "x-other",
        "https://app.example.com",
        "tests/tracing/events.rs:",
    ] {
        assert!(log.contains(part), "{part} is not in {log}");
    }
    assert_eq!(log.lines().count(), 1, "{log}");
}

#[test]
fn values_of_the_request_are_escaped_and_truncated() {
    let mut origin = b"https://\xff\"\t".to_vec();
    origin.extend([b'a'; 5000]);
    let log = log(Level::INFO, preflight(&origin, ""));
    assert!(log.contains(r"https://\xff"), "{log}");
    assert!(!log.contains('\t') && log.len() < 1000, "{log}");
}

#[test]
fn an_allowed_preflight_is_not_logged() {
    assert_eq!(
        log(
            Level::TRACE,
            preflight(b"https://app.example.com", "x-token")
        ),
        ""
    );
}

#[test]
fn an_actual_request_from_another_origin_is_logged_at_debug_level() {
    let request = || {
        let request = Request::builder().header("origin", "https://other.example");
        request.body(()).expect("a request")
    };
    assert_eq!(log(Level::INFO, request()), "");
    assert!(log(Level::DEBUG, request()).contains("https://other.example"));
    let own = Request::builder().body(()).expect("a request");
    assert_eq!(log(Level::TRACE, own), "");
}

fn no_database(_: &str, _: &RequestHead<'_>) -> bool {
    panic!("no database");
}

static ORIGINS: OriginList = OriginList::from_env("NO_SUCH_VARIABLE_OF_CORS");

#[cors(origins = [no_database])]
fn panicking(_: Request<()>) -> Response<String> {
    Response::default()
}

#[cors(origins = [ORIGINS])]
fn unready(_: Request<()>) -> Response<String> {
    Response::default()
}

#[test]
fn a_source_that_cannot_decide_is_logged_as_an_error() {
    let request = || preflight(b"https://app.example.com", "");
    let log = log_of(Level::ERROR, || drop(panicking(request())));
    for part in [
        "ERROR",
        "it panicked",
        "no_database",
        "tests/tracing/events.rs:",
    ] {
        assert!(log.contains(part), "{part} is not in {log}");
    }
    let log = log_of(Level::ERROR, || drop(unready(request())));
    for part in ["ERROR", "`NO_SUCH_VARIABLE_OF_CORS` is not set", "ORIGINS"] {
        assert!(log.contains(part), "{part} is not in {log}");
    }
}

#[test]
fn a_refused_request_is_logged_with_the_reason() {
    let request = Request::builder().method("DELETE").uri("/item");
    let request = request.header("origin", "https://other.example");
    let request = request.body(()).expect("a request");
    let log = log_of(Level::INFO, || drop(enforced(request)));
    for part in [
        "INFO",
        "request refused",
        "`origins`",
        "DELETE",
        "https://other.example",
        "tests/tracing/events.rs:",
    ] {
        assert!(log.contains(part), "{part} is not in {log}");
    }
    assert_eq!(log.lines().count(), 1, "{log}");
}

#[test]
fn a_refusal_inside_of_a_layer_is_logged_once() {
    static LOOSE: Policy = policy! { origins = ["https://other.example"] };

    let service =
        service_fn(|request| async { Ok::<_, std::convert::Infallible>(handle(request)) });
    let request = Request::builder().header("origin", "https://other.example");
    let request = request.body(()).expect("a request");
    let log = log_of(Level::DEBUG, || {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let answer = CorsLayer::new(&LOOSE).layer(service).oneshot(request);
        let answer = runtime.expect("a runtime").block_on(answer);
        assert_eq!(answer.map(|answer| answer.status().as_u16()), Ok(403));
    });
    assert!(log.contains("an outer policy"), "{log}");
    assert_eq!(log.lines().count(), 1, "{log}");
}
