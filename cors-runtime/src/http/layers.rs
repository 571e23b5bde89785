//! The state that the CORS layers of a request and the inner policies share.
//!
//! A layer answers the preflights of all inner endpoints. The innermost policy decides the headers
//! of the response, and refuses the origins that it denies, because the layer may have allowed
//! them. So an inner policy has to find its layer, and the layer has to receive the decision of the
//! inner policy.
//!
//! They share a [`LayerContext`] in the extensions of the request, which also reach another task.
//! The context is not in the extensions of the response. If middleware replaces the response of the
//! handler, for example after a panic or a time-out, the new response also gets the headers of the
//! handler's policy.
#![cfg_attr(
    not(any(feature = "axum", feature = "tower")),
    allow(dead_code, reason = "without the features, there is no layer")
)]

use std::ptr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[cfg(any(feature = "axum", feature = "tower"))]
use http::Response;
use http::header::HOST;
use http::{HeaderMap, HeaderValue, Method, Request, Uri};

#[cfg(any(feature = "axum", feature = "tower"))]
use super::future::CallInner;
use crate::origins::SourceResults;
use crate::policy::Policy;
#[cfg(any(feature = "axum", feature = "tower"))]
use crate::protocol::decide::OuterHeaders;
use crate::protocol::{ActualHeaders, Denial, Event};
use crate::request::RequestView as _;

/// The context of one request. All of its layers share it.
#[derive(Clone, Debug)]
pub(crate) struct LayerContext(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// The policy of the outermost layer, which answers the preflights.
    preflight_policy: &'static Policy,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// The headers of the innermost policy that has decided the request, or `None` if that policy
    /// has refused it.
    headers: Option<ActualHeaders<HeaderValue>>,
    /// The event is logged unless an inner policy decides the request. It is also logged when the
    /// inner service fails or is cancelled.
    event: Option<Event>,
    /// Whether the policy of a handler has decided the request. axum adds the layers of a router
    /// inside of the policies of its handlers, so a layer may follow.
    is_final: bool,
    /// Boxed, because most policies do not have sources.
    called: Option<Box<Called>>,
}

/// The results of the sources that the layers have called, with the parts of the request that they
/// decided by.
#[derive(Debug)]
struct Called {
    head: Head,
    results: SourceResults,
}

/// The parts of a request that a source decides by. Middleware can change these parts between two
/// layers. The results are then not used again.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    origin: HeaderValue,
    method: Method,
    uri: Uri,
    host: Option<HeaderValue>,
    /// All headers, if a source has read another header.
    headers: Option<HeaderMap>,
}

impl Called {
    /// Returns `None` if no source has been called.
    #[cfg(any(feature = "axum", feature = "tower"))]
    fn new<B>(results: SourceResults, request: &Request<B>) -> Option<Box<Self>> {
        if results.is_empty() {
            return None;
        }
        let head = Head::of(request, results.reads_headers)?;
        Some(Box::new(Self { head, results }))
    }

    /// Returns the results if they are about the same request.
    fn results<B>(&self, request: &Request<B>) -> Option<SourceResults> {
        let head = Head::of(request, self.head.headers.is_some());
        (head.as_ref() == Some(&self.head)).then(|| self.results.clone())
    }
}

impl Head {
    /// Returns `None` for a request without an origin, for which no source is called.
    fn of<B>(request: &Request<B>, with_headers: bool) -> Option<Self> {
        Some(Self {
            origin: request.origin().value()?.clone(),
            method: request.method().clone(),
            uri: request.uri().clone(),
            host: request.headers().get(HOST).cloned(),
            headers: with_headers.then(|| request.headers().clone()),
        })
    }
}

impl LayerContext {
    /// Returns the context that the outer layers of a request have attached.
    pub(super) fn of<B>(request: &Request<B>) -> Option<&Self> {
        request.extensions().get::<Self>()
    }

    /// Returns the results of the sources that the layers have called for the same request.
    pub(super) fn results<B>(&self, request: &Request<B>) -> Option<SourceResults> {
        self.state().called.as_ref()?.results(request)
    }

    /// Returns why a policy must refuse the origins that it denies: an outer policy, which may
    /// allow them, answers the preflights.
    pub(super) fn outer_denial(&self, policy: &'static Policy) -> Option<Denial> {
        let is_other = !ptr::eq(self.0.preflight_policy, policy);
        is_other.then_some(Denial::AnsweredByOuterPolicy)
    }

    /// Sets the headers of the policy of a handler, or `None` if it refuses the request.
    pub(super) fn set_headers(&self, headers: Option<&ActualHeaders<HeaderValue>>) {
        let mut state = self.state();
        state.headers = headers.cloned();
        state.event = None;
        state.is_final = true;
    }

    /// Records that an inner layer refuses the request.
    #[cfg(any(feature = "axum", feature = "tower"))]
    pub(super) fn refuse(&self) {
        let mut state = self.state();
        state.headers = None;
        state.event = None;
    }

    /// Returns whether the policy of a handler has decided the request.
    #[cfg(any(feature = "axum", feature = "tower"))]
    pub(super) fn is_final(&self) -> bool {
        self.state().is_final
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic cannot leave the state half changed.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that a layer has passed on, until its response is made.
#[cfg(any(feature = "axum", feature = "tower"))]
#[derive(Debug)]
pub(crate) struct Scope {
    context: LayerContext,
    is_outermost: bool,
}

#[cfg(any(feature = "axum", feature = "tower"))]
impl Scope {
    /// Creates the scope of a layer, and passes its decision to the outer ones. `results` are those
    /// of its CORS check.
    pub(super) fn new<B>(
        request: &Request<B>,
        policy: &'static Policy,
        results: SourceResults,
        OuterHeaders { headers, event }: OuterHeaders<HeaderValue>,
    ) -> Self {
        let state = State {
            headers: Some(headers),
            event: Some(event),
            is_final: false,
            called: Called::new(results, request),
        };
        let Some(outer) = LayerContext::of(request) else {
            return Self {
                context: LayerContext(Arc::new(Shared {
                    preflight_policy: policy,
                    state: Mutex::new(state),
                })),
                is_outermost: true,
            };
        };
        outer.state().replace(state);
        Self {
            context: outer.clone(),
            is_outermost: false,
        }
    }
}

#[cfg(any(feature = "axum", feature = "tower"))]
impl CallInner for Scope {
    fn prepare<Q>(&self, request: &mut Request<Q>) {
        if self.is_outermost {
            request.extensions_mut().insert(self.context.clone());
        }
    }

    fn apply<B>(self, response: &mut Response<B>) {
        let mut state = self.context.state();
        // An outer layer adds the headers again.
        let headers = if self.is_outermost {
            state.headers.take()
        } else {
            state.headers.clone()
        };
        drop(state);
        if let Some(headers) = headers {
            headers.apply(response.headers_mut());
        }
    }
}

#[cfg(any(feature = "axum", feature = "tower"))]
impl State {
    /// Replaces the decision of an outer layer, but not that of a handler's policy.
    fn replace(&mut self, inner: Self) {
        // A layer that has called no source keeps the results of the outer ones.
        if inner.called.is_some() {
            self.called = inner.called;
        }
        if !self.is_final {
            self.headers = inner.headers;
            self.event = inner.event;
        }
    }
}

#[cfg(any(feature = "axum", feature = "tower"))]
impl Drop for Scope {
    fn drop(&mut self) {
        let event = self.context.state().event.take();
        event.into_iter().for_each(Event::log);
    }
}
