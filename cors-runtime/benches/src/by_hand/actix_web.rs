//! Hand-written CORS as a middleware of actix-web, for [`MOUNTED`](super::MOUNTED).

use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN,
    VARY,
};
use actix_web::http::{Method, StatusCode};
use actix_web::{Error, HttpResponse};
use pin_project_lite::pin_project;

use super::{NAMES, Rules, covers_origin, method_is_allowed, names_are_allowed};

const TRUE: HeaderValue = HeaderValue::from_static("true");
const EXPOSE: HeaderValue = HeaderValue::from_static("x-request-id");
const METHODS: HeaderValue = HeaderValue::from_static("PUT");
const HEADERS: HeaderValue = HeaderValue::from_static("content-type, x-csrf-token");
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");
const VARY_ACTUAL: HeaderValue = HeaderValue::from_static("Origin");
const VARY_PREFLIGHT: HeaderValue = HeaderValue::from_static(
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
);

pub(crate) struct Middleware<const STRICT: bool>;

impl<S, B, const STRICT: bool> Transform<S, ServiceRequest> for Middleware<STRICT>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = ByHand<S, STRICT>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(ByHand(service)))
    }
}

pub(crate) struct ByHand<S, const STRICT: bool>(S);

impl<S, B, const STRICT: bool> Service<ServiceRequest> for ByHand<S, STRICT>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = Responding<S::Future, B, Rules<STRICT>>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.0.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let headers = request.headers();
        let (has_origin, allowed) = allowed::<STRICT>(headers);
        if *request.method() == Method::OPTIONS
            && has_origin
            && let Some(method) = headers.get(ACCESS_CONTROL_REQUEST_METHOD)
        {
            let response = preflight::<STRICT>(allowed, method, headers);
            let response = request.into_response(response).map_into_right_body();
            return Responding::Preflight {
                response: Some(response),
                rules: PhantomData,
            };
        }
        Responding::Actual {
            future: self.0.call(request),
            allowed,
        }
    }
}

/// Returns whether the request has an origin, and the value that allows it.
#[inline]
fn allowed<const STRICT: bool>(headers: &HeaderMap) -> (bool, Option<HeaderValue>) {
    if !STRICT {
        let origin = headers.get(ORIGIN);
        return (origin.is_some(), origin.and_then(exact));
    }
    let mut lines = headers.get_all(ORIGIN);
    let first = lines.next();
    let sole = first.filter(|it| lines.next().is_none() && !it.is_empty() && it.len() <= 512);
    (first.is_some(), sole.and_then(exact))
}

fn exact(origin: &HeaderValue) -> Option<HeaderValue> {
    const APP: HeaderValue = HeaderValue::from_static("https://app.example.com");
    const ADMIN: HeaderValue = HeaderValue::from_static("https://admin.example.com");
    const WWW: HeaderValue = HeaderValue::from_static("https://www.example.com");
    match origin.as_bytes() {
        b"https://app.example.com" => Some(APP),
        b"https://admin.example.com" => Some(ADMIN),
        b"https://www.example.com" => Some(WWW),
        _ => None,
    }
}

fn preflight<const STRICT: bool>(
    allowed: Option<HeaderValue>,
    method: &HeaderValue,
    headers: &HeaderMap,
) -> HttpResponse {
    let lines = headers
        .get_all(ACCESS_CONTROL_REQUEST_HEADERS)
        .map(HeaderValue::as_bytes);
    let fits = method_is_allowed(method.as_bytes()) && names_are_allowed::<STRICT>(NAMES, lines);
    let mut response = HttpResponse::new(StatusCode::FORBIDDEN);
    response.headers_mut().insert(VARY, VARY_PREFLIGHT);
    if let Some(origin) = allowed.filter(|_| fits) {
        *response.status_mut() = StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
        headers.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    }
    response
}

pin_project! {
    #[project = Projected]
    pub(crate) enum Responding<F, B, T> {
        Preflight { response: Option<ServiceResponse<EitherBody<B>>>, rules: PhantomData<T> },
        Actual { #[pin] future: F, allowed: Option<HeaderValue> },
    }
}

impl<F, B, const STRICT: bool> Future for Responding<F, B, Rules<STRICT>>
where
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
{
    type Output = Result<ServiceResponse<EitherBody<B>>, Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            Projected::Preflight { response, .. } => {
                Poll::Ready(Ok(response.take().expect("polled once")))
            }
            Projected::Actual { future, allowed } => {
                let mut response = std::task::ready!(future.poll(context))?;
                apply::<STRICT>(allowed.take(), response.headers_mut());
                Poll::Ready(Ok(response.map_into_left_body()))
            }
        }
    }
}

#[inline]
fn apply<const STRICT: bool>(allowed: Option<HeaderValue>, headers: &mut HeaderMap) {
    if !STRICT
        || !headers
            .get_all(VARY)
            .any(|line| covers_origin(line.as_bytes()))
    {
        headers.append(VARY, VARY_ACTUAL);
    }
    if let Some(allowed) = allowed {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSE);
    } else if STRICT {
        headers.retain(|name, _| !name.as_str().starts_with("access-control-"));
    }
}
