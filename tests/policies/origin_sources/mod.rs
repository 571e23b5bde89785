//! Tests paths in `origins`: functions and lists that decide at run time.

mod calls;
mod mounted;
mod ready;

use std::panic::{self, AssertUnwindSafe};

use axum::body::Body;
use axum::http::{Request, Response};
use cors_runtime::axum::Router;
use tower::ServiceExt as _;

/// A module of an application.
mod tenants {
    use cors_runtime::RequestHead;

    pub(crate) fn allowed(origin: &str, _: &RequestHead<'_>) -> bool {
        origin == "https://tenant.example.com"
    }

    pub(crate) fn denied(_: &str, _: &RequestHead<'_>) -> bool {
        false
    }
}

pub(crate) async fn send(app: Router, request: Request<Body>) -> Response<Body> {
    app.oneshot(request).await.unwrap()
}

pub(crate) fn request(origin: &str) -> Request<Body> {
    let request = Request::get("/items").header("origin", origin);
    request.body(Body::empty()).unwrap()
}

pub(crate) fn preflight(origin: &str) -> Request<Body> {
    let request = Request::options("/items")
        .header("origin", origin)
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "content-type");
    request.body(Body::empty()).unwrap()
}

pub(crate) fn allowed(response: &Response<Body>) -> Option<&str> {
    let value = response.headers().get("access-control-allow-origin");
    value.map(|value| value.to_str().unwrap())
}

pub(crate) fn vary(response: &Response<Body>) -> &str {
    response.headers()["vary"].to_str().unwrap()
}

pub(crate) async fn bare(
    request: Request<Body>,
) -> Result<Response<Body>, std::convert::Infallible> {
    Ok(Response::new(request.into_body()))
}

pub(crate) fn panic_message<T>(run: impl FnOnce() -> T) -> String {
    let Err(message) = panic::catch_unwind(AssertUnwindSafe(run)) else {
        panic!("it did not panic");
    };
    message.downcast_ref::<String>().unwrap().clone()
}
