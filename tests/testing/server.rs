//! A server with fixed answers.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::{Ready, ready};

use cors_runtime::testing::{Browser, Exchange};
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Bytes;
use tower::{Service, service_fn};

pub(crate) const PAGE: &str = "https://app.example.com";
pub(crate) const API: &str = "https://api.example.com/items";

pub(crate) type Sent = Request<Full<Bytes>>;
pub(crate) type Answered = Result<Response<String>, Infallible>;

/// Header lines.
pub(crate) type Lines<'a> = &'a [(&'static str, &'a str)];

/// Gives the same answer to every request.
pub(crate) fn always(status: u16, headers: Lines<'_>) -> impl Server + use<> {
    let answer = answer(status, headers);
    service_fn(move |_: Sent| ready(Ok(answer.clone())))
}

/// Gives the answers in order, and 500 without headers after the last one.
pub(crate) fn answers<const N: usize>(answers: [(u16, Lines<'_>); N]) -> impl Server + use<N> {
    let mut answers: VecDeque<_> = answers
        .into_iter()
        .map(|(status, headers)| answer(status, headers))
        .collect();
    service_fn(move |_: Sent| ready(Ok(answers.pop_front().unwrap_or_else(|| answer(500, &[])))))
}

/// A server of this module.
pub(crate) trait Server:
    Service<Sent, Response = Response<String>, Error = Infallible, Future = Ready<Answered>>
{
}

impl<S> Server for S where
    S: Service<Sent, Response = Response<String>, Error = Infallible, Future = Ready<Answered>>
{
}

fn answer(status: u16, headers: Lines<'_>) -> Response<String> {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body("body".to_owned()).unwrap()
}

/// The method of each request, with `OPTIONS` for preflights.
pub(crate) fn methods(browser: &Browser) -> Vec<&str> {
    browser.log().iter().map(Exchange::method).collect()
}

pub(crate) fn last(browser: &Browser) -> &Exchange {
    browser.log().last().unwrap()
}

pub(crate) fn sent<'a>(browser: &'a Browser, name: &str) -> Option<&'a str> {
    last(browser).request_header(name)
}
