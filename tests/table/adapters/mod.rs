//! The adapters. To add an adapter, add a file with `fn answer(&PlainRequest) -> Reply`, a name,
//! and a line in [`ADAPTERS`].

mod actix_macro;
mod actix_resource;
mod axum_method_router;
mod axum_router;
mod http_function;
mod lambda;
mod tower_layer;

use std::fmt::Debug;

use http::{HeaderMap, HeaderValue, Request, Response};
use http_body_util::BodyExt;

use crate::answer::{Answer, Reply};
use crate::request::PlainRequest;
use crate::services::{BODY, work};

pub(crate) struct Adapter {
    pub(crate) name: &'static str,
    pub(crate) answer: fn(&PlainRequest) -> Reply,
}

impl Adapter {
    /// Returns the answer that is expected of this adapter. With `policies_inside`, the path may
    /// have other policies, so every allowed preflight is that of a shared path.
    pub(crate) fn expected(&self, sent: &PlainRequest, answer: &Answer) -> Answer {
        let answer = answer.clone();
        match sent.requested_method() {
            Some(method) if self.name == TOWER_POLICIES_INSIDE => answer.of_shared_path(method),
            _ => answer,
        }
    }
}

pub(crate) const ADAPTERS: &[Adapter] = &[
    adapter(HTTP_FUNCTION, http_function::answer),
    adapter(AXUM_ROUTER, axum_router::answer),
    adapter(AXUM_METHOD_ROUTER, axum_method_router::answer),
    adapter(ACTIX_MACRO, actix_macro::answer),
    adapter(ACTIX_RESOURCE, actix_resource::answer),
    adapter(TOWER_LAYER, tower_layer::answer),
    adapter(TOWER_POLICIES_INSIDE, tower_layer::policies_inside),
    adapter(LAMBDA_HTTP, lambda::http),
    adapter(LAMBDA_REST, lambda::rest),
    adapter(LAMBDA_ALB, lambda::alb),
];

pub(crate) const HTTP_FUNCTION: &str = "http function";
pub(crate) const AXUM_ROUTER: &str = "axum router";
pub(crate) const AXUM_METHOD_ROUTER: &str = "axum method router";
/// With the route macros of actix-web.
pub(crate) const ACTIX_MACRO: &str = "actix-web route macro";
pub(crate) const ACTIX_RESOURCE: &str = "actix-web resource";
pub(crate) const TOWER_LAYER: &str = "tower layer";
/// With `policies_inside`.
pub(crate) const TOWER_POLICIES_INSIDE: &str = "tower layer, policies_inside";
/// API Gateway, HTTP API: events of version 2.0.
pub(crate) const LAMBDA_HTTP: &str = "lambda, HTTP API";
/// API Gateway, REST API.
pub(crate) const LAMBDA_REST: &str = "lambda, REST API";
/// A load balancer, with multi-value headers on.
pub(crate) const LAMBDA_ALB: &str = "lambda, ALB";

const fn adapter(name: &'static str, answer: fn(&PlainRequest) -> Reply) -> Adapter {
    Adapter { name, answer }
}

/// Runs a future, for adapters without a runtime.
fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a run-time").block_on(future)
}

/// Creates the request, for adapters of `http` 1.
fn http_request<B>(sent: &PlainRequest, body: B) -> Request<B> {
    let request = Request::builder().method(sent.method).uri(sent.path);
    let mut request = request.body(body).expect("a request");
    for (name, value) in &sent.lines {
        let value = HeaderValue::from_bytes(value).expect("a value");
        request.headers_mut().append(*name, value);
    }
    request
}

/// Returns the response of a handler, for adapters of `http` 1.
fn response<B: From<&'static str>>(headers: &HeaderMap) -> Response<B> {
    let lines = headers.iter();
    let work = work(lines.map(|(name, value)| (name.as_str(), value.as_bytes())));
    let lines = work.lines.iter();
    let response = Response::builder().status(work.status);
    let response = lines.fold(response, |response, (name, value)| {
        response.header(name, value.as_slice())
    });
    response.body(B::from(BODY)).expect("a response")
}

/// Converts the response, for adapters of `http` 1.
async fn reply<B: BodyExt<Error: Debug>>(response: Response<B>) -> Reply {
    let (parts, body) = response.into_parts();
    let lines = parts.headers.iter();
    Reply {
        status: parts.status.as_u16(),
        lines: lines
            .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
            .collect(),
        body: body.collect().await.expect("a body").to_bytes().into(),
    }
}
