//! A server that answers by a step of the fixture.

use std::convert::Infallible;
use std::future::{Ready, ready};

use http::header::{ACCESS_CONTROL_REQUEST_METHOD, HOST, LOCATION};
use http::{HeaderName, HeaderValue, Method, Request, Response};
use http_body_util::{Empty, Full};
use hyper::body::Bytes;
use tower::{Service, service_fn};

use crate::case::{Answer, Lines, Step, bytes};

type Sent = Request<Full<Bytes>>;
type Answered = Response<Empty<Bytes>>;

/// Answers the requests to the first URL until it redirects, and then those to the next one.
pub(crate) fn table(
    step: &Step,
) -> impl Service<
    Sent,
    Response = Answered,
    Error = Infallible,
    Future = Ready<Result<Answered, Infallible>>,
> {
    let step = step.clone();
    let mut hop = 0;
    service_fn(move |request: Sent| {
        let url = match hop {
            0 => &step.request.url,
            _ => step.hops[hop - 1].location.as_ref().unwrap(),
        };
        assert_is_for(&request, url);
        ready(Ok(match step.hops.get(hop) {
            _ if is_preflight(&request) => {
                let last = step.preflight.as_ref();
                preflight(
                    step.hops
                        .get(hop)
                        .map_or(last, |hop| hop.preflight.as_ref()),
                )
            }
            None => answer(step.response.status, &step.response.headers),
            Some(redirect) => {
                hop += 1;
                let mut response = answer(redirect.status, &redirect.headers);
                if let Some(location) = &redirect.location {
                    let location = HeaderValue::from_str(location).unwrap();
                    response.headers_mut().insert(LOCATION, location);
                }
                response
            }
        }))
    })
}

fn assert_is_for(request: &Sent, url: &str) {
    let host = request.headers()[HOST].to_str().unwrap();
    let asked = format!("{host}{}", request.uri());
    assert!(url.ends_with(&asked), "{asked} is not {url}");
}

fn is_preflight(request: &Sent) -> bool {
    request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// A preflight that the case does not expect fails.
fn preflight(expected: Option<&Answer>) -> Answered {
    match expected {
        Some(preflight) => answer(preflight.status, &preflight.headers),
        None => answer(501, &Vec::new()),
    }
}

fn answer(status: u16, headers: &Lines) -> Answered {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        response = response.header(name, HeaderValue::from_bytes(&bytes(value)).unwrap());
    }
    response.body(Empty::new()).unwrap()
}
