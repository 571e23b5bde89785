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
//! The layer answers every preflight by its policy, and never calls the inner service for one. Add
//! it outside of authentication, which would refuse preflights. An error of the inner service is
//! returned unchanged, because it has no headers.
//!
//! With an axum router, wrap the whole router instead of calling `Router::layer`: axum adds `Allow`
//! to the responses that its routing returns.
//!
//! # Inner policies
//!
//! An annotated handler inside of the layer sets its own CORS headers, also on a response that
//! middleware returns in its place, for example after a panic. The layer still answers the
//! handler's preflights. If the policy of the handler denies the origin, the handler does not run
//! and the response is 403, even if the layer allowed the preflight. Of nested layers, the
//! outermost answers the preflights, and the innermost sets the headers of the response.
//!
//! - With [`CorsLayer::policies_inside`], the layer answers the preflights of inner handlers by
//!   their own policies.
//! - Only the origin is checked again. A method or a header that the layer allows reaches the
//!   handler.
//! - A layer with `enforce` refuses by its own policy before an inner handler is called.
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
//!   policy uses the result if the origin, the method, the URI and the host are still the same. A
//!   source must not decide by another header that middleware between them changes.
//! - If middleware calls the inner service for a request of its own with the extensions of the
//!   original request, the headers of that inner policy are added to its response.
//!
//! # Readiness
//!
//! The layer polls the inner service's `poll_ready` before each request, including preflights. A
//! permit that the inner service acquires for a preflight serves its next request, or is released
//! when the service is dropped. If a server keeps one service for a whole connection, add a
//! `ConcurrencyLimit` outside of the layer.
//!
//! The inner service is `Clone`: a request whose policy has an `ask(..)` waits for the result
//! before the inner service is called.

use std::fmt;
use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::{HeaderValue, Method, Request, Response, Uri};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::http::{InnerHeaders, ServiceFuture, cors_check, outer_actual};
use crate::mounting::MountedPolicy;
use crate::policy::Policy;
pub use crate::policy::PolicyRef;
use crate::protocol::{CheckedOrigin, CorsCheck, OriginVerdict, PendingCheck, requested_method};
use crate::request::{Class, classify};

type Lookup = dyn Fn(&Method, &Uri) -> Option<&'static Policy> + Send + Sync;

/// Applies a policy to any `Service<http::Request<_>>` whose response body is `Default`.
///
/// Preflights allow the `methods` of the policy, and without them GET, HEAD and POST. The bodies of
/// axum and tonic, `Full`, `Empty`, `BoxBody` and `String` are `Default`. hyper's `Incoming` is
/// not; a proxy maps it to one of the others.
///
/// An actual request costs up to four small allocations, for the extension by which handlers inside
/// find the layer.
#[derive(Clone)]
pub struct CorsLayer {
    mounted: Arc<MountedPolicy<HeaderValue>>,
    inside: Option<Arc<Lookup>>,
}

impl CorsLayer {
    /// Creates a layer with a policy: a `&'static Policy`, or one that is made at start-up, as a
    /// [`Policy`] or a `&'static LazyLock<Policy>`.
    ///
    /// # Panics
    ///
    /// Panics if an origin source of the policy is not [ready](Policy::ready).
    #[track_caller]
    pub fn new(policy: impl Into<PolicyRef>) -> Self {
        let PolicyRef(policy) = policy.into();
        policy.expect_ready("`CorsLayer::new`");
        Self {
            mounted: Arc::new(MountedPolicy::unregistered(policy)),
            inside: None,
        }
    }

    /// Sets the function that finds the policy of an inner handler, by the method and the URI of
    /// the actual request. The layer then answers the handler's preflights by that policy.
    /// `None` means that the handler has no policy of its own.
    ///
    /// For a preflight, the method is the requested one, which may be HEAD.
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
        self.inside = Some(Arc::new(lookup));
        self
    }

    fn policy<Q>(&self, request: &Request<Q>) -> &'static Policy {
        let lookup = self.inside.as_ref();
        let inner = lookup.and_then(|lookup| lookup(request.method(), request.uri()));
        inner.unwrap_or(self.mounted.policy)
    }

    fn policy_of_preflight<Q>(&self, preflight: &Request<Q>) -> Arc<MountedPolicy<HeaderValue>> {
        let inner = self.inside.as_ref().and_then(|lookup| {
            // Every policy refuses an invalid method.
            let method = requested_method(preflight).ok()?;
            let method = Method::from_bytes(method.as_bytes()).ok()?;
            lookup(&method, preflight.uri())
        });
        match inner {
            Some(policy) => Arc::new(MountedPolicy::unregistered(policy)),
            None => Arc::clone(&self.mounted),
        }
    }
}

impl fmt::Debug for CorsLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CorsLayer")
            .field("policy", &self.mounted.policy)
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
        if classify(&request) == Class::Preflight {
            let mounted = self.layer.policy_of_preflight(&request);
            return match cors_check(mounted.policy, &request) {
                CorsCheck::Known(checked) => {
                    CorsFuture::decided(answer_preflight(&mounted, checked.verdict, &request))
                }
                CorsCheck::Pending(check) => {
                    let request = request.map(|_| ());
                    CorsFuture::waiting(check, Next::Preflight { mounted, request })
                }
            };
        }
        let policy = self.layer.policy(&request);
        match cors_check(policy, &request) {
            CorsCheck::Known(checked) => {
                CorsFuture::decided(call_inner(&mut self.inner, policy, checked, request))
            }
            CorsCheck::Pending(check) => {
                let clone = self.inner.clone();
                // Calls the service that was polled to be ready, not its clone.
                let inner = mem::replace(&mut self.inner, clone);
                let next = Next::Actual {
                    inner,
                    policy,
                    request,
                };
                CorsFuture::waiting(check, next)
            }
        }
    }
}

/// The future of a request whose CORS check is known.
type DecidedFuture<F, B> = ServiceFuture<F, Response<B>, InnerHeaders>;

fn answer_preflight<Q, F: Future, B: Default>(
    mounted: &MountedPolicy<HeaderValue>,
    verdict: OriginVerdict,
    request: &Request<Q>,
) -> DecidedFuture<F, B> {
    ServiceFuture::respond(mounted.preflight(verdict, request).into_response())
}

fn call_inner<S, Q, B>(
    inner: &mut S,
    policy: &'static Policy,
    checked: CheckedOrigin,
    mut request: Request<Q>,
) -> DecidedFuture<S::Future, B>
where
    S: Service<Request<Q>, Response = Response<B>>,
    B: Default,
{
    match outer_actual(policy, checked, &mut request) {
        Ok(context) => ServiceFuture::call_inner(inner.call(request), InnerHeaders(context)),
        Err(response) => ServiceFuture::respond(response.into_response()),
    }
}

/// What happens once a pending CORS check is known.
enum Next<S, Q> {
    Preflight {
        mounted: Arc<MountedPolicy<HeaderValue>>,
        request: Request<()>,
    },
    Actual {
        inner: S,
        policy: &'static Policy,
        request: Request<Q>,
    },
}

impl<S, Q, B> Next<S, Q>
where
    S: Service<Request<Q>, Response = Response<B>>,
    B: Default,
{
    fn decide(self, checked: CheckedOrigin) -> DecidedFuture<S::Future, B> {
        match self {
            Self::Preflight { mounted, request } => {
                answer_preflight(&mounted, checked.verdict, &request)
            }
            Self::Actual {
                mut inner,
                policy,
                request,
            } => call_inner(&mut inner, policy, checked, request),
        }
    }
}

pin_project! {
    /// The future of a [`CorsService`].
    pub struct CorsFuture<S, Q, B>
    where
        S: Service<Request<Q>>,
    {
        // `None` until the CORS check is known.
        #[pin]
        decided: Option<DecidedFuture<S::Future, B>>,
        waiting: Option<(PendingCheck, Next<S, Q>)>,
    }
}

impl<S: Service<Request<Q>>, Q, B> CorsFuture<S, Q, B> {
    fn decided(future: DecidedFuture<S::Future, B>) -> Self {
        Self {
            decided: Some(future),
            waiting: None,
        }
    }

    fn waiting(check: PendingCheck, next: Next<S, Q>) -> Self {
        Self {
            decided: None,
            waiting: Some((check, next)),
        }
    }
}

impl<S, Q, B> Future for CorsFuture<S, Q, B>
where
    S: Service<Request<Q>, Response = Response<B>>,
    B: Default,
{
    type Output = Result<Response<B>, S::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if let Some((check, _)) = this.waiting {
            let checked = ready!(Pin::new(check).poll(cx));
            let next = this.waiting.take();
            this.decided.set(next.map(|(_, next)| next.decide(checked)));
        }
        match this.decided.as_pin_mut() {
            Some(future) => future.poll(cx),
            None => Poll::Pending,
        }
    }
}

impl<S: Service<Request<Q>>, Q, B> fmt::Debug for CorsFuture<S, Q, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CorsFuture").finish_non_exhaustive()
    }
}
