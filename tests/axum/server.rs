//! Tests a router under `axum::serve` on a real socket, with requests that ordinary clients do not
//! send.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ORIGIN, VARY};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::Response;
use cors_runtime::axum::routing::{any, get};
use cors_runtime::axum::{Router, cors};
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::common::{APP, STRANGER};

#[cors(
    origins = ["https://app.example", "https://*.app.example"],
    headers = ["x-one"],
    max_age = "1h",
    credentials,
)]
async fn list() -> &'static str {
    "list"
}

#[cors(origins = "*")]
async fn open() -> &'static str {
    "open"
}

#[cors(origins = ["https://app.example"])]
async fn echo(upgrade: WebSocketUpgrade, State(prefix): State<&'static str>) -> Response {
    upgrade.on_upgrade(move |socket| answer(socket, prefix))
}

async fn answer(mut socket: WebSocket, prefix: &'static str) {
    while let Some(Ok(Message::Text(text))) = socket.recv().await {
        let answer = Message::from(format!("{prefix}{text}"));
        socket.send(answer).await.expect("a listener");
    }
}

fn app() -> Router {
    Router::new()
        .route("/items", get(list).post(list))
        .route("/open", get(open))
        .route("/echo", any(echo))
        .with_state("you said ")
}

async fn bound() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    (listener, address)
}

async fn served() -> SocketAddr {
    let (listener, address) = bound().await;
    tokio::spawn(async { axum::serve(listener, app()).await });
    address
}

async fn answer_to(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> (StatusCode, HeaderMap, String) {
    let mut request = Request::builder()
        .method(method)
        .uri(format!("http://{address}{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let client = Client::builder(TokioExecutor::new()).build_http();
    let request = request.body(Body::empty()).expect("a request");
    let response = client.request(request).await.expect("a response");
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    let body = String::from_utf8(body.to_vec()).expect("text");
    (parts.status, parts.headers, body)
}

/// Sends the bytes unchanged. Returns the lines of the response head, in lower case.
async fn raw(address: SocketAddr, request: &[u8]) -> Vec<String> {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(request).await.expect("written");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer");
    let answer = String::from_utf8_lossy(&answer).to_ascii_lowercase();
    let head = answer.split("\r\n\r\n").next().expect("a head");
    head.lines().map(ToOwned::to_owned).collect()
}

async fn raw_get(path: &str, lines: &[u8]) -> Vec<String> {
    let mut request =
        format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n").into_bytes();
    request.extend_from_slice(lines);
    request.extend_from_slice(b"\r\n");
    raw(served().await, &request).await
}

async fn raw_preflight(lines: &[u8]) -> Vec<String> {
    let mut request = b"OPTIONS /items HTTP/1.1\r\nhost: x\r\nconnection: close\r\n".to_vec();
    request.extend_from_slice(lines);
    request.extend_from_slice(b"\r\n");
    raw(served().await, &request).await
}

#[track_caller]
fn starts(head: &[String], status: u16) {
    let start = format!("http/1.1 {status}");
    assert!(head[0].starts_with(&start), "{head:#?}");
}

#[track_caller]
fn has_no_cors(head: &[String]) {
    let found = head.iter().find(|line| line.starts_with("access-control-"));
    assert_eq!(found, None, "{head:#?}");
}

#[tokio::test]
async fn a_router_can_be_served_directly() {
    let address = served().await;
    let (status, headers, body) = answer_to(address, "GET", "/items", &[("origin", APP)]).await;
    assert_eq!((status.as_u16(), body.as_str()), (200, "list"));
    assert_eq!(headers[ACCESS_CONTROL_ALLOW_ORIGIN], APP);
    assert_eq!(headers[VARY], "Origin");
    let (status, headers, _) = answer_to(address, "GET", "/items", &[("origin", STRANGER)]).await;
    assert_eq!(status.as_u16(), 200);
    assert!(
        !headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN),
        "{headers:?}"
    );
}

#[tokio::test]
async fn a_preflight_response_on_the_wire() {
    let ask = b"origin: https://app.example\r\n\
        access-control-request-method: POST\r\n\
        access-control-request-headers: x-one\r\n";
    let mut head = raw_preflight(ask).await;
    starts(&head, 204);
    head.remove(0);
    head.retain(|line| !line.starts_with("date:"));
    head.sort();
    assert_eq!(
        head,
        [
            "access-control-allow-credentials: true",
            "access-control-allow-headers: x-one",
            "access-control-allow-methods: post",
            "access-control-allow-origin: https://app.example",
            "access-control-max-age: 3600",
            "connection: close",
            "vary: origin, access-control-request-method, access-control-request-headers",
        ]
    );
}

#[tokio::test]
async fn a_refused_preflight_on_the_wire_is_empty() {
    let ask = b"origin: https://stranger.example\r\naccess-control-request-method: POST\r\n";
    let head = raw_preflight(ask).await;
    starts(&head, 403);
    has_no_cors(&head);
    assert!(head.contains(&"content-length: 0".to_owned()), "{head:#?}");
}

#[tokio::test]
async fn malformed_origins_are_denied() {
    let long = format!("origin: https://{}.app.example\r\n", "a.".repeat(200));
    for lines in [
        &b"origin: https://app.example\r\norigin: https://app.example\r\n"[..],
        b"origin: https://stranger.example\r\norigin: https://app.example\r\n",
        b"origin: https://\xc3\xa4.app.example\r\n",
        b"origin: https://\xff.app.example\r\n",
        b"origin: \xff\r\n",
        b"origin:\r\n",
        b"origin: null\r\n",
        b"origin: https://app.example, https://app.example\r\n",
        b"origin: https://evil.test/.app.example\r\n",
        b"origin: https://evil.test\t.app.example\r\n",
        long.as_bytes(),
    ] {
        let head = raw_get("/items", lines).await;
        starts(&head, 200);
        has_no_cors(&head);
        assert!(head.contains(&"vary: origin".to_owned()), "{head:#?}");
        let sent = [lines, b"access-control-request-method: GET\r\n"].concat();
        let head = raw_preflight(&sent).await;
        starts(&head, 403);
        has_no_cors(&head);
        let head = raw_get("/open", lines).await;
        starts(&head, 200);
        assert!(
            head.contains(&"access-control-allow-origin: *".to_owned()),
            "{head:#?}"
        );
    }
}

#[tokio::test]
async fn malformed_preflights_are_refused() {
    for lines in [
        &b"access-control-request-method: GET\r\naccess-control-request-method: GET\r\n"[..],
        b"access-control-request-method:\r\n",
        b"access-control-request-method: G\xffT\r\n",
        b"access-control-request-method: GET, POST\r\n",
        b"access-control-request-method: GET\r\naccess-control-request-headers: \xff\r\n",
    ] {
        let sent = [b"origin: https://app.example\r\n", lines].concat();
        let head = raw_preflight(&sent).await;
        starts(&head, 403);
        has_no_cors(&head);
    }
}

#[tokio::test]
async fn header_names_match_in_any_case_but_not_with_white_space() {
    let head = raw_get("/items", b"ORIGIN: \t https://app.example \t \r\n").await;
    starts(&head, 200);
    let allowed = "access-control-allow-origin: https://app.example".to_owned();
    assert!(head.contains(&allowed), "{head:#?}");
}

#[tokio::test]
async fn a_websocket_handshake_has_the_headers() {
    let address = served().await;
    let shake = |origin: &str| {
        format!(
            "GET /echo HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: \
             websocket\r\norigin: {origin}\r\nsec-websocket-version: 13\r\nsec-websocket-key: \
             dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
    };
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream
        .write_all(shake(APP).as_bytes())
        .await
        .expect("written");
    let head = head_of(&mut stream).await;
    assert!(head.starts_with("http/1.1 101"), "{head}");
    assert!(
        head.contains("access-control-allow-origin: https://app.example\r\n"),
        "{head}"
    );
    // The text "hi", masked with zeros.
    stream
        .write_all(b"\x81\x82\0\0\0\0hi")
        .await
        .expect("written");
    let mut answer = [0; 13];
    stream.read_exact(&mut answer).await.expect("an answer");
    assert_eq!(&answer, b"\x81\x0byou said hi");
    // CORS alone does not block requests.
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream
        .write_all(shake(STRANGER).as_bytes())
        .await
        .expect("written");
    let head = head_of(&mut stream).await;
    assert!(head.starts_with("http/1.1 101"), "{head}");
    assert!(!head.contains("access-control-"), "{head}");
}

async fn head_of(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("more of the head"));
    }
    String::from_utf8(head).expect("text").to_ascii_lowercase()
}

#[tokio::test]
async fn a_rejected_handshake_is_readable() {
    let headers = [("origin", APP)];
    let (status, headers, _) = answer_to(served().await, "GET", "/echo", &headers).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(headers[ACCESS_CONTROL_ALLOW_ORIGIN], APP);
}

#[tokio::test]
async fn the_preflight_of_a_websocket_path_is_answered() {
    let sent = [("origin", APP), ("access-control-request-method", "GET")];
    let (status, headers, _) = answer_to(served().await, "OPTIONS", "/echo", &sent).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(headers[ACCESS_CONTROL_ALLOW_ORIGIN], APP);
}

#[cors(origins = ["https://app.example"])]
async fn peer(ConnectInfo(peer): ConnectInfo<SocketAddr>) -> String {
    peer.ip().to_string()
}

#[tokio::test]
async fn make_services_behave_as_the_router() {
    let (listener, address) = bound().await;
    let app = Router::new().route("/", get(peer));
    let service = app.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async { axum::serve(listener, service).await });
    let (status, headers, body) = answer_to(address, "GET", "/", &[("origin", APP)]).await;
    assert_eq!((status.as_u16(), body.as_str()), (200, "127.0.0.1"));
    assert_eq!(headers[ACCESS_CONTROL_ALLOW_ORIGIN], APP);

    let (listener, address) = bound().await;
    tokio::spawn(async { axum::serve(listener, open_app().into_make_service()).await });
    let (_, headers, body) = answer_to(address, "GET", "/open", &[]).await;
    assert_eq!(body, "open");
    assert_eq!(headers[ACCESS_CONTROL_ALLOW_ORIGIN], "*");
}

fn open_app() -> Router {
    Router::new().route("/open", get(open))
}

#[tokio::test]
async fn hyper_serves_the_router_as_a_tower_service() {
    let (listener, address) = bound().await;
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a client");
        let service = TowerToHyperService::new(app());
        let server = auto::Builder::new(TokioExecutor::new()).http1_only();
        let connection = server.serve_connection(TokioIo::new(stream), service);
        connection.await.is_ok()
    });
    let (status, headers, body) =
        answer_to(address, "GET", "/items", &[(ORIGIN.as_str(), APP)]).await;
    assert_eq!((status.as_u16(), body.as_str()), (200, "list"));
    assert_eq!(headers[ACCESS_CONTROL_ALLOW_ORIGIN], APP);
}
