//! Tests `cors_runtime::http::cors` with hyper on a socket, with tower, and with methods.

use std::convert::Infallible;
use std::error::Error;
use std::sync::Arc;

use cors_runtime::http::cors;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Empty, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;
use tower::ServiceExt as _;

const APP: &str = "https://app.example.com";

fn request<B>(method: &str, path: &str, body: B) -> Request<B> {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("origin", APP);
    let request = match method {
        "OPTIONS" => request.header("access-control-request-method", "PUT"),
        _ => request,
    };
    request.body(body).expect("a request")
}

#[track_caller]
fn assert_preflight<B>(response: &Response<B>) {
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert_eq!(response.headers()["access-control-allow-origin"], APP);
    assert_eq!(response.headers()["access-control-allow-methods"], "PUT");
}

#[track_caller]
fn assert_actual<B>(response: &Response<B>, status: StatusCode) {
    assert_eq!(response.status(), status);
    assert_eq!(response.headers()["access-control-allow-origin"], APP);
    assert_eq!(response.headers()["vary"], "Origin");
}

#[cors(origins = ["https://app.example.com"], methods = [PUT])]
async fn echo(mut request: Request<Incoming>) -> Result<Response<Full<Bytes>>, hyper::Error> {
    if request.uri().path() == "/missing" {
        let missing = Response::builder().status(StatusCode::NOT_FOUND);
        return Ok(missing.body(Full::default()).unwrap_or_default());
    }
    let body = request.body_mut().collect().await?.to_bytes();
    Ok(Response::new(Full::new(body)))
}

async fn serve_echo() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let http = hyper::server::conn::http1::Builder::new();
            // Spawns, so that the future of the annotated function has to be `Send`.
            tokio::spawn(http.serve_connection(TokioIo::new(stream), service_fn(echo)));
        }
    });
    format!("http://{address}")
}

#[tokio::test]
async fn hyper_serves_a_function_on_a_socket() {
    let server = serve_echo().await;
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let send = |method, path: &str, body| {
        client.request(request(
            method,
            &format!("{server}{path}"),
            Full::from(body),
        ))
    };

    let response = send("OPTIONS", "/", "").await.expect("a response");
    assert_preflight(&response);
    let response = send("PUT", "/", "hello").await.expect("a response");
    assert_actual(&response, StatusCode::OK);
    let body = response
        .into_body()
        .collect()
        .await
        .expect("a body")
        .to_bytes();
    assert_eq!(body, "hello");
    let response = send("GET", "/missing", "").await.expect("a response");
    assert_actual(&response, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_preflight_response_has_no_body_on_the_wire() {
    let server = serve_echo().await;
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let send = |origin| {
        let mut sent = request("OPTIONS", &server, Full::default());
        sent.headers_mut().insert("origin", origin);
        client.request(sent)
    };
    let allowed = send(HeaderValue::from_static(APP)).await;
    let allowed = allowed.expect("a response");
    assert_preflight(&allowed);
    // A 204 does not have a `Content-Length` (RFC 9110, section 8.6).
    assert_eq!(allowed.headers().get("content-length"), None);
    assert_eq!(allowed.headers().get("transfer-encoding"), None);

    for origin in [&b"https://evil.example"[..], b"https://\xff.example", b""] {
        let refused = send(HeaderValue::from_bytes(origin).expect("a value")).await;
        let refused = refused.expect("a response");
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        assert_eq!(refused.headers()["content-length"], "0");
        let mut names = refused.headers().keys().map(HeaderName::as_str);
        assert!(!names.any(|name| name.starts_with("access-control-")));
    }
}

#[cors(origins = ["https://app.example.com"], methods = [PUT])]
async fn parse(
    request: Request<Empty<Bytes>>,
) -> Result<Response<String>, Box<dyn Error + Send + Sync>> {
    let number: u32 = request.uri().path().trim_start_matches('/').parse()?;
    Ok(Response::new(number.to_string()))
}

#[tokio::test]
async fn tower_serves_a_function_and_errors_are_unchanged() {
    let send = |method, path| tower::service_fn(parse).oneshot(request(method, path, Empty::new()));
    assert_preflight(&send("OPTIONS", "/7").await.expect("a response"));
    let response = send("PUT", "/7").await.expect("a response");
    assert_actual(&response, StatusCode::OK);
    assert_eq!(response.body(), "7");
    let error = send("PUT", "/seven").await.expect_err("not a number");
    assert!(error.is::<std::num::ParseIntError>());
}

struct App {
    greeting: String,
}

impl App {
    #[cors(origins = ["https://app.example.com"], methods = [PUT])]
    async fn by_reference(&self, suffix: &str, _: Request<()>) -> Response<String> {
        tokio::task::yield_now().await;
        Response::new(format!("{}{suffix}", self.greeting))
    }

    #[cors(origins = ["https://app.example.com"], methods = [PUT])]
    fn by_mutable_reference(&mut self, mut request: Request<()>) -> Response<String> {
        request.headers_mut().clear();
        self.greeting.push('!');
        Response::new(self.greeting.clone())
    }
}

#[tokio::test]
async fn methods_keep_their_receiver_and_arguments() {
    let mut app = App {
        greeting: "hello".to_owned(),
    };
    assert_preflight(&app.by_reference(" you", request("OPTIONS", "/", ())).await);
    let response = app.by_reference(" you", request("PUT", "/", ())).await;
    assert_actual(&response, StatusCode::OK);
    assert_eq!(response.body(), "hello you");

    assert_preflight(&app.by_mutable_reference(request("OPTIONS", "/", ())));
    assert_eq!(app.greeting, "hello", "no user code runs on a preflight");
    let response = app.by_mutable_reference(request("PUT", "/", ()));
    assert_actual(&response, StatusCode::OK);
    assert_eq!(response.body(), "hello!");
}

struct Wrapped<T>(T);

#[cors(origins = ["https://app.example.com"], methods = [PUT])]
async fn generic<B>(
    state: Arc<Wrapped<u8>>,
    ref request: Request<B>,
) -> Result<Response<String>, Infallible>
where
    B: std::fmt::Debug + Send + 'static,
{
    Ok(Response::new(format!("{} {:?}", state.0, request.body())))
}

#[cors(origins = ["https://app.example.com"], methods = [PUT])]
fn hidden(
    mut count: usize,
    request: Request<&str>,
) -> Result<Response<impl AsRef<str> + Default + use<>>, http::Error> {
    count += 1;
    let body = format!("{} {count}", request.into_body());
    Response::builder().header("x-count", count).body(body)
}

#[tokio::test]
async fn generics_patterns_and_hidden_types_work() {
    let state = Arc::new(Wrapped(7));
    let response = generic(Arc::clone(&state), request("OPTIONS", "/", "x")).await;
    assert_preflight(&response.expect("infallible"));
    let response = generic(state, request("PUT", "/", "x"))
        .await
        .expect("infallible");
    assert_actual(&response, StatusCode::OK);
    assert_eq!(response.body(), "7 \"x\"");

    assert_preflight(&hidden(1, request("OPTIONS", "/", "x")).expect("a response"));
    let response = hidden(1, request("PUT", "/", "x")).expect("a response");
    assert_actual(&response, StatusCode::OK);
    assert_eq!(response.headers()["x-count"], "2");
    assert_eq!(response.body().as_ref(), "x 2");
}

#[test]
fn a_function_keeps_its_signature() {
    let _: fn(&mut App, Request<()>) -> Response<String> = App::by_mutable_reference;
}

/// The policy of a generic function can depend on its parameters.
mod policies_of_types {
    use cors_runtime::{Policy, policy};

    use super::*;

    trait Site {
        const POLICY: Policy;
    }

    #[cors(policy = T::POLICY)]
    async fn handle<T: Site>(_: Request<()>) -> Response<String> {
        Response::default()
    }

    struct One;

    impl Site for One {
        const POLICY: Policy = policy! { origins = ["https://one.example.com"] };
    }

    struct Two;

    impl Site for Two {
        const POLICY: Policy = policy! { origins = ["https://two.example.com"], max_age = 7 };
    }

    impl Two {
        #[cors(policy = Self::POLICY)]
        async fn handle(&self, _: Request<()>) -> Response<String> {
            Response::default()
        }
    }

    fn preflight(origin: &'static str) -> Request<()> {
        let mut request = request("OPTIONS", "/", ());
        let headers = request.headers_mut();
        headers.insert("origin", HeaderValue::from_static(origin));
        let method = HeaderValue::from_static("GET");
        headers.insert("access-control-request-method", method);
        request
    }

    #[tokio::test]
    async fn each_type_has_its_own_policy() {
        let (one, two) = ("https://one.example.com", "https://two.example.com");
        for _ in 0..2 {
            let response = handle::<One>(preflight(one)).await;
            assert_eq!(response.status(), StatusCode::NO_CONTENT);
            assert!(!response.headers().contains_key("access-control-max-age"));
            let of_two = [
                handle::<Two>(preflight(two)).await,
                Two.handle(preflight(two)).await,
            ];
            for response in of_two {
                assert_eq!(response.status(), StatusCode::NO_CONTENT);
                assert_eq!(response.headers()["access-control-max-age"], "7");
            }
            let refused = handle::<One>(preflight(two)).await;
            assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        }
    }
}
