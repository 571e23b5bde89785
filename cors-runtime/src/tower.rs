//! CORS as a [`Layer`]: around a service that is no router of this crate.
//!
//! ```
//! use cors_runtime::{Policy, policy, tower::CorsLayer};
//! use http::{Request, Response};
//! use tower::ServiceBuilder;
//!
//! static APP: Policy = policy! {
//!     origins = ["https://app.example.com"],
//!     methods = [PUT],
//!     headers = ["content-type"],
//! };
//!
//! async fn echo(request: Request<String>) -> Result<Response<String>, std::convert::Infallible> {
//!     Ok(Response::new(request.into_body()))
//! }
//!
//! let service = ServiceBuilder::new()
//!     .layer(CorsLayer::new(&APP))
//!     .service_fn(echo);
//! # let _ = service;
//! ```
//!
//! The layer answers every preflight by its policy and never calls the inner service for one: whoever is inside, code of
//! yours among them, could not be asked without being run. Put it outside of auth.
//!
//! An annotated handler inside says for itself what its response carries, and the layer leaves that alone. But its preflights
//! are the layer's. So that a loose layer lends nothing to a stricter handler, a handler whose own policy refuses the origin
//! does not run for a page of another origin: 403. [`CorsLayer::policies_inside`] tells the layer which policy is where.
//!
//! For an axum router there is [`Router::cors`](crate::axum::Router::cors), which knows its handlers by itself.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Method, Request, Response, Uri};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::future;
use crate::http as protocol;
use crate::outer::Outer;
pub use crate::outer::SharedPolicy;
use crate::policy::Policy;
use crate::request::{self, Class};

type Lookup = dyn Fn(&Method, &Uri) -> Option<&'static Policy> + Send + Sync;

/// Puts a policy around any `Service<http::Request<_>>` whose response body is `Default`.
///
/// Its policy's `methods` are what preflights allow; without them GET, HEAD and POST. A request costs one allocation
/// more than the service alone, for what the layer and the handlers inside tell each other.
#[derive(Clone)]
pub struct CorsLayer {
    policy: SharedPolicy,
    inside: Option<Arc<Lookup>>,
}

impl CorsLayer {
    /// A layer of that policy: a `&'static Policy`, a [`Policy`], or an `Arc<Policy>`.
    ///
    /// # Panics
    ///
    /// If a list that the policy names is not [ready](Policy::ready).
    #[track_caller]
    pub fn new(policy: impl Into<SharedPolicy>) -> Self {
        let policy = policy.into();
        if let Err(error) = policy.ready() {
            panic!("a `CorsLayer` cannot be made: {error}");
        }
        Self {
            policy,
            inside: None,
        }
    }

    /// Tells which policy a handler inside has, by the method and the URI of the actual request: that one then answers its
    /// preflights. `None` for those without: they are the layer's. The method of a preflight is the one that it asks for.
    ///
    /// ```
    /// use cors_runtime::{Policy, policy, tower::CorsLayer};
    ///
    /// static APP: Policy = policy! { origins = ["https://app.example.com"] };
    /// static ADMIN: Policy = policy! { origins = ["https://admin.example.com"], methods = [DELETE] };
    ///
    /// let layer = CorsLayer::new(&APP)
    ///     .policies_inside(|_method, uri| uri.path().starts_with("/admin/").then_some(&ADMIN));
    /// # let _ = layer;
    /// ```
    #[must_use]
    pub fn policies_inside(
        mut self,
        lookup: impl Fn(&Method, &Uri) -> Option<&'static Policy> + Send + Sync + 'static,
    ) -> Self {
        self.inside = Some(Arc::new(lookup));
        self
    }

    /// The policy for a request of that method.
    fn policy(&self, method: &Method, uri: &Uri) -> SharedPolicy {
        let inside = self.inside.as_ref().and_then(|lookup| lookup(method, uri));
        inside.map_or_else(|| self.policy.clone(), SharedPolicy::from)
    }

    fn answer<Q, B: Default>(&self, preflight: &Request<Q>) -> Response<B> {
        let method = crate::decision::requested_method(preflight);
        let method = method.and_then(|method| Method::from_bytes(method).ok());
        let policy = match method {
            Some(method) => self.policy(&method, preflight.uri()),
            // It is refused whoever is asked.
            None => self.policy.clone(),
        };
        protocol::preflight(&policy, preflight)
    }
}

impl fmt::Debug for CorsLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CorsLayer")
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

impl<S> Layer<S> for CorsLayer {
    type Service = CorsService<S>;

    fn layer(&self, inner: S) -> CorsService<S> {
        CorsService {
            inner,
            layer: self.clone(),
        }
    }
}

/// A service with a policy around it: what [`CorsLayer`] makes.
#[derive(Clone, Debug)]
pub struct CorsService<S> {
    inner: S,
    layer: CorsLayer,
}

impl<S, Q, B> Service<Request<Q>> for CorsService<S>
where
    S: Service<Request<Q>, Response = Response<B>>,
    B: Default,
{
    type Response = Response<B>;
    type Error = S::Error;
    type Future = CorsFuture<S::Future, B>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Q>) -> Self::Future {
        if request::classify(&request) == Class::Preflight {
            return CorsFuture::answer(self.layer.answer(&request));
        }
        let policy = self.layer.policy(request.method(), request.uri());
        let actual = match protocol::actual(&policy, &request) {
            Ok(actual) => actual,
            Err(reply) => return CorsFuture::answer(reply.into_response()),
        };
        let outer = Outer::enter(&mut request, policy, actual);
        CorsFuture {
            inner: future::CorsFuture::inward(self.inner.call(request), outer),
        }
    }
}

pin_project! {
    /// The future of a [`CorsService`].
    pub struct CorsFuture<F, B> {
        #[pin]
        inner: future::CorsFuture<F, Response<B>, Outer>,
    }
}

impl<F, B> CorsFuture<F, B> {
    fn answer(response: Response<B>) -> Self {
        Self {
            inner: future::CorsFuture::answer(response),
        }
    }
}

impl<F: Future<Output = Result<Response<B>, E>>, B, E> Future for CorsFuture<F, B> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.project().inner.poll(cx)
    }
}

impl<F, B> fmt::Debug for CorsFuture<F, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CorsFuture").finish_non_exhaustive()
    }
}
