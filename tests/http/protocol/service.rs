//! The services under test, and functions that send requests.

use std::cell::Cell;

use cors_runtime::http::cors;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Request, Response, StatusCode};

pub(crate) const ORIGIN: &str = "origin";
pub(crate) const ACRM: &str = "access-control-request-method";
pub(crate) const ACRH: &str = "access-control-request-headers";
pub(crate) const ACAO: &str = "access-control-allow-origin";
pub(crate) const ACAC: &str = "access-control-allow-credentials";
pub(crate) const ACAM: &str = "access-control-allow-methods";
pub(crate) const ACAH: &str = "access-control-allow-headers";
pub(crate) const ACEH: &str = "access-control-expose-headers";
pub(crate) const MAX_AGE: &str = "access-control-max-age";
pub(crate) const PREFLIGHT_VARY: &str =
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

pub(crate) const APP: &str = "https://app.example.com";

thread_local! {
    pub(crate) static RUNS: Cell<usize> = const { Cell::new(0) };
}

/// The work of every handler. It counts its runs, and sets headers that a handler should not set.
pub(crate) fn work(request: &Request<()>) -> Response<String> {
    RUNS.set(RUNS.get() + 1);
    let mut response = Response::new("work".to_owned());
    for (name, value) in request.headers() {
        if let Some(name) = name.as_str().strip_prefix("x-set-") {
            let name = HeaderName::try_from(name).expect("a name");
            response.headers_mut().append(name, value.clone());
        }
    }
    response
}

#[cors(
    origins = ["https://app.example.com", "https://*.example.dev", "http://localhost:*"],
    methods = [PUT, "PROPFIND"],
    headers = ["Content-Type", "x-token"],
    expose = ["etag", "X-Total"],
    max_age = "10m",
    credentials,
)]
pub(crate) fn listed(request: Request<()>) -> Response<String> {
    work(&request)
}

#[cors(origins = ["https://app.example.com"])]
pub(crate) fn bare(request: Request<()>) -> Response<String> {
    work(&request)
}

#[cors(origins = "*", methods = "*", headers = "*", expose = "*", max_age = 0)]
pub(crate) fn any(request: Request<()>) -> Response<String> {
    work(&request)
}

#[cors(origins = "*", headers = ["authorization", "*"])]
pub(crate) fn any_with_authorization(request: Request<()>) -> Response<String> {
    work(&request)
}

pub(crate) type Service = fn(Request<()>) -> Response<String>;

pub(crate) fn send(service: Service, method: &str, headers: &[(&str, &[u8])]) -> Response<String> {
    let mut request = Request::builder()
        .method(method)
        .body(())
        .expect("a request");
    for (name, value) in headers {
        let name = HeaderName::try_from(*name).expect("a name");
        request
            .headers_mut()
            .append(name, HeaderValue::from_bytes(value).expect("a value"));
    }
    RUNS.set(0);
    service(request)
}

pub(crate) fn preflight(
    service: Service,
    origin: &str,
    method: &str,
    headers: &[&str],
) -> Response<String> {
    let mut sent = vec![(ORIGIN, origin.as_bytes()), (ACRM, method.as_bytes())];
    sent.extend(headers.iter().map(|line| (ACRH, line.as_bytes())));
    let response = send(service, "OPTIONS", &sent);
    assert_eq!(RUNS.get(), 0, "no user code runs on a preflight");
    assert_eq!(response.body(), "");
    assert_eq!(response.headers()["vary"], PREFLIGHT_VARY);
    assert!(!response.headers().contains_key("allow"));
    response
}

pub(crate) fn actual(service: Service, origin: &str) -> Response<String> {
    let response = send(service, "GET", &[(ORIGIN, origin.as_bytes())]);
    assert_eq!(RUNS.get(), 1, "CORS by itself blocks nothing");
    response
}

/// Returns the value of a header that has one line.
pub(crate) fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut lines = headers.get_all(name).iter();
    let line = lines.next()?;
    assert!(lines.next().is_none(), "{name} is doubled");
    Some(line.to_str().expect("ASCII"))
}

pub(crate) fn cors_headers(headers: &HeaderMap) -> Vec<&str> {
    headers
        .keys()
        .map(HeaderName::as_str)
        .filter(|name| name.starts_with("access-control-"))
        .collect()
}

#[track_caller]
pub(crate) fn assert_refused(response: &Response<String>) {
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert_eq!(cors_headers(response.headers()), [""; 0]);
}

#[track_caller]
pub(crate) fn assert_allowed(response: &Response<String>) {
    assert_eq!(
        response.status(),
        StatusCode::NO_CONTENT,
        "{:?}",
        response.headers()
    );
}
