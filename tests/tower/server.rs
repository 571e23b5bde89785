//! Tests the layer under hyper on a real socket, with a real client: a service function, and
//! gRPC-Web by tonic.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cors_runtime::tower::CorsLayer;
use cors_runtime::{Policy, policy};
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, VARY,
};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body, Bytes, Incoming};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tonic_health::ServingStatus;
use tonic_web::GrpcWebLayer;
use tower::{Service, ServiceBuilder, service_fn};

const APP: &str = "https://app.example";
const STRANGER: &str = "https://stranger.example";

/// Serves connections of HTTP/1 and HTTP/2 while the test runs.
async fn serve<S, B>(service: S) -> SocketAddr
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>,
    S: Clone + Send + 'static,
    S::Future: Send,
    B: Body<Data = Bytes, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = TowerToHyperService::new(service.clone());
            tokio::spawn(async move {
                let server = auto::Builder::new(TokioExecutor::new());
                let connection = server.serve_connection(TokioIo::new(stream), service);
                // A client may close its connection.
                let _ = connection.await;
            });
        }
    });
    address
}

struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

async fn send(
    address: SocketAddr,
    (method, path): (&str, &str),
    headers: &[(&str, &str)],
    body: &'static [u8],
) -> Reply {
    let request = Request::builder()
        .method(method)
        .uri(format!("http://{address}{path}"));
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, *value)
    });
    let request = request.body(Full::new(body)).expect("a request");
    let client = Client::builder(TokioExecutor::new()).build_http();
    let response = client.request(request).await.expect("a response");
    let (parts, body) = response.into_parts();
    Reply {
        status: parts.status,
        headers: parts.headers,
        body: body.collect().await.expect("a body").to_bytes(),
    }
}

#[tokio::test]
async fn hyper_serves_a_function_inside_of_the_layer() {
    static POLICY: Policy = policy! { origins = ["https://app.example"], methods = [PUT] };
    let calls = Arc::new(AtomicUsize::new(0));
    let counter = calls.clone();
    let echo = service_fn(move |request: Request<Incoming>| {
        counter.fetch_add(1, Ordering::SeqCst);
        async {
            let body = request.into_body().collect().await.expect("a body");
            Ok::<_, Infallible>(Response::new(Full::new(body.to_bytes())))
        }
    });
    let service = ServiceBuilder::new()
        .layer(CorsLayer::new(&POLICY))
        .service(echo);
    let address = serve(service).await;

    let sent = [("origin", APP), ("access-control-request-method", "PUT")];
    // The body is not read.
    let reply = send(address, ("OPTIONS", "/"), &sent, b"unread").await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT);
    assert_eq!(reply.headers[ACCESS_CONTROL_ALLOW_ORIGIN], APP);
    assert_eq!(reply.headers[ACCESS_CONTROL_ALLOW_METHODS], "PUT");
    let sent = [
        ("origin", STRANGER),
        ("access-control-request-method", "PUT"),
    ];
    let reply = send(address, ("OPTIONS", "/"), &sent, b"").await;
    assert_eq!(
        (reply.status, &reply.body[..]),
        (StatusCode::FORBIDDEN, &b""[..])
    );
    assert!(!reply.headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN));
    assert_eq!(calls.load(Ordering::SeqCst), 0);

    let reply = send(address, ("PUT", "/"), &[("origin", APP)], b"hello").await;
    assert_eq!(
        (reply.status, &reply.body[..]),
        (StatusCode::OK, &b"hello"[..])
    );
    assert_eq!(reply.headers[ACCESS_CONTROL_ALLOW_ORIGIN], APP);
    assert_eq!(reply.headers[VARY], "Origin");
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

static GRPC: Policy = policy! {
    origins = ["https://app.example"],
    headers = ["content-type", "x-grpc-web", "x-user-agent", "grpc-timeout"],
    expose = ["grpc-status", "grpc-message"],
};

const CHECK: (&str, &str) = ("POST", "/grpc.health.v1.Health/Check");

/// Returns a health service for the service `app`.
async fn grpc() -> SocketAddr {
    let (reporter, health) = tonic_health::server::health_reporter();
    reporter
        .set_service_status("app", ServingStatus::Serving)
        .await;
    let service = ServiceBuilder::new()
        .layer(CorsLayer::new(&GRPC))
        .layer(GrpcWebLayer::new())
        .service(health);
    serve(service).await
}

/// Sends a gRPC-Web request from the given origin.
async fn check(origin: &str, message: &'static [u8]) -> Reply {
    let headers = [
        ("origin", origin),
        ("content-type", "application/grpc-web+proto"),
        ("x-grpc-web", "1"),
    ];
    send(grpc().await, CHECK, &headers, message).await
}

#[tokio::test]
async fn the_preflight_of_a_grpc_web_request_is_answered() {
    let sent = [
        ("origin", APP),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type,x-grpc-web"),
    ];
    let reply = send(grpc().await, ("OPTIONS", CHECK.1), &sent, b"").await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT);
    assert_eq!(reply.headers[ACCESS_CONTROL_ALLOW_ORIGIN], APP);
    let names = "content-type, x-grpc-web, x-user-agent, grpc-timeout";
    assert_eq!(reply.headers[ACCESS_CONTROL_ALLOW_HEADERS], names);
    assert!(
        !reply.headers.contains_key("grpc-status"),
        "tonic was not asked"
    );
}

/// The body consists of a frame of data, and a frame of trailers.
#[tokio::test]
async fn a_page_can_read_the_response_and_the_trailers_of_a_grpc_web_request() {
    // `service = "app"`, as field 1, in a frame of 5 bytes.
    let reply = check(APP, b"\0\0\0\0\x05\x0a\x03app").await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.headers[ACCESS_CONTROL_ALLOW_ORIGIN], APP);
    assert_eq!(
        reply.headers[ACCESS_CONTROL_EXPOSE_HEADERS],
        "grpc-status, grpc-message"
    );
    assert_eq!(reply.headers["content-type"], "application/grpc-web+proto");
    // `status = SERVING`, which is 1, as field 1, in a frame of 2 bytes.
    let (message, trailers) = reply.body.split_at(7);
    assert_eq!(message, b"\0\0\0\0\x02\x08\x01");
    // The highest bit is for trailers; four bytes of length follow.
    assert_eq!(trailers[0], 0x80);
    assert_eq!(&trailers[5..], b"grpc-status:0\r\n");
}

/// A response with only a status has the status in its headers. A page can read the headers that
/// are exposed.
#[tokio::test]
async fn a_page_can_read_the_status_of_a_failed_grpc_web_request() {
    let reply = check(APP, b"\0\0\0\0\x06\x0a\x04none").await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.headers["grpc-status"], "5");
    assert!(
        reply.headers.contains_key("grpc-message"),
        "{:?}",
        reply.headers
    );
    assert_eq!(reply.headers[ACCESS_CONTROL_ALLOW_ORIGIN], APP);
    assert_eq!(
        reply.headers[ACCESS_CONTROL_EXPOSE_HEADERS],
        "grpc-status, grpc-message"
    );
    // tonic-web itself responds to this request.
    let headers = [("origin", APP), ("content-type", "application/grpc-web")];
    let reply = send(grpc().await, ("PUT", CHECK.1), &headers, b"").await;
    assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(reply.headers[ACCESS_CONTROL_ALLOW_ORIGIN], APP);
}

#[tokio::test]
async fn another_origin_cannot_read_a_grpc_web_response() {
    let reply = check(STRANGER, b"\0\0\0\0\x05\x0a\x03app").await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(!reply.headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN));
    assert!(!reply.headers.contains_key(ACCESS_CONTROL_EXPOSE_HEADERS));
    assert_eq!(reply.headers[VARY], "Origin");
}
