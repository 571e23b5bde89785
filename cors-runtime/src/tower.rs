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
    doc = "\nFor an axum router there is [`Router::cors`](crate::axum::Router::cors), which knows \
           its handlers by itself."
)]
//!
//! # Readiness
//!
//! The layer polls the inner service's `poll_ready` before each request, including preflights. A
//! permit that the inner service acquires for a preflight serves its next request, or is released
//! when the service is dropped. If a server keeps one service for a whole connection, add a
//! `ConcurrencyLimit` outside of the layer.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::{HeaderValue, Method, Request, Response, Uri};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::http::{
    InnerHeaders, LayerContext, LayerVerdict, ServiceFuture, cors_check, outer_actual,
};
use crate::mounting::MountedPolicy;
use crate::policy::Policy;
pub use crate::policy::PolicyRef;
use crate::protocol::{CorsCheck, Denial, OriginVerdict, PendingVerdict, decide, requested_method};
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
    /// Panics if an origin source of the policy is not [ready](Policy::ready), and if the policy
    /// has both `enforce` and an `ask(..)`: the layer has to call the inner service before it
    /// knows the result.
    #[track_caller]
    pub fn new(policy: impl Into<PolicyRef>) -> Self {
        let PolicyRef(policy) = policy.into();
        assert!(
            !(policy.enforce() && policy.has_async_sources()),
            "a `CorsLayer` cannot wait before it calls the service inside: the policy at {} has \
             both `enforce` and `ask(..)`; put it on the handlers, or into `Router::cors`",
            policy.location()
        );
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
    /// For a preflight, the method is the requested one, which may be HEAD. An `ask(..)` in a
    /// policy with `enforce` is not called for an actual request: its origins are refused.
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

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        if classify(&request) == Class::Preflight {
            let mounted = self.layer.policy_of_preflight(&request);
            return match cors_check(mounted.policy, &request) {
                CorsCheck::Known(verdict) => {
                    CorsFuture::respond(mounted.preflight(verdict, &request).into_response())
                }
                CorsCheck::Pending(verdict) => {
                    CorsFuture::wait_for_preflight(mounted, verdict, request.map(|_| ()))
                }
            };
        }
        let policy = self.layer.policy(&request);
        match cors_check(policy, &request) {
            CorsCheck::Known(verdict) => self.actual(policy, verdict, request),
            // The inner service is called before the verdict is known, so it could not be refused.
            CorsCheck::Pending(_) if policy.enforce() => {
                self.actual(policy, OriginVerdict::Denied(Denial::NotAsked), request)
            }
            CorsCheck::Pending(verdict) => self.pending_actual(policy, verdict, request),
        }
    }
}

impl<S> CorsService<S> {
    fn actual<Q, B>(
        &mut self,
        policy: &'static Policy,
        verdict: OriginVerdict,
        mut request: Request<Q>,
    ) -> CorsFuture<S::Future, B>
    where
        S: Service<Request<Q>, Response = Response<B>>,
        B: Default,
    {
        match outer_actual(policy, verdict, &mut request) {
            Ok(context) => CorsFuture::call_inner(self.inner.call(request), context, None),
            Err(response) => CorsFuture::respond(response.into_response()),
        }
    }

    /// Calls the inner service, but does not poll its future before the verdict is known. Until
    /// then, the origin counts as denied.
    fn pending_actual<Q, B>(
        &mut self,
        policy: &'static Policy,
        pending: PendingVerdict,
        mut request: Request<Q>,
    ) -> CorsFuture<S::Future, B>
    where
        S: Service<Request<Q>, Response = Response<B>>,
        B: Default,
    {
        let outer_denial = outer_denial(policy, &request);
        let denied = OriginVerdict::Denied(Denial::NotAsked);
        let headers = match decide::outer_actual(policy, denied, None, &request) {
            Ok(outer) => outer.headers,
            Err(response) => return CorsFuture::respond(response.into_response()),
        };
        let head = head(&request);
        let context =
            LayerContext::attach(&mut request, policy, LayerVerdict::Pending, headers, None);
        let (shared, version) = (context.clone(), context.version());
        let waiting = Waiting::new(async move {
            let verdict = pending.await;
            let decision = decide::outer_actual(policy, verdict, outer_denial, &head);
            let (headers, event, refusal) = match decision {
                Ok(outer) => (Some(outer.headers), Some(outer.event), Ok(())),
                Err(response) => (None, None, Err(response.into_response())),
            };
            shared.settle(policy, verdict, version, headers, event);
            refusal
        });
        CorsFuture::call_inner(self.inner.call(request), context, Some(waiting))
    }
}

fn outer_denial<Q>(policy: &'static Policy, request: &Request<Q>) -> Option<Denial> {
    LayerContext::of(request)?.outer_denial(policy)
}

/// Copies the head of a request, for a decision after the request itself was passed on.
fn head<Q>(request: &Request<Q>) -> Request<()> {
    let mut head = Request::new(());
    head.method_mut().clone_from(request.method());
    head.uri_mut().clone_from(request.uri());
    head.headers_mut().clone_from(request.headers());
    head
}

/// A request that waits for its CORS check. The result is the response of a refused request.
struct Waiting(Pin<Box<dyn Future<Output = Result<(), Response<()>>> + Send>>);

impl Waiting {
    fn new(refusal: impl Future<Output = Result<(), Response<()>>> + Send + 'static) -> Self {
        Self(Box::pin(refusal))
    }
}

pin_project! {
    /// The future of a [`CorsService`].
    pub struct CorsFuture<F, B>
    where
        F: Future,
    {
        #[pin]
        inner: ServiceFuture<F, Response<B>, InnerHeaders>,
        // `inner` is not polled before this is ready.
        waiting: Option<Waiting>,
    }
}

impl<F: Future, B> CorsFuture<F, B> {
    fn respond(response: Response<B>) -> Self {
        Self {
            inner: ServiceFuture::respond(response),
            waiting: None,
        }
    }

    fn call_inner(future: F, context: LayerContext, waiting: Option<Waiting>) -> Self {
        Self {
            inner: ServiceFuture::call_inner(future, InnerHeaders(context)),
            waiting,
        }
    }

    fn wait_for_preflight(
        mounted: Arc<MountedPolicy<HeaderValue>>,
        verdict: PendingVerdict,
        request: Request<()>,
    ) -> Self {
        Self {
            inner: ServiceFuture::pending(),
            waiting: Some(Waiting::new(async move {
                let verdict = verdict.await;
                Err(mounted.preflight(verdict, &request).into_response())
            })),
        }
    }
}

impl<F, B: Default, E> Future for CorsFuture<F, B>
where
    F: Future<Output = Result<Response<B>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        if let Some(Waiting(waiting)) = this.waiting {
            let refusal = ready!(waiting.as_mut().poll(cx));
            *this.waiting = None;
            if let Err(response) = refusal {
                return Poll::Ready(Ok(response.map(|()| B::default())));
            }
        }
        this.inner.poll(cx)
    }
}

impl<F: Future, B> fmt::Debug for CorsFuture<F, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CorsFuture").finish_non_exhaustive()
    }
}
