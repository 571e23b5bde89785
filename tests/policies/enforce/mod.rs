//! Tests `enforce` in each adapter: the requests that are refused, and the requests that pass.

mod axum;
mod layers;
mod requests;
mod websocket;

use std::cell::Cell;
use std::convert::Infallible;

use ::axum::body::Body;
use ::axum::extract::Request;
use ::axum::http::header::HeaderName;
use ::axum::response::Response;
use cors_runtime::axum::cors;
use cors_runtime::{Policy, policy};

use crate::common::{Reply, STRANGER, TestRequest, request};

const DENIED: HeaderName = HeaderName::from_static("cors-denied");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

static POLICY: Policy = policy! { origins = ["https://app.example"], enforce };

thread_local! {
    /// The number of calls of user code.
    static RUNS: Cell<usize> = const { Cell::new(0) };
}

fn work() -> Response {
    RUNS.set(RUNS.get() + 1);
    Response::new(Body::from("work"))
}

#[cors_runtime::http::cors(origins = ["https://app.example"], enforce)]
async fn function(_: http::Request<Body>) -> Result<http::Response<Body>, Infallible> {
    Ok(work())
}

async fn plain(_: Request) -> Result<Response, Infallible> {
    Ok(work())
}

#[cors(origins = ["https://app.example"], enforce)]
async fn handler() -> Response {
    work()
}

#[cors(policy = POLICY)]
async fn shared() -> Response {
    work()
}

fn stranger(method: &str) -> TestRequest {
    request(method, "/").from(STRANGER)
}

#[track_caller]
fn is_refused(reply: &Reply) {
    reply.is(403).has_body("").has_no_cors();
    reply.vary(&["origin", "sec-fetch-site"]);
    let reason = reply.lines(&DENIED).join(", ");
    assert!(
        reason.contains("(policy at tests/policies/enforce/"),
        "{reason}"
    );
    assert_eq!(RUNS.take(), 0, "nobody ran");
}

#[track_caller]
fn is_served(reply: &Reply) -> &Reply {
    assert_eq!(RUNS.take(), 1, "{reply:#?}");
    reply.is(200).has_body("work").vary(&["origin"])
}
