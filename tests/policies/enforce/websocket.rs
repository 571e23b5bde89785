//! Tests `enforce` for WebSockets on a real server. Browsers let every page open a WebSocket with
//! cookies, and always send `Origin`.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use cors_runtime::axum::routing::{any, get};
use cors_runtime::axum::{Router, cors};
use http::{HeaderMap, Method, Request, StatusCode};
use hyper::client::conn::{http1, http2};
use hyper::ext::Protocol;
use hyper::upgrade;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const APP: &str = "https://app.example";
const STRANGER: &str = "https://stranger.example";

#[cors(origins = ["https://app.example"], enforce)]
async fn echo(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(answer)
}

async fn answer(mut socket: WebSocket) {
    while let Some(Ok(Message::Text(text))) = socket.recv().await {
        let answer = Message::from(format!("you said {text}"));
        socket.send(answer).await.expect("a listener");
    }
}

async fn served() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let app = Router::new()
        .route("/get", get(echo))
        // The handshake of HTTP/2 does not use GET.
        .route("/any", any(echo));
    tokio::spawn(async { axum::serve(listener, app).await });
    address
}

/// The result of a handshake: the response, and whether the socket echoes.
struct Handshake {
    status: StatusCode,
    headers: HeaderMap,
    echoes: bool,
}

impl Handshake {
    async fn from(mut response: http::Response<hyper::body::Incoming>) -> Self {
        let status = response.status();
        let headers = response.headers().clone();
        let is_open = status == StatusCode::SWITCHING_PROTOCOLS || status == StatusCode::OK;
        Self {
            status,
            headers,
            echoes: is_open && echoes(upgrade::on(&mut response)).await,
        }
    }

    #[track_caller]
    fn is_open(&self, allow_origin: Option<&str>) {
        assert!(self.echoes, "{} {:?}", self.status, self.headers);
        let found = self.headers.get("access-control-allow-origin");
        assert_eq!(found.map(|it| it.to_str().expect("text")), allow_origin);
    }

    #[track_caller]
    fn is_refused(&self) {
        assert_eq!(self.status, StatusCode::FORBIDDEN);
        assert_eq!(self.headers["vary"], "Origin, Sec-Fetch-Site");
        assert!(!self.headers.contains_key("access-control-allow-origin"));
    }
}

async fn echoes(upgrade: upgrade::OnUpgrade) -> bool {
    let mut socket = TokioIo::new(upgrade.await.expect("an upgrade"));
    // The text "hi" as a frame, masked with zeros.
    let sent = socket.write_all(b"\x81\x82\0\0\0\0hi").await;
    sent.expect("written");
    let mut answer = [0; 13];
    socket.read_exact(&mut answer).await.expect("an answer");
    answer == *b"\x81\x0byou said hi"
}

async fn connect(address: SocketAddr) -> TokioIo<TcpStream> {
    TokioIo::new(TcpStream::connect(address).await.expect("a connection"))
}

/// Sends the handshake of HTTP/1.1.
async fn handshake(path: &str, host: Option<&str>, headers: &[(&str, &str)]) -> Handshake {
    let address = served().await;
    let handshake = http1::handshake(connect(address).await).await;
    let (mut sender, connection) = handshake.expect("a connection");
    tokio::spawn(connection.with_upgrades());
    let host = host.map_or_else(|| address.to_string(), str::to_owned);
    let request = Request::get(path)
        .header("host", host)
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    let request = with(request, headers);
    let response = sender.send_request(request).await.expect("a response");
    Handshake::from(response).await
}

/// Sends the handshake of HTTP/2, an extended CONNECT (RFC 8441).
async fn handshake_over_http2(authority: &str, headers: &[(&str, &str)]) -> Handshake {
    let handshake = http2::handshake(TokioExecutor::new(), connect(served().await).await);
    let (mut sender, connection) = handshake.await.expect("a connection");
    tokio::spawn(connection);
    // Waits for a response first, because the settings of the server are then known.
    let first = Request::get(format!("http://{authority}/nowhere"));
    let first = sender.send_request(with(first, &[])).await;
    assert_eq!(first.expect("a response").status(), StatusCode::NOT_FOUND);
    let request = Request::builder()
        .method(Method::CONNECT)
        .uri(format!("http://{authority}/any"))
        .extension(Protocol::from_static("websocket"))
        .header("sec-websocket-version", "13");
    let request = with(request, headers);
    let response = sender.send_request(request).await.expect("a response");
    Handshake::from(response).await
}

fn with(request: http::request::Builder, headers: &[(&str, &str)]) -> Request<Body> {
    let headers = headers.iter();
    let request = headers.fold(request, |it, (name, value)| it.header(*name, *value));
    request.body(Body::empty()).expect("a request")
}

#[tokio::test]
async fn a_handshake_from_an_allowed_origin_passes() {
    for path in ["/get", "/any"] {
        let shaken = handshake(path, None, &[("origin", APP)]).await;
        shaken.is_open(Some(APP));
        let headers = [("origin", APP), ("sec-fetch-site", "cross-site")];
        handshake(path, None, &headers).await.is_open(Some(APP));
    }
}

#[tokio::test]
async fn a_handshake_from_another_origin_is_refused() {
    for path in ["/get", "/any"] {
        handshake(path, None, &[("origin", STRANGER)])
            .await
            .is_refused();
        handshake(path, None, &[("origin", "null")])
            .await
            .is_refused();
        for site in ["cross-site", "same-site"] {
            let headers = [("origin", STRANGER), ("sec-fetch-site", site)];
            let shaken = handshake(path, Some("stranger.example"), &headers).await;
            shaken.is_refused();
        }
    }
}

#[tokio::test]
async fn a_same_origin_handshake_passes() {
    for path in ["/get", "/any"] {
        // A server without TLS, to which browsers do not send `Sec-Fetch-Site`.
        for (origin, host) in [
            ("http://10.0.0.7:8080", "10.0.0.7:8080"),
            ("http://intranet.example", "intranet.example"),
            ("https://stranger.example", "stranger.example:443"),
        ] {
            let shaken = handshake(path, Some(host), &[("origin", origin)]).await;
            shaken.is_open(None);
        }
        let headers = [("origin", STRANGER), ("sec-fetch-site", "same-origin")];
        handshake(path, None, &headers).await.is_open(None);
    }
}

#[tokio::test]
async fn a_handshake_without_an_origin_passes() {
    handshake("/any", None, &[]).await.is_open(None);
}

#[tokio::test]
async fn handshakes_over_http2() {
    let own = "stranger.example";
    let shaken = handshake_over_http2("server.example", &[("origin", APP)]).await;
    shaken.is_open(Some(APP));
    handshake_over_http2(own, &[]).await.is_open(None);
    handshake_over_http2(own, &[("origin", STRANGER)])
        .await
        .is_open(None);
    let headers = [("origin", STRANGER), ("sec-fetch-site", "same-origin")];
    handshake_over_http2("server.example", &headers)
        .await
        .is_open(None);
    let shaken = handshake_over_http2("server.example", &[("origin", STRANGER)]).await;
    shaken.is_refused();
    let headers = [("origin", STRANGER), ("sec-fetch-site", "same-site")];
    handshake_over_http2(own, &headers).await.is_refused();
}
