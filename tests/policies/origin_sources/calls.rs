//! Tests when origin sources are called, and the effect of their result.

use std::sync::{LazyLock, Mutex};

use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use cors_runtime::axum::{Router, cors, routing::get};
use cors_runtime::{OriginList, Policy, RequestHead, policy};
use tower::ServiceExt as _;

use super::{allowed, bare, preflight, request, send, tenants, vary};

static LIST: OriginList = OriginList::new().allow_empty();
static LAZY: LazyLock<OriginList> =
    LazyLock::new(|| OriginList::try_from_iter(["https://lazy.example.com"]).unwrap());

#[cors(
    origins = ["https://app.example.com", tenants::allowed, LIST, self::LAZY],
    headers = ["content-type"],
    expose = ["location"],
    credentials,
)]
async fn items() -> &'static str {
    "items"
}

#[tokio::test]
async fn every_kind_of_entry_repeats_the_origin_of_the_request() {
    LIST.replace(["https://*.listed.example.com"]).unwrap();
    let app = Router::new().route("/items", get(items));
    for origin in [
        "https://app.example.com",
        "https://tenant.example.com",
        "https://blue.listed.example.com",
        "https://lazy.example.com",
    ] {
        let response = send(app.clone(), request(origin)).await;
        assert_eq!(allowed(&response), Some(origin));
        assert_eq!(
            response.headers()["access-control-allow-credentials"],
            "true"
        );
        assert_eq!(
            response.headers()["access-control-expose-headers"],
            "location"
        );
        assert_eq!(vary(&response), "Origin");

        let response = send(app.clone(), preflight(origin)).await;
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
        assert_eq!(allowed(&response), Some(origin));
    }
    let response = send(app.clone(), request("https://other.example.com")).await;
    assert_eq!((allowed(&response), vary(&response)), (None, "Origin"));
    let response = send(app.clone(), preflight("https://other.example.com")).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);

    let none = Request::get("/items").body(Body::empty()).unwrap();
    assert_eq!(vary(&send(app, none).await), "Origin");
}

static CALLED_WITH: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn remember(origin: &str, _: &RequestHead<'_>) -> bool {
    CALLED_WITH.lock().unwrap().push(origin.to_owned());
    false
}

#[cors(origins = ["https://app.example.com", remember])]
async fn remembered() {}

#[tokio::test]
async fn sources_receive_only_well_formed_origins() {
    let app = Router::new().route("/items", get(remembered));
    let long = format!("https://{}.example.com", "a".repeat(400));
    for junk in [
        "null",
        "",
        "*",
        "https://a.example.com/",
        "https://A.example.com",
        "https://a.example.com:443",
        "https://a.example.com https://b.example.com",
        "a.example.com",
        "file:///etc/passwd",
        &long,
    ] {
        let response = send(app.clone(), request(junk)).await;
        assert_eq!(allowed(&response), None, "{junk}");
    }
    let two = Request::get("/items")
        .header("origin", "https://a.example.com")
        .header("origin", "https://b.example.com");
    send(app.clone(), two.body(Body::empty()).unwrap()).await;
    let bytes = Request::get("/items").header("origin", &b"https://\xe9.example.com"[..]);
    send(app.clone(), bytes.body(Body::empty()).unwrap()).await;
    // An origin that equals an entry does not need the source.
    send(app.clone(), request("https://app.example.com")).await;
    assert_eq!(*CALLED_WITH.lock().unwrap(), [""; 0]);

    send(app, request("https://a.example.com:8443")).await;
    assert_eq!(*CALLED_WITH.lock().unwrap(), ["https://a.example.com:8443"]);
}

fn by_head(origin: &str, request: &RequestHead<'_>) -> bool {
    // The path is the same for a preflight and its actual request, in every adapter.
    assert_eq!(request.path(), "/items");
    assert_eq!(request.host(), Some("blue.api.example.com"));
    assert_eq!(request.header("Origin"), Some(origin.as_bytes()));
    assert_eq!(request.is_preflight(), request.method() == "OPTIONS");
    assert_eq!(
        request.header("cookie").is_some(),
        request.method() == "GET"
    );
    true
}

static BY_HEAD: Policy = policy! { origins = [by_head], headers = ["content-type"] };

#[cors(policy = BY_HEAD)]
async fn in_axum() {}

#[cors_runtime::http::cors(policy = BY_HEAD)]
async fn in_http(request: Request<Body>) -> Response<Body> {
    Response::new(request.into_body())
}

#[tokio::test]
async fn the_head_of_a_request_is_the_same_in_every_adapter() {
    let origin = "https://blue.example.com";
    let requests = || {
        let mut actual = request(origin);
        let mut preflight = preflight(origin);
        actual
            .headers_mut()
            .insert("cookie", "a=b".parse().unwrap());
        for request in [&mut actual, &mut preflight] {
            let host = "blue.api.example.com".parse().unwrap();
            request.headers_mut().insert("host", host);
        }
        [actual, preflight]
    };
    let layer = cors_runtime::tower::CorsLayer::new(&BY_HEAD);
    let service = tower::ServiceBuilder::new().layer(layer).service_fn(bare);
    for request in requests() {
        let app = Router::new().route("/items", get(in_axum));
        assert_eq!(allowed(&send(app, request).await), Some(origin));
    }
    for request in requests() {
        assert_eq!(allowed(&in_http(request).await), Some(origin));
    }
    for request in requests() {
        let response = service.clone().oneshot(request).await.unwrap();
        assert_eq!(allowed(&response), Some(origin));
    }
}

#[test]
fn the_host_in_http_2_is_the_authority_of_the_target() {
    let request = Request::get("https://api.example.com:8443/a%20b?c=d").body(());
    let request = request.unwrap();
    let head = RequestHead::from(&request);
    assert_eq!(head.host(), Some("api.example.com:8443"));
    assert_eq!(head.path(), "/a%20b");
    assert!(!head.is_preflight());
}

#[test]
fn debug_output_has_the_head_of_the_request() {
    let request = Request::get("https://api.example.com/items?page=2").body(());
    let output = format!("{:?}", RequestHead::from(&request.unwrap()));
    for part in ["GET", "/items", "api.example.com"] {
        assert!(output.contains(part), "{output}");
    }
    assert!(!output.contains("page"), "{output}");
}

fn panics(origin: &str, _: &RequestHead<'_>) -> bool {
    panic!("no database for {origin}");
}

#[cors(origins = [panics, tenants::allowed], methods = [GET])]
async fn panicking() -> &'static str {
    "served"
}

#[tokio::test]
async fn a_panic_in_a_source_denies_the_origin() {
    let app = Router::new().route("/items", get(panicking));
    let response = send(app.clone(), request("https://other.example.com")).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!((allowed(&response), vary(&response)), (None, "Origin"));
    let reason = response.headers()["cors-denied"].to_str().unwrap();
    assert!(reason.contains("panicked"), "{reason}");

    let response = send(app.clone(), preflight("https://other.example.com")).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    // Later entries are still checked.
    let response = send(app, request("https://tenant.example.com")).await;
    assert_eq!(allowed(&response), Some("https://tenant.example.com"));
}
