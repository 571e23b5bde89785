//! Tests policies inside of a layer. Each policy applies to its own handler, and a loose layer does
//! not weaken a stricter handler.

/// Wraps a handler in a layer.
macro_rules! layered {
    ($policy:expr, $handler:path) => {
        CorsLayer::new($policy).layer(service_fn($handler))
    };
}

mod between;
mod handlers;
mod layers;
mod policies_inside;
mod rewritten;
mod tasks;

use std::cell::Cell;
use std::convert::Infallible;

use axum::body::Body;
use axum::http::header::HeaderName;
use cors_runtime::http::cors;
use cors_runtime::{Policy, policy};
use http::{Request, Response};

use crate::common::Reply;

const DENIED: HeaderName = HeaderName::from_static("cors-denied");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

static LOOSE: Policy = policy! {
    origins = ["https://app.example", "https://admin.example"],
    methods = [PUT],
    expose = ["x-loose"],
    credentials,
};
static ANY: Policy = policy! { origins = "*", methods = "*", headers = "*" };

thread_local! {
    static RUNS: Cell<usize> = const { Cell::new(0) };
}

/// Returns the number of runs of a handler since the last call.
fn runs() -> usize {
    RUNS.take()
}

fn work() -> Response<Body> {
    RUNS.set(RUNS.get() + 1);
    Response::new(Body::from("work"))
}

#[cors(origins = ["https://admin.example"], methods = [PUT], expose = ["x-strict"])]
async fn strict(request: Request<Body>) -> Result<Response<Body>, Infallible> {
    assert_ne!(request.uri().path(), "/panic", "in the handler");
    Ok(work())
}

#[cors(disabled)]
async fn disabled(_: Request<Body>) -> Result<Response<Body>, Infallible> {
    Ok(work())
}

#[cors(policy = LOOSE)]
async fn same(_: Request<Body>) -> Result<Response<Body>, Infallible> {
    Ok(work())
}

#[cors(origins = "*")]
async fn open(_: Request<Body>) -> Result<Response<Body>, Infallible> {
    Ok(work())
}

async fn plain(_: Request<Body>) -> Result<Response<Body>, Infallible> {
    Ok(work())
}

#[track_caller]
fn is_403_with_reason(reply: &Reply, reason: &str) {
    assert_eq!(runs(), 0);
    reply.is(403).has_body("").has_no_cors();
    reply.vary(&["origin", "sec-fetch-site"]);
    let header = reply.lines(&DENIED).join(", ");
    assert!(header.contains(reason), "{header}");
    assert!(
        header.contains("(policy at tests/tower/inside/"),
        "{header}"
    );
}
