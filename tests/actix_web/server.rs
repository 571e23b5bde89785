//! Tests an `HttpServer` with two workers on a real socket, with the client of hyper.

use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread;

use actix_web::dev::ServiceRequest;
use actix_web::error::ErrorUnauthorized;
use actix_web::{App, Error, HttpServer, get, post, web};
use actix_web_httpauth::extractors::bearer::BearerAuth;
use actix_web_httpauth::middleware::HttpAuthentication;
use axum::body::Body;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_METHOD, AUTHORIZATION, ORIGIN,
};
use axum::http::request::Builder;
use axum::http::{HeaderMap, Request, Version};
use cors_runtime::actix_web::{Cors, cors, resource};
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;

use crate::common::{ADMIN, APP, STRANGER};

#[cors(origins = ["https://app.example", "https://*.app.example"], max_age = "1h", credentials)]
#[get("/items")]
async fn list() -> String {
    format!("{:?}", thread::current().id())
}

#[cors(origins = ["https://admin.example"], headers = ["content-type"])]
#[post("/items")]
async fn create(name: web::Json<String>) -> String {
    name.into_inner()
}

#[cors(origins = "*")]
async fn open() -> &'static str {
    "open"
}

async fn check(
    request: ServiceRequest,
    auth: BearerAuth,
) -> Result<ServiceRequest, (Error, ServiceRequest)> {
    match auth.token() {
        "token" => Ok(request),
        _ => Err((ErrorUnauthorized("no"), request)),
    }
}

/// Runs the server on its own thread, until the process of the tests ends.
fn served() -> SocketAddr {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = HttpServer::new(|| {
                App::new().service(list).service(create).service(
                    web::scope("/auth")
                        .service(list)
                        .service(resource("/open").get(open))
                        .wrap(HttpAuthentication::with_fn(check))
                        .wrap(Cors::outermost()),
                )
            });
            let server = server
                .workers(2)
                .bind_auto_h2c("127.0.0.1:0")
                .expect("a port");
            sender.send(server.addrs()[0]).expect("a test");
            server.run().await
        })
    });
    receiver.recv().expect("an address")
}

/// Opens a new connection for each request, so that the workers take turns.
async fn answer(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&axum::http::HeaderName, &str)],
) -> (u16, HeaderMap, String) {
    let mut request = Request::builder()
        .method(method)
        .uri(format!("http://{address}{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    answer_over(false, request).await
}

async fn answer_over(is_http2: bool, request: Builder) -> (u16, HeaderMap, String) {
    let client = Client::builder(TokioExecutor::new())
        .http2_only(is_http2)
        .build_http();
    let request = request.body(Body::empty()).expect("a request");
    let response = client.request(request).await.expect("a response");
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    let body = String::from_utf8(body.to_vec()).expect("text");
    (parts.status.as_u16(), parts.headers, body)
}

#[tokio::test]
async fn every_worker_applies_every_policy() {
    let address = served();
    let mut workers = std::collections::HashSet::new();
    // Sends seven requests in each round, so that all of them reach both workers.
    for _ in 0..8 {
        let origin = [(&ORIGIN, "https://a.app.example")];
        let (status, headers, worker) = answer(address, "GET", "/items", &origin).await;
        assert_eq!(status, 200);
        assert_eq!(
            headers[ACCESS_CONTROL_ALLOW_ORIGIN],
            "https://a.app.example"
        );
        workers.insert(worker);
        for (method, origin, expected) in [
            ("GET", APP, 204),
            ("GET", ADMIN, 403),
            ("POST", ADMIN, 204),
            ("POST", APP, 403),
            ("PUT", APP, 404),
            ("PUT", ADMIN, 404),
        ] {
            let sent = [(&ORIGIN, origin), (&ACCESS_CONTROL_REQUEST_METHOD, method)];
            let (status, headers, body) = answer(address, "OPTIONS", "/items", &sent).await;
            assert_eq!((status, &*body), (expected, ""), "{method} {origin}");
            assert_eq!(
                headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN),
                expected == 204
            );
        }
    }
    assert_eq!(workers.len(), 2, "both workers had requests");
}

#[tokio::test]
async fn preflights_are_answered_before_auth() {
    let address = served();
    for (path, origin, expected) in [
        ("/auth/items", APP, Some(APP)),
        ("/auth/items", STRANGER, None),
        ("/auth/open", STRANGER, Some("*")),
    ] {
        let sent = [(&ORIGIN, origin), (&ACCESS_CONTROL_REQUEST_METHOD, "GET")];
        let (status, headers, _) = answer(address, "OPTIONS", path, &sent).await;
        assert_eq!(
            status,
            if expected.is_some() { 204 } else { 403 },
            "{path} {origin}"
        );
        let allowed = headers.get(ACCESS_CONTROL_ALLOW_ORIGIN);
        assert_eq!(allowed.map(|value| value.to_str().expect("text")), expected);
        let (status, headers, _) = answer(address, "GET", path, &[(&ORIGIN, origin)]).await;
        assert_eq!(status, 401);
        let allowed = headers.get(ACCESS_CONTROL_ALLOW_ORIGIN);
        assert_eq!(allowed.map(|value| value.to_str().expect("text")), expected);
        let token = [(&ORIGIN, origin), (&AUTHORIZATION, "Bearer token")];
        assert_eq!(answer(address, "GET", path, &token).await.0, 200);
    }
    let sent = [(&ORIGIN, APP), (&ACCESS_CONTROL_REQUEST_METHOD, "GET")];
    assert_eq!(answer(address, "OPTIONS", "/auth/none", &sent).await.0, 401);
}

#[tokio::test]
async fn http2_requests_are_supported() {
    let address = served();
    for (path, origin, expected) in [
        ("/items", APP, 204),
        ("/items", STRANGER, 403),
        ("/auth/items", APP, 204),
        ("/auth/none", APP, 401),
    ] {
        let request = || Request::builder().uri(format!("http://{address}{path}"));
        let sent = request().method("OPTIONS").version(Version::HTTP_2);
        let sent = sent
            .header(ORIGIN, origin)
            .header(ACCESS_CONTROL_REQUEST_METHOD, "GET");
        let (status, headers, _) = answer_over(true, sent).await;
        assert_eq!(status, expected, "{path} {origin}");
        assert_eq!(
            headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN),
            expected == 204
        );
        let sent = request().version(Version::HTTP_2).header(ORIGIN, origin);
        let (_, headers, _) = answer_over(true, sent).await;
        assert_eq!(
            headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN),
            expected == 204
        );
    }
}
