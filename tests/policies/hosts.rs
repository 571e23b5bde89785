//! Tests `hosts` on real servers: which requests are refused before user code runs.

use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread;

use axum::http::StatusCode;
use cors_runtime::axum::routing::{any, get};
use cors_runtime::axum::{Router, cors};
use cors_runtime::tower::CorsLayer;
use cors_runtime::{Policy, policy};
use http::Request;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::common::{APP, STRANGER, preflight, request};

static LOCAL: Policy = policy! {
    origins = ["https://app.example"],
    enforce,
    hosts = ["localhost:*"],
};

#[cors(policy = LOCAL)]
async fn handler() -> &'static str {
    "handler"
}

#[cors(origins = ["https://app.example"])]
async fn lenient() -> &'static str {
    "lenient"
}

async fn serve_axum(app: axum::Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async { axum::serve(listener, app).await });
    address
}

async fn axum() -> SocketAddr {
    serve_axum(Router::new().route("/", get(handler)).into()).await
}

/// Starts a server with a `CorsLayer` outside of a service without a policy.
async fn tower() -> SocketAddr {
    let app = axum::Router::new().route("/", axum::routing::get(async || "handler"));
    serve_axum(app.layer(CorsLayer::new(&LOCAL))).await
}

/// Starts a server on its own thread.
fn actix_web() -> SocketAddr {
    use cors_runtime::actix_web::cors;

    #[cors(policy = LOCAL)]
    #[actix_web::get("/")]
    async fn handler() -> &'static str {
        "handler"
    }
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = actix_web::HttpServer::new(|| actix_web::App::new().service(handler));
            let server = server.workers(1).bind("127.0.0.1:0").expect("a port");
            sender.send(server.addrs()[0]).expect("a receiver");
            server.run().await
        })
    });
    receiver.recv().expect("an address")
}

/// Sends a request as text. Returns the status and the body.
async fn send(address: SocketAddr, head: &[&str]) -> (u16, String) {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let request = format!("{}\r\nConnection: close\r\n\r\n", head.join("\r\n"));
    let sent = stream.write_all(request.as_bytes()).await;
    sent.expect("written");
    let mut response = String::new();
    let received = stream.read_to_string(&mut response).await;
    received.expect("a response");
    let status = response.split(' ').nth(1).expect("a status");
    let body = response.split("\r\n\r\n").nth(1).unwrap_or_default();
    (status.parse().expect("a number"), body.to_owned())
}

#[track_caller]
fn is_served((status, body): &(u16, String)) {
    assert_eq!(*status, 200);
    assert!(body.contains("handler"), "{body}");
}

#[track_caller]
fn is_refused((status, body): &(u16, String)) {
    // Servers refuse some of the requests themselves.
    assert!(matches!(status, 400 | 403), "{status}");
    assert!(!body.contains("handler"), "{body}");
}

async fn hosts_in_http1(address: SocketAddr) {
    let host = format!("Host: localhost:{}", address.port());
    let host = host.as_str();
    let served: [&[_]; 5] = [
        &["GET / HTTP/1.1", host],
        &["GET / HTTP/1.1", host, "Origin: https://app.example"],
        &["GET / HTTP/1.1", "hOST: LocalHost"],
        &["GET http://localhost/ HTTP/1.1", host],
        &["GET / HTTP/1.0", host],
    ];
    for head in served {
        is_served(&send(address, head).await);
    }
    let refused: [&[_]; 10] = [
        &["GET / HTTP/1.1", "Host: rebound.example"],
        &["GET / HTTP/1.1"],
        &["GET / HTTP/1.0"],
        &["GET / HTTP/1.1", "Host:"],
        &["GET / HTTP/1.1", host, host],
        &["GET / HTTP/1.1", host, "Host: rebound.example"],
        &["GET http://rebound.example/ HTTP/1.1", host],
        &["GET http://localhost/ HTTP/1.1", "Host: rebound.example"],
        &["GET / HTTP/1.1", host, "Origin: https://stranger.example"],
        // A page of a rebound name is same-origin.
        &[
            "GET / HTTP/1.1",
            "Host: rebound.example",
            "Origin: http://rebound.example",
            "Sec-Fetch-Site: same-origin",
        ],
    ];
    for head in refused {
        is_refused(&send(address, head).await);
    }
}

#[tokio::test]
async fn hosts_of_axum() {
    hosts_in_http1(axum().await).await;
}

#[tokio::test]
async fn hosts_of_tower() {
    hosts_in_http1(tower().await).await;
}

#[tokio::test]
async fn hosts_of_actix_web() {
    hosts_in_http1(actix_web()).await;
}

async fn status_over_http2(address: SocketAddr, authority: &str, host: Option<&str>) -> StatusCode {
    let stream = TcpStream::connect(address).await.expect("a connection");
    let handshake = http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
    let (mut sender, connection) = handshake.await.expect("a connection");
    tokio::spawn(connection);
    let mut request = Request::get(format!("http://{authority}/"));
    if let Some(host) = host {
        request = request.header("host", host);
    }
    let request = request.body(String::new()).expect("a request");
    let response = sender.send_request(request).await;
    response.expect("a response").status()
}

#[tokio::test]
async fn hosts_in_http2() {
    for address in [axum().await, tower().await] {
        let status = |authority, host| status_over_http2(address, authority, host);
        assert_eq!(status("localhost:3000", None).await, 200);
        assert_eq!(status("rebound.example", None).await, 403);
        assert_eq!(status("localhost:3000", Some("rebound.example")).await, 403);
        assert_eq!(status("rebound.example", Some("localhost:3000")).await, 403);
    }
}

#[tokio::test]
async fn each_handler_has_its_own_hosts() {
    let handlers = get(handler).post(lenient).put(async || "plain");
    let app = Router::new().route("/", handlers);
    let at = |method| request(method, "/").header(http::header::HOST, "rebound.example");
    at("GET").to(&app).await.is(403).has_no_cors();
    at("HEAD").to(&app).await.is(403).has_no_cors();
    at("POST").to(&app).await.is(200).has_body("lenient");
    at("PUT").to(&app).await.is(200).has_body("plain");
    // No handler serves the method.
    at("DELETE").to(&app).await.is(405).has_no_cors();
    let preflight = preflight("GET", "/").from(APP);
    let preflight = preflight.header(http::header::HOST, "rebound.example");
    preflight.to(&app).await.is_refused_preflight();
}

#[tokio::test]
async fn hosts_of_a_default_policy() {
    let app = Router::new()
        .route("/plain", any(async || "plain"))
        .route("/lenient", get(lenient))
        .cors(&LOCAL);
    let at = |path, host| request("GET", path).header(http::header::HOST, host);
    at("/plain", "localhost").to(&app).await.is(200);
    at("/plain", "rebound.example").to(&app).await.is(403);
    at("/nowhere", "rebound.example").to(&app).await.is(403);
    // The handler has its own policy.
    at("/lenient", "rebound.example").to(&app).await.is(200);
    let stranger = at("/plain", "localhost").from(STRANGER);
    stranger.to(&app).await.is(403).has_no_cors();
}

#[tokio::test]
async fn hosts_are_checked_before_origin_sources_are_called() {
    fn panics(_: &str, _: &cors_runtime::RequestHead<'_>) -> bool {
        panic!("called")
    }
    #[cors(origins = [panics], enforce, hosts = ["localhost"])]
    async fn sourced() {}

    let app = Router::new().route("/", get(sourced));
    let sent = request("GET", "/").from(APP);
    let reply = sent
        .header(http::header::HOST, "rebound.example")
        .to(&app)
        .await;
    let denied = reply.is(403).headers["cors-denied"].to_str();
    let denied = denied.expect("text");
    assert!(
        denied.starts_with("the host of the request is not in `hosts`"),
        "{denied}"
    );
    let reply = request("GET", "/").from(APP).to(&app).await;
    let denied = reply.is(403).headers["cors-denied"].to_str();
    let denied = denied.expect("text");
    assert!(
        denied.starts_with("the request does not have exactly one host"),
        "{denied}"
    );
}

#[test]
fn hosts_at_start_up() {
    let builder = || {
        Policy::builder()
            .origins(["https://app.example"])
            .enforce(true)
    };
    assert!(builder().hosts(["localhost:*"]).build().is_ok());
    let error = builder().hosts(["http://localhost"]).build();
    assert_eq!(
        error.expect_err("a scheme").to_string(),
        "the CORS policy is invalid: hosts[0]: `http://localhost` has a scheme: `hosts` are names \
         and ports; write `localhost`"
    );
    let parse = |json| serde_json::from_str::<Policy>(json);
    let json = r#"{ "origins": ["https://app.example"], "enforce": true, "hosts": ["a:*"] }"#;
    assert!(parse(json).is_ok());
    let json = r#"{ "origins": ["https://app.example"], "hosts": ["a:*"] }"#;
    let error = parse(json).expect_err("no `enforce`").to_string();
    assert!(error.contains("`hosts` without `enforce`"), "{error}");
    let json = r#"{ "origins": ["https://app.example"], "enforce": true, "hosts": [] }"#;
    let error = parse(json).expect_err("no host").to_string();
    assert!(error.contains("hosts: `hosts` is empty"), "{error}");
}

#[tokio::test]
async fn hosts_of_a_policy_made_at_start_up() {
    use std::sync::LazyLock;

    static MADE: LazyLock<Policy> = LazyLock::new(|| {
        let policy = Policy::builder()
            .origins(["https://app.example"])
            .enforce(true);
        policy.hosts(["127.0.0.1:*"]).build().expect("valid")
    });
    #[cors(policy = MADE)]
    async fn made() {}

    let app = Router::new().route("/", get(made));
    let at = |host| request("GET", "/").header(http::header::HOST, host);
    at("127.0.0.1:3000").to(&app).await.is(200);
    at("localhost:3000").to(&app).await.is(403);
}
