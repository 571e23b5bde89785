//! A server that answers by a step of the fixture.

use std::convert::Infallible;
use std::future::{Ready, ready};

use http::header::{ACCESS_CONTROL_REQUEST_METHOD, HOST};
use http::{HeaderName, HeaderValue, Method, Request, Response};
use http_body_util::{Empty, Full};
use hyper::body::Bytes;
use tower::{Service, service_fn};

use crate::case::{Answer, Step, bytes};
use crate::table::Table;

type Sent = Request<Full<Bytes>>;
type Answered = Response<Empty<Bytes>>;

pub(crate) fn serve(
    step: &Step,
) -> impl Service<
    Sent,
    Response = Answered,
    Error = Infallible,
    Future = Ready<Result<Answered, Infallible>>,
> {
    let mut table = Table::new(step);
    service_fn(move |request: Sent| {
        let host = request.headers()[HOST].to_str().unwrap();
        let asked = format!("{host}{}", request.uri());
        assert!(table.is_for(&asked), "{asked} is not the next URL");
        ready(Ok(answer(&table.answer(is_preflight(&request)))))
    })
}

fn is_preflight(request: &Sent) -> bool {
    request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

fn answer(answer: &Answer) -> Answered {
    let mut response = Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        response = response.header(name, HeaderValue::from_bytes(&bytes(value)).unwrap());
    }
    response.body(Empty::new()).unwrap()
}
