//! Endpoints of each adapter, with any policy.

pub(crate) mod actix_web;
pub(crate) mod annotated;
pub(crate) mod axum;
pub(crate) mod service;

use std::pin::Pin;
use std::rc::Rc;

use cors_runtime::Policy;
use cors_runtime::testing::{Blocked, Browser, Fetch, Page, with_body};
use http::{HeaderName, HeaderValue, Request, Response};
use http_body_util::BodyExt;
use tower::service_fn;

use crate::invariants::RAN;

/// The path of every endpoint.
pub(crate) const PATH: &str = "/items";

/// The headers of every response of a handler. Those of CORS are as of another library, and no
/// origin can be allowed by them.
pub(crate) const OWN_HEADERS: [(&str, &str); 9] = [
    (RAN, "yes"),
    ("x-total", "3"),
    ("etag", "\"1\""),
    ("vary", "accept-encoding"),
    ("access-control-allow-origin", "https://evil.example"),
    ("access-control-allow-origin", "*"),
    ("access-control-allow-credentials", "true"),
    ("access-control-allow-methods", "*"),
    ("access-control-expose-headers", "*"),
];

pub(crate) type Answering = Pin<Box<dyn Future<Output = Response<Vec<u8>>>>>;

/// An endpoint at [`PATH`].
#[derive(Clone)]
pub(crate) struct Endpoint {
    pub(crate) name: &'static str,
    /// The methods that the adapter knows, or `None` for a whole service.
    pub(crate) registered: Option<Vec<&'static str>>,
    /// Whether the methods that a preflight allows are those that the policy has by itself.
    pub(crate) ignores_registration: bool,
    /// The response to a method that is not registered, 404 instead of 405.
    pub(crate) is_not_found: bool,
    serve: Rc<dyn Fn(Request<()>) -> Answering>,
}

impl Endpoint {
    fn new<F>(name: &'static str, serve: impl Fn(Request<()>) -> F + 'static) -> Self
    where
        F: Future<Output = Response<Vec<u8>>> + 'static,
    {
        Self {
            name,
            registered: None,
            ignores_registration: false,
            is_not_found: false,
            serve: Rc::new(move |request| Box::pin(serve(request))),
        }
    }

    fn registered(self, methods: &[&'static str]) -> Self {
        let registered = Some(methods.to_vec());
        Self { registered, ..self }
    }

    pub(crate) fn not_found(self) -> Self {
        Self {
            is_not_found: true,
            ..self
        }
    }

    /// Returns whether a handler is registered for the method.
    pub(crate) fn serves(&self, method: &str) -> bool {
        let registered = self.registered.as_ref();
        registered.is_none_or(|registered| registered.contains(&method))
    }

    /// Returns the future that serves a request. The request has been converted before.
    pub(crate) fn send(&self, request: Request<()>) -> Answering {
        (self.serve)(request)
    }

    pub(crate) async fn fetch(&self, browser: &mut Browser, fetch: Fetch) -> Result<Page, Blocked> {
        let app = service_fn(async |request: Request<()>| {
            let response = self.send(request).await;
            Ok::<_, std::convert::Infallible>(response.map(|body| String::from_utf8(body).unwrap()))
        });
        browser.fetch(&mut with_body(app, |_| ()), fetch).await
    }
}

/// Returns an endpoint of each adapter that has a policy outside of a handler.
pub(crate) async fn with_layers(
    policy: &'static Policy,
    methods: &[&'static str],
) -> [Endpoint; 3] {
    [
        service::layer(policy),
        axum::default(policy, methods),
        actix_web::default(policy, methods).await,
    ]
}

/// For frameworks with `http` 1.
fn response<B: Default>() -> Response<B> {
    let mut response = Response::new(B::default());
    for (name, value) in OWN_HEADERS {
        let value = HeaderValue::from_static(value);
        response
            .headers_mut()
            .append(HeaderName::from_static(name), value);
    }
    response
}

/// For frameworks with `http` 1.
async fn collect<B: BodyExt<Error: std::fmt::Debug>>(response: Response<B>) -> Response<Vec<u8>> {
    let (parts, body) = response.into_parts();
    Response::from_parts(parts, body.collect().await.unwrap().to_bytes().to_vec())
}
