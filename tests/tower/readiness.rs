//! Tests that the layer calls `poll_ready` of the inner service before every request, also before a
//! preflight, for which it does not call the service.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use cors_runtime::tower::CorsLayer;
use cors_runtime::{Policy, policy};
use http::header::{ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};
use tokio::sync::mpsc;
use tower::limit::ConcurrencyLimitLayer;
use tower::{Layer as _, Service, ServiceBuilder, ServiceExt as _, service_fn};

use crate::common::APP;

static POLICY: Policy = policy! { origins = ["https://app.example"] };

fn request(method: &str) -> Request {
    let request = http::Request::builder().method(method).header(ORIGIN, APP);
    let request = match method {
        "OPTIONS" => request.header(ACCESS_CONTROL_REQUEST_METHOD, "GET"),
        _ => request,
    };
    request.body(Body::empty()).expect("a request")
}

async fn hello(_: Request) -> Result<Response, Infallible> {
    Ok(Response::new(Body::from("hello")))
}

/// Records its calls.
#[derive(Clone)]
struct Recording(mpsc::UnboundedSender<&'static str>);

impl Service<Request> for Recording {
    type Response = Response;
    type Error = &'static str;
    type Future = Ready<Result<Response, &'static str>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
        self.0.send("ready?").expect("a listener");
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request) -> Self::Future {
        self.0.send("call").expect("a listener");
        ready(Ok(Response::default()))
    }
}

#[tokio::test]
async fn poll_ready_is_called_before_the_cors_check() {
    let (sender, mut with_policies_inside) = mpsc::unbounded_channel();
    let service = CorsLayer::new(&POLICY).layer(Recording(sender));
    for (method, expected) in [("GET", &["ready?", "call"][..]), ("OPTIONS", &["ready?"])] {
        let response = service.clone().oneshot(request(method)).await;
        assert!(response.is_ok_and(|it| it.headers().contains_key("access-control-allow-origin")));
        let mut seen = Vec::new();
        while let Ok(word) = with_policies_inside.try_recv() {
            seen.push(word);
        }
        assert_eq!(seen, expected, "{method}");
    }
}

#[tokio::test]
async fn an_error_of_poll_ready_is_also_returned_for_a_preflight() {
    #[derive(Clone)]
    struct Broken;
    impl Service<Request> for Broken {
        type Response = Response;
        type Error = &'static str;
        type Future = Ready<Result<Response, &'static str>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
            Poll::Ready(Err("broken"))
        }

        fn call(&mut self, _: Request) -> Self::Future {
            unreachable!("it is not ready")
        }
    }
    let service = CorsLayer::new(&POLICY).layer(Broken);
    for method in ["GET", "OPTIONS"] {
        let error = service.clone().oneshot(request(method)).await;
        assert_eq!(error.expect_err("not ready"), "broken");
    }
}

/// The next call of the same service uses the permit that `poll_ready` acquired, or the permit is
/// released with the service.
#[tokio::test]
async fn a_preflight_does_not_keep_a_permit() {
    let limited = ServiceBuilder::new()
        .layer(CorsLayer::new(&POLICY))
        .layer(ConcurrencyLimitLayer::new(1))
        .service(service_fn(hello));
    // Clones the service for each request, as servers do.
    for method in ["OPTIONS", "GET", "OPTIONS", "OPTIONS", "GET"] {
        let response = limited.clone().oneshot(request(method)).await;
        assert!(response.expect("infallible").status().is_success());
    }
    // Uses one service for all requests, as a buffer does.
    let mut one = limited.clone();
    for method in ["OPTIONS", "OPTIONS", "GET", "OPTIONS", "GET"] {
        let ready = one.ready().await.expect("infallible");
        let response = ready.call(request(method)).await;
        assert!(response.expect("infallible").status().is_success());
    }
    drop(one);
    let response = limited.oneshot(request("GET")).await;
    assert!(response.expect("infallible").status().is_success());
}
