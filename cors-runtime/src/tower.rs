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
//! The layer answers every preflight by its policy and never calls the inner service for one:
//! whoever is inside, code of yours among them, could not be asked without being run. Put it
//! outside of auth. An error of the inner service stays one: there is no response that could carry
//! a header.
//!
//! It goes around a router of axum's rather than into its `layer`: to an answer that comes out of
//! its routing axum adds `Allow`.
//!
//! # Policies inside
//!
//! An annotated handler inside says for itself what the response carries, also when middleware
//! between answers in its place, after a panic for example. But its preflights are the layer's. So
//! that a loose layer lends nothing to a stricter handler, a handler whose own policy refuses the
//! origin does not run for a page of another origin: 403. Of layers around each other the outermost
//! answers the preflights, and the innermost speaks for the response.
//!
//! - [`CorsLayer::policies_inside`] tells the layer which policy is where; that one then answers
//!   the preflights.
//! - It is the origin that a handler refuses. A method or a header that the layer allows to that
//!   origin reaches the handler.
//! - A layer with `enforce` refuses by its own policy also what a handler inside would allow,
//!   unless it is told.
//! - The handlers know of the layer by an extension of the request. Middleware between that makes a
//!   new request hides it.
#![cfg_attr(
    feature = "axum",
    doc = "\nFor an axum router there is [`Router::cors`](crate::axum::Router::cors), which knows \
           its handlers by itself."
)]
//!
//! # Readiness
//!
//! The inner service is asked whether it is ready before each request, preflights too. A permit
//! that it took for a preflight serves its next request, or is given back when the service is
//! dropped. A server that keeps one service for a whole connection wants its `ConcurrencyLimit`
//! outside of the layer.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::{Method, Request, Response, Uri};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::answers::{Answers, Open};
use crate::future;
use crate::http as protocol;
use crate::outer::Outer;
pub use crate::outer::SharedPolicy;
use crate::policy::Policy;
use crate::reply;
use crate::request::{self, Class};

type Lookup = dyn Fn(&Method, &Uri) -> Option<&'static Policy> + Send + Sync;

/// Puts a policy around any `Service<http::Request<_>>` whose response body is `Default`.
///
/// Its policy's `methods` are what preflights allow; without them GET, HEAD and POST. Bodies that
/// are `Default` are those of axum and tonic, `Full`, `Empty`, `BoxBody` and `String`; hyper's
/// `Incoming` is not, so a proxy maps it to one of them.
///
/// An actual request costs two small allocations, four where it has no extension yet: for what the
/// layer and the handlers inside tell each other.
#[derive(Clone)]
pub struct CorsLayer {
    policy: SharedPolicy,
    inside: Option<Arc<Lookup>>,
}

impl CorsLayer {
    /// A layer of that policy: a `&'static Policy`, or one made at start-up, as a [`Policy`], an
    /// `Arc<Policy>` or a `&'static LazyLock<Policy>`.
    ///
    /// # Panics
    ///
    /// If a list that the policy names is not [ready](Policy::ready). If it has both `enforce` and
    /// an `ask(..)`: whether the service inside may run would be known only after it was
    /// called.
    #[track_caller]
    pub fn new(policy: impl Into<SharedPolicy>) -> Self {
        let policy = policy.into();
        assert!(
            !(policy.enforce() && policy.asks()),
            "a `CorsLayer` cannot wait before it calls the service inside: the policy at {} has \
             both `enforce` and `ask(..)`; put it on the handlers, or into `Router::cors`",
            policy.location()
        );
        policy.expect_ready("`CorsLayer::new`");
        Self {
            policy,
            inside: None,
        }
    }

    /// Tells which policy a handler inside has, by the method and the URI of the actual request:
    /// that one then answers its preflights. `None` for those without: they are the layer's.
    /// The method of a preflight is the one that it asks for, HEAD among them. Of a policy with
    /// `enforce` nobody is asked by `ask(..)` here: what only that would allow is refused.
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

    /// The policy that a preflight is judged by.
    fn policy_asked_for<Q>(&self, preflight: &Request<Q>) -> SharedPolicy {
        let method = crate::decision::requested_method(preflight);
        let method = method.and_then(|method| Method::from_bytes(method).ok());
        match method {
            Some(method) => self.policy(&method, preflight.uri()),
            // It is refused whoever is asked.
            None => self.policy.clone(),
        }
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
            let policy = self.layer.policy_asked_for(&request);
            let open = Open::of([&*policy], &request);
            if !open.is_empty() {
                return CorsFuture::after_asking(open, policy, &request);
            }
            let answer = protocol::preflight(&policy, &request, &Answers::default());
            return CorsFuture::answer(answer);
        }
        let policy = self.layer.policy(request.method(), request.uri());
        // Whoever is to be refused before anybody runs is refused without asking.
        let open = Open::of([&*policy].into_iter().filter(|it| !it.enforce()), &request);
        if !open.is_empty() {
            // Until somebody has said more.
            let actual = reply::headers(&policy, &request);
            protocol::hand_over(&request, Some(&actual));
            let outer = Outer::enter(&mut request, policy.clone(), actual);
            return CorsFuture {
                waiting: Some(Waiting::for_actual(open, policy, outer.clone(), &request)),
                inner: future::CorsFuture::inward(self.inner.call(request), outer),
            };
        }
        let actual = match protocol::actual(&policy, &request, &Answers::default()) {
            Ok(actual) => actual,
            Err(reply) => return CorsFuture::answer(reply.into_response()),
        };
        let outer = Outer::enter(&mut request, policy, actual);
        CorsFuture {
            inner: future::CorsFuture::inward(self.inner.call(request), outer),
            waiting: None,
        }
    }
}

/// Until somebody has said whether the origin is allowed.
struct Waiting(Pin<Box<dyn Future<Output = Result<(), Response<()>>> + Send>>);

impl Waiting {
    fn for_preflight<Q>(open: Open, policy: SharedPolicy, request: &Request<Q>) -> Self {
        let head = protocol::head(request);
        let asking = open.ask(request);
        Self(Box::pin(async move {
            let answers = asking.await;
            Err(protocol::preflight(&policy, &head, &answers))
        }))
    }

    fn for_actual<Q>(open: Open, policy: SharedPolicy, outer: Outer, request: &Request<Q>) -> Self {
        let head = protocol::head(request);
        let asking = open.ask(request);
        let turn = outer.turn();
        Self(Box::pin(async move {
            let answers = asking.await;
            match protocol::judge(&policy, &head, &answers) {
                Ok(actual) => {
                    outer.settle(turn, Some(actual));
                    Ok(())
                }
                Err(reply) => {
                    outer.settle(turn, None);
                    Err(reply.into_response())
                }
            }
        }))
    }
}

pin_project! {
    /// The future of a [`CorsService`].
    pub struct CorsFuture<F, B>
    where
        F: Future,
    {
        #[pin]
        inner: future::CorsFuture<F, Response<B>, Outer>,
        // The service inside is called, but not polled before this is ready.
        waiting: Option<Waiting>,
    }
}

impl<F: Future, B> CorsFuture<F, B> {
    fn answer(response: Response<B>) -> Self {
        Self {
            inner: future::CorsFuture::answer(response),
            waiting: None,
        }
    }

    fn after_asking<Q>(open: Open, policy: SharedPolicy, preflight: &Request<Q>) -> Self {
        Self {
            inner: future::CorsFuture::nothing_yet(),
            waiting: Some(Waiting::for_preflight(open, policy, preflight)),
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
            let known = ready!(waiting.as_mut().poll(cx));
            *this.waiting = None;
            if let Err(answer) = known {
                return Poll::Ready(Ok(answer.map(|()| B::default())));
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
