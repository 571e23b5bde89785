//! Sends requests as a page, as a page of a rebound name, and as other clients.

use axum::body::Body;
use axum::http::request::Builder;
use axum::http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::app;

const PAGE: &str = "http://localhost:5173";
const VARY_REFUSED: &str = "Origin, Sec-Fetch-Site";

fn initialize() -> Value {
    json!({
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": { "name": "test", "version": "1" },
        },
    })
}

fn post(host: &str) -> Builder {
    Request::post("/mcp")
        .header("host", host)
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream")
}

async fn send(request: Builder, body: &Value) -> Response<Body> {
    let request = request.body(Body::from(body.to_string()));
    let Ok(response) = app().oneshot(request.expect("a request")).await;
    response
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Checks that the request is refused before the server sees it.
#[track_caller]
fn is_refused(response: &Response<Body>) {
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    let headers = response.headers();
    assert_eq!(header(headers, "vary"), Some(VARY_REFUSED));
    assert_eq!(header(headers, "access-control-allow-origin"), None);
    assert_eq!(header(headers, "mcp-session-id"), None);
}

#[tokio::test]
async fn the_listed_page_opens_a_session() {
    let request = post("localhost:3000").header("origin", PAGE);
    let response = send(request, &initialize()).await;
    assert_eq!(response.status(), StatusCode::OK);
    let headers = response.headers();
    assert_eq!(header(headers, "access-control-allow-origin"), Some(PAGE));
    let exposed = header(headers, "access-control-expose-headers");
    assert_eq!(exposed, Some("mcp-session-id"));
    assert!(headers.contains_key("mcp-session-id"));
    let mut body = response.into_body();
    let mut text = String::new();
    while !text.contains("serverInfo") {
        let frame = body.frame().await.expect("an event").expect("a frame");
        let data = frame.into_data().expect("data");
        text += std::str::from_utf8(&data).expect("text");
    }
}

#[tokio::test]
async fn a_client_without_an_origin_opens_a_session() {
    for host in [
        "localhost:3000",
        "127.0.0.1:3000",
        "[::1]:3000",
        "localhost",
    ] {
        let response = send(post(host), &initialize()).await;
        assert_eq!(response.status(), StatusCode::OK, "{host}");
        assert!(response.headers().contains_key("mcp-session-id"));
    }
}

#[tokio::test]
async fn a_preflight_of_the_listed_page_is_allowed() {
    let preflight = |origin| {
        Request::options("/mcp")
            .header("host", "localhost:3000")
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header(
                "access-control-request-headers",
                "content-type,mcp-session-id",
            )
    };
    let response = send(preflight(PAGE), &Value::Null).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    let response = send(preflight("https://evil.example"), &Value::Null).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    let response = send(preflight("null"), &Value::Null).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
}

/// "If the `Origin` header is present and invalid, servers MUST respond with HTTP 403 Forbidden."
#[tokio::test]
async fn a_foreign_origin_is_refused() {
    for origin in ["https://evil.example", "null", "http://localhost:5174"] {
        let request = post("localhost:3000").header("origin", origin);
        is_refused(&send(request, &initialize()).await);
    }
}

#[tokio::test]
async fn a_rebound_host_is_refused() {
    let rebound = || post("rebound.example:3000");
    is_refused(&send(rebound(), &initialize()).await);
    let same_origin = rebound()
        .header("origin", "http://rebound.example:3000")
        .header("sec-fetch-site", "same-origin");
    is_refused(&send(same_origin, &initialize()).await);
    let listed = rebound().header("origin", PAGE);
    is_refused(&send(listed, &initialize()).await);
}

#[tokio::test]
async fn a_missing_header_is_an_error_that_the_page_can_read() {
    let without_host = Request::post("/mcp").header("content-type", "application/json");
    is_refused(&send(without_host, &initialize()).await);

    let tools = json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/list" });
    // A request after the first needs `Mcp-Session-Id`, and each request needs `Accept`.
    let without_session = post("localhost:3000").header("origin", PAGE);
    let without_accept = Request::post("/mcp")
        .header("host", "localhost:3000")
        .header("origin", PAGE)
        .header("content-type", "application/json");
    for (request, status) in [
        (without_session, StatusCode::BAD_REQUEST),
        (without_accept, StatusCode::NOT_ACCEPTABLE),
    ] {
        let response = send(request, &tools).await;
        assert_eq!(response.status(), status);
        let allowed = header(response.headers(), "access-control-allow-origin");
        assert_eq!(allowed, Some(PAGE));
    }
}
