//! Endpoints of each adapter, with any policy.

pub(crate) mod actix_web;
pub(crate) mod annotated;
pub(crate) mod axum;
pub(crate) mod service;

use std::pin::Pin;

use cors_runtime::Policy;
use cors_runtime::testing::{Blocked, Browser, Fetch, Page, with_body};
use http::{HeaderName, HeaderValue, Request, Response};
use http_body_util::BodyExt;
use tower::service_fn;

use crate::invariants::RAN;
use crate::spec::Spec;

/// The path of every endpoint.
pub(crate) const PATH: &str = "/items";

/// The headers of every response of a handler. The policy has to replace or
/// remove those of CORS.
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

/// The methods for which an adapter calls the handler.
#[derive(Clone)]
pub(crate) enum Served {
    /// Every method: the policy is that of a whole service.
    All,
    /// The registered methods. Other methods get a 405 with the headers of the policy.
    Registered(Vec<&'static str>),
    /// The methods of a route macro. Other methods get a 404 without a policy.
    Routed(Vec<&'static str>),
    /// The methods of a handler without a policy of its own, which the default policy ignores.
    Unknown(Vec<&'static str>),
}

/// An endpoint at [`PATH`].
pub(crate) struct Endpoint {
    pub(crate) name: &'static str,
    served: Served,
    serve: Box<dyn Fn(Request<()>) -> Answering>,
}

impl Endpoint {
    fn new<F>(
        name: &'static str,
        served: Served,
        serve: impl Fn(Request<()>) -> F + 'static,
    ) -> Self
    where
        F: Future<Output = Response<Vec<u8>>> + 'static,
    {
        let serve = Box::new(move |request| Box::pin(serve(request)) as Answering);
        Self {
            name,
            served,
            serve,
        }
    }

    /// Returns whether the adapter calls the handler for the method.
    pub(crate) fn serves(&self, method: &str) -> bool {
        match &self.served {
            Served::All => true,
            Served::Registered(methods) | Served::Routed(methods) | Served::Unknown(methods) => {
                methods.contains(&method)
            }
        }
    }

    /// Returns whether a preflight may allow the method.
    pub(crate) fn allows_method(&self, spec: &Spec, method: &str) -> bool {
        match &self.served {
            Served::All | Served::Unknown(_) => spec.allows_method(method, None),
            Served::Registered(methods) | Served::Routed(methods) => {
                methods.contains(&method) && spec.allows_method(method, Some(methods))
            }
        }
    }

    /// Returns whether responses to the method have the headers of the policy.
    pub(crate) fn has_policy_for(&self, method: &str) -> bool {
        !matches!(self.served, Served::Routed(_)) || self.serves(method)
    }

    /// Returns the future that serves a request. The conversion of the request is done before.
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

/// The response of every handler, for frameworks with `http` 1.
pub(crate) fn response<B: Default>() -> Response<B> {
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
