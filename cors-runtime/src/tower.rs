//! CORS as a [`Layer`], for any service of [`http::Request`]s.
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
//! The layer answers every preflight by its policy, and never calls the inner service for a
//! preflight. Add the layer outside of authentication, which would refuse preflights. An error of
//! the inner service is returned unchanged, because an error does not have headers.
//!
//! With an axum router, wrap the whole router instead of calling
//! [`Router::layer`](axum::Router::layer): axum adds `Allow` to the responses that its routing
//! returns.
//!
//! # Inner policies
//!
//! An annotated handler inside of the layer sets its own CORS headers. If middleware replaces its
//! response, for example after a panic, the new response has the same CORS headers. The layer still
//! answers the handler's preflights. If the policy of the handler denies the origin, the handler
//! does not run and the response is 403, even if the layer allowed the preflight. If layers are
//! nested, the outermost answers the preflights, and the innermost sets the headers of the
//! response.
//!
//! - With [`CorsLayer::policies_inside`], the layer answers the preflights of inner handlers by
//!   their own policies.
//! - Only the origin is checked again. A method or a header that the layer allows reaches the
//!   handler.
//! - A layer with `enforce` refuses by its own policy before an inner handler is called. If
//!   [`CorsLayer::policies_inside`] returns a policy for the request, that policy replaces the
//!   policy of the layer, including `enforce` and `hosts`.
//! - The handlers find the layer by an extension of the request. They do not find it if middleware
//!   between them creates a new request.
#![cfg_attr(
    feature = "axum",
    doc = "\nFor an axum router, use [`Router::cors`](crate::axum::Router::cors): a router has the \
           policies of its handlers."
)]
//!
//! # Limitations
//!
//! - A source of origins that both the layer and an inner policy name is called once. The inner
//!   policy uses the result if the origin, the method, the URI and the host have not changed. If
//!   the source has read a header, all other headers must also be the same.
//! - If middleware sends its own request to the inner service, with the extensions of the original
//!   request, the response gets the headers of that inner policy.
//!
//! # Readiness
//!
//! The layer calls `poll_ready` of the inner service before each request, including preflights. If
//! the inner service acquires a permit for a preflight, the next request uses the permit, or the
//! permit is released when the service is dropped. If a server keeps one service for a whole
//! connection, add a `ConcurrencyLimit` outside of the layer.
//!
//! The inner service is `Clone`: a request whose policy has an `ask(..)` waits for the result
//! before the inner service is called.

use std::fmt;
use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::{HeaderMap, Method, Request, Response, Uri};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::http::{Scope, ServiceFuture, cors_check_with, outer_actual};
use crate::mounting::{self, PreparedPolicies};
use crate::origins::SourceResults;
use crate::policy::Policy;
pub use crate::policy::PolicyRef;
use crate::protocol::{
    CheckedOrigin, CorsCheck, OriginVerdict, PendingCheck, Refusal, requested_method,
};
use crate::request::{Class, Received, classify};

type MountedPolicy = mounting::MountedPolicy<HeaderMap>;

type Lookup = dyn Fn(&Method, &Uri) -> Option<&'static Policy> + Send + Sync;

/// Applies a policy to any `Service<http::Request<_>>` whose response body is `Default`.
///
/// Preflights allow the `methods` of the policy, or GET, HEAD and POST without `methods`. The
/// bodies of axum and tonic, `Full`, `Empty`, `BoxBody` and `String` are `Default`. hyper's
/// `Incoming` is not. A proxy has to map it to another body.
///
/// If a request does not have extensions yet, passing the request on costs four small allocations,
/// and one more if an origin source has decided. The layer adds an extension, by which inner
/// policies find the layer, also on another task.
#[derive(Clone)]
pub struct CorsLayer {
    mounted: Arc<MountedPolicy>,
    inside: Option<Arc<Inside>>,
}

/// The policies of inner handlers.
struct Inside {
    lookup: Box<Lookup>,
    prepared: PreparedPolicies<HeaderMap>,
}

impl CorsLayer {
    /// Creates a layer with a policy: a `&'static Policy`, or one that is made at start-up, as a
    /// [`Policy`] or a `&'static LazyLock<Policy>`.
    ///
    /// # Panics
    ///
    /// Panics if an origin source of the policy is not [ready](Policy::ready).
    #[track_caller]
    #[doc(alias("permissive", "very_permissive"))]
    pub fn new(policy: impl Into<PolicyRef>) -> Self {
        let PolicyRef(policy) = policy.into();
        policy.expect_ready("`CorsLayer::new`");
        Self {
            mounted: Arc::new(MountedPolicy::unregistered(policy)),
            inside: None,
        }
    }

    /// Sets the function that finds the policy of an inner handler, by the method and the URI of
    /// the actual request. The layer then answers the handler's preflights by that policy. `None`
    /// means that the handler does not have its own policy.
    ///
    /// The policy replaces the policy of the layer for the request. Nothing is merged: if the layer
    /// has `enforce` or `hosts`, and the inner policy does not, then the layer does not refuse the
    /// request.
    ///
    /// For a preflight, the method is the requested one, which may be HEAD. The methods of one path
    /// may have different policies. So every preflight that this layer allows lists only the
    /// requested method, and browsers do not cache it: `max_age` has no effect.
    ///
    /// ```
    /// use cors_runtime::{Policy, policy, tower::CorsLayer};
    ///
    /// static APP: Policy = policy! { origins = ["https://app.example.com"] };
    /// static ADMIN: Policy = policy! {
    ///     origins = ["https://admin.example.com"],
    ///     methods = [DELETE],
    /// };
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
        self.inside = Some(Arc::new(Inside {
            lookup: Box::new(lookup),
            prepared: PreparedPolicies::new(),
        }));
        self
    }

    /// Returns the policy of an inner handler, for a request or for the actual request of a
    /// preflight.
    fn inner_policy<Q>(&self, class: Class, request: &Request<Q>) -> Option<Arc<MountedPolicy>> {
        self.inside.as_ref()?.policy(class, request)
    }

    /// Returns how the layer decides a request.
    fn step(&self, class: Class) -> Step {
        match (class, &self.inside) {
            (Class::Preflight, None) => Step::Preflight,
            (Class::Preflight, Some(_)) => Step::PreflightOfSharedPath,
            (Class::NotCors | Class::Actual, _) => Step::Actual,
        }
    }
}

impl Inside {
    fn policy<Q>(&self, class: Class, request: &Request<Q>) -> Option<Arc<MountedPolicy>> {
        let policy = if class == Class::Preflight {
            // Every policy refuses an invalid method.
            let method = requested_method(request).ok()?;
            let method = Method::from_bytes(method.as_bytes()).ok()?;
            (self.lookup)(&method, request.uri())
        } else {
            (self.lookup)(request.method(), request.uri())
        };
        Some(self.prepared.get(policy?))
    }
}

impl fmt::Debug for CorsLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CorsLayer")
            .field("policy", self.mounted.policy())
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

/// The service that [`CorsLayer`] creates.
///
/// ```
/// use cors_runtime::tower::{CorsLayer, CorsService};
/// use cors_runtime::{Policy, policy};
/// use tower::Layer;
///
/// static APP: Policy = policy! { origins = ["https://app.example.com"] };
///
/// let service: CorsService<axum::Router> = CorsLayer::new(&APP).layer(axum::Router::new());
/// # let _ = service;
/// ```
#[derive(Clone, Debug)]
pub struct CorsService<S> {
    inner: S,
    layer: CorsLayer,
}

impl<S, Q, B> Service<Request<Q>> for CorsService<S>
where
    S: Service<Request<Q>, Response = Response<B>> + Clone,
    B: Default,
{
    type Response = Response<B>;
    type Error = S::Error;
    type Future = CorsFuture<S, Q, B>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let Self { inner, layer } = self;
        let received = Received::new(&request);
        let class = classify(&received);
        let inner_policy = layer.inner_policy(class, &request);
        let mounted = inner_policy.as_ref().unwrap_or(&layer.mounted);
        let step = layer.step(class);
        let mut results = SourceResults::default();
        match cors_check_with(mounted.policy(), &received, &mut results) {
            CorsCheck::Known(verdict) => {
                let decision = decide(step, mounted, verdict, results, &received);
                CorsFuture::decided(decision, request, inner)
            }
            CorsCheck::Pending(check) => {
                let clone = inner.clone();
                let waiting = Waiting {
                    step,
                    mounted: Arc::clone(mounted),
                    request,
                    // Calls the service that was polled to be ready, not its clone.
                    inner: mem::replace(inner, clone),
                };
                CorsFuture {
                    decided: None,
                    waiting: Some(Box::new((check, waiting))),
                }
            }
        }
    }
}

/// The decision of the layer for a request: it responds, or it calls the inner service.
type Decision<B> = Result<Scope, Response<B>>;

/// How the layer decides a request.
#[derive(Clone, Copy)]
enum Step {
    Preflight,
    /// A preflight for a path whose other methods may have other policies.
    PreflightOfSharedPath,
    Actual,
}

fn decide<Q, B: Default>(
    step: Step,
    mounted: &MountedPolicy,
    verdict: OriginVerdict,
    results: SourceResults,
    received: &Received<'_, Request<Q>>,
) -> Decision<B> {
    let response = match step {
        Step::Preflight => mounted.preflight(verdict, received),
        Step::PreflightOfSharedPath => mounted.preflight_of_shared_path(verdict, received),
        Step::Actual => {
            let decided = outer_actual(&mounted.prepared, verdict, results, received);
            return decided.map_err(Refusal::to_response);
        }
    };
    Err(response.into_response())
}

/// A request that waits for its CORS check.
struct Waiting<S, Q> {
    step: Step,
    mounted: Arc<MountedPolicy>,
    request: Request<Q>,
    inner: S,
}

pin_project! {
    /// The future of a [`CorsService`].
    pub struct CorsFuture<S, Q, B>
    where
        S: Service<Request<Q>>,
    {
        // `None` until the CORS check is known.
        #[pin]
        decided: Option<ServiceFuture<S::Future, B, Scope>>,
        waiting: Option<Box<(PendingCheck, Waiting<S, Q>)>>,
    }
}

impl<S, Q, B> CorsFuture<S, Q, B>
where
    S: Service<Request<Q>, Response = Response<B>>,
{
    fn decided(decision: Decision<B>, request: Request<Q>, inner: &mut S) -> Self {
        Self {
            decided: Some(match decision {
                Ok(scope) => ServiceFuture::call_inner(request, |it| inner.call(it), scope),
                Err(response) => ServiceFuture::respond(response),
            }),
            waiting: None,
        }
    }
}

impl<S, Q, B> Future for CorsFuture<S, Q, B>
where
    S: Service<Request<Q>, Response = Response<B>>,
    B: Default,
{
    type Output = Result<Response<B>, S::Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.as_mut().project();
        if let Some(waiting) = this.waiting {
            let checked = ready!(Pin::new(&mut waiting.0).poll(cx));
            if let Some(waiting) = this.waiting.take() {
                let decided = waiting.1.decide(checked);
                self.set(decided);
            }
        }
        match self.project().decided.as_pin_mut() {
            Some(future) => future.poll(cx),
            None => Poll::Pending,
        }
    }
}

impl<S, Q> Waiting<S, Q> {
    fn decide<B>(self, checked: CheckedOrigin) -> CorsFuture<S, Q, B>
    where
        S: Service<Request<Q>, Response = Response<B>>,
        B: Default,
    {
        let Self {
            step,
            mounted,
            request,
            mut inner,
        } = self;
        let CheckedOrigin { verdict, results } = checked;
        let received = Received::new(&request);
        let decision = decide(step, &mounted, verdict, results, &received);
        CorsFuture::decided(decision, request, &mut inner)
    }
}

impl<S: Service<Request<Q>>, Q, B> fmt::Debug for CorsFuture<S, Q, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CorsFuture").finish_non_exhaustive()
    }
}
