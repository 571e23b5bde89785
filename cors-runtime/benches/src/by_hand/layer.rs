//! Hand-written CORS as a layer of tower.

use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, Entry, ORIGIN, OccupiedEntry,
    VARY,
};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use pin_project_lite::pin_project;
use tower::Service;

use super::{Policy, Rules, covers_origin, method_is_allowed, names_are_allowed};

const ANY: HeaderValue = HeaderValue::from_static("*");
const TRUE: HeaderValue = HeaderValue::from_static("true");
const EXPOSE: HeaderValue = HeaderValue::from_static("x-request-id");
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");
const VARY_ACTUAL: HeaderValue = HeaderValue::from_static("Origin");
const VARY_PREFLIGHT: HeaderValue = HeaderValue::from_static(
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
);

/// A layer for one policy. `F` returns the value of `Access-Control-Allow-Origin` for an origin.
#[derive(Clone)]
pub(crate) struct Layer<F, const STRICT: bool> {
    pub(crate) policy: &'static Policy,
    pub(crate) origins: F,
}

impl<S, F: Clone, const STRICT: bool> tower::Layer<S> for Layer<F, STRICT> {
    type Service = ByHand<S, F, STRICT>;

    fn layer(&self, inner: S) -> Self::Service {
        ByHand {
            inner,
            layer: self.clone(),
        }
    }
}

#[derive(Clone)]
pub(crate) struct ByHand<S, F, const STRICT: bool> {
    inner: S,
    layer: Layer<F, STRICT>,
}

impl<S, F, Q, B, const STRICT: bool> Service<Request<Q>> for ByHand<S, F, STRICT>
where
    S: Service<Request<Q>, Response = Response<B>>,
    F: Fn(&HeaderValue) -> Option<HeaderValue>,
    B: Default,
{
    type Response = Response<B>;
    type Error = S::Error;
    type Future = Responding<S::Future, B, Rules<STRICT>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let policy = self.layer.policy;
        let headers = request.headers();
        let (has_origin, allowed) = allowed::<STRICT>(headers, &self.layer.origins);
        if *request.method() == Method::OPTIONS
            && has_origin
            && let Some(method) = headers.get(ACCESS_CONTROL_REQUEST_METHOD)
        {
            let response = preflight::<B, STRICT>(policy, allowed, method, headers);
            return Responding::Preflight {
                response: Some(response),
                rules: PhantomData,
            };
        }
        let allowed = if policy.varies { allowed } else { Some(ANY) };
        Responding::Actual {
            future: self.inner.call(request),
            allowed,
            policy,
        }
    }
}

/// Returns whether the request has an origin, and the value that allows it.
#[inline]
fn allowed<const STRICT: bool>(
    headers: &HeaderMap,
    origins: impl Fn(&HeaderValue) -> Option<HeaderValue>,
) -> (bool, Option<HeaderValue>) {
    if !STRICT {
        let origin = headers.get(ORIGIN);
        return (origin.is_some(), origin.and_then(origins));
    }
    let mut lines = headers.get_all(ORIGIN).iter();
    let first = lines.next();
    let sole = first.filter(|it| lines.next().is_none() && !it.is_empty() && it.len() <= 512);
    (first.is_some(), sole.and_then(origins))
}

fn preflight<B: Default, const STRICT: bool>(
    policy: &Policy,
    allowed: Option<HeaderValue>,
    method: &HeaderValue,
    headers: &HeaderMap,
) -> Response<B> {
    let mut response = Response::new(B::default());
    let lines = headers.get_all(ACCESS_CONTROL_REQUEST_HEADERS).iter();
    let lines = lines.map(HeaderValue::as_bytes);
    let fits =
        method_is_allowed(method.as_bytes()) && names_are_allowed::<STRICT>(policy.names, lines);
    response.headers_mut().insert(VARY, VARY_PREFLIGHT);
    *response.status_mut() = StatusCode::FORBIDDEN;
    if let Some(allowed) = allowed.filter(|_| fits) {
        allow(policy, allowed, response.headers_mut());
        *response.status_mut() = StatusCode::NO_CONTENT;
    }
    response
}

fn allow(policy: &Policy, origin: HeaderValue, headers: &mut HeaderMap) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    if policy.credentials {
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
    }
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, policy.allow_methods.clone());
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, policy.allow_headers.clone());
    headers.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
}

pin_project! {
    #[project = Projected]
    pub(crate) enum Responding<F, B, T> {
        Preflight { response: Option<Response<B>>, rules: PhantomData<T> },
        Actual { #[pin] future: F, allowed: Option<HeaderValue>, policy: &'static Policy },
    }
}

impl<F, B, E, const STRICT: bool> Future for Responding<F, B, Rules<STRICT>>
where
    F: Future<Output = Result<Response<B>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        match self.project() {
            Projected::Preflight { response, .. } => {
                Poll::Ready(Ok(response.take().expect("polled once")))
            }
            Projected::Actual {
                future,
                allowed,
                policy,
            } => {
                let mut response = ready!(future.poll(context))?;
                apply::<STRICT>(policy, allowed.take(), response.headers_mut());
                Poll::Ready(Ok(response))
            }
        }
    }
}

#[inline]
fn apply<const STRICT: bool>(
    policy: &Policy,
    allowed: Option<HeaderValue>,
    headers: &mut HeaderMap,
) {
    if policy.varies {
        vary::<STRICT>(headers);
    }
    let Some(allowed) = allowed else {
        if STRICT {
            remove_all(headers);
        }
        return;
    };
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
    if policy.credentials {
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
    } else if STRICT {
        headers.remove(ACCESS_CONTROL_ALLOW_CREDENTIALS);
    }
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSE);
}

#[inline]
fn vary<const STRICT: bool>(headers: &mut HeaderMap) {
    if !STRICT {
        headers.append(VARY, VARY_ACTUAL);
        return;
    }
    match headers.entry(VARY) {
        Entry::Vacant(entry) => _ = entry.insert(VARY_ACTUAL),
        Entry::Occupied(entry) => merge(entry),
    }
}

#[cold]
fn merge(mut entry: OccupiedEntry<'_, HeaderValue>) {
    if !entry.iter().any(|line| covers_origin(line.as_bytes())) {
        entry.append(VARY_ACTUAL);
    }
}

fn remove_all(headers: &mut HeaderMap) {
    let of_cors = |name: &&http::HeaderName| name.as_str().starts_with("access-control-");
    while let Some(name) = headers.keys().find(of_cors).cloned() {
        headers.remove(name);
    }
}
