//! What the CORS layers of a request and the policies inside of them share.
//!
//! A layer answers the preflights of everything inside of it. The innermost policy decides the
//! headers of the response. The context is in the extensions of the request and not of the
//! response, so that a response of middleware, for example after a panic or a time-out, also gets
//! the headers of the handler's policy.
#![cfg_attr(
    not(any(feature = "axum", feature = "tower")),
    allow(
        dead_code,
        reason = "without the features, no layer attaches a context"
    )
)]

use std::ptr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::header::HOST;
use http::{HeaderMap, HeaderValue, Method, Request, Uri};

use crate::origins::SourceResults;
use crate::policy::Policy;
use crate::protocol::{ActualHeaders, Denial, Event};
use crate::request::{RequestHeader, RequestView as _};

/// The context of one request, in its extensions. Nested layers share it.
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
    /// The event of these headers, if a layer has set them.
    event: Option<Event>,
    called: Option<Called>,
}

/// The results of the sources that the layers have called, and what they have decided about.
#[derive(Debug)]
struct Called {
    head: Head,
    results: SourceResults,
}

/// The parts of a request that a source decides by. Middleware can change them between two layers;
/// the results are then not used again.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    origin: HeaderValue,
    method: Method,
    uri: Uri,
    host: Option<HeaderValue>,
    /// All headers, if a source has read any other.
    headers: Option<HeaderMap>,
}

impl Head {
    /// Returns `None` for a request without an origin, for which no source is called.
    fn of<B>(request: &Request<B>, with_headers: bool) -> Option<Self> {
        request.single(RequestHeader::Origin)?;
        Some(Self {
            origin: request.origin_value()?,
            method: request.method().clone(),
            uri: request.uri().clone(),
            host: request.headers().get(HOST).cloned(),
            headers: with_headers.then(|| request.headers().clone()),
        })
    }

    fn is_of<B>(&self, request: &Request<B>) -> bool {
        Self::of(request, self.headers.is_some()).as_ref() == Some(self)
    }
}

impl LayerContext {
    /// Returns the context that an outer layer has attached.
    pub(crate) fn of<B>(request: &Request<B>) -> Option<&Self> {
        request.extensions().get::<Self>()
    }

    /// Attaches a layer's decision to a request that it passes on. `results` are those of its CORS
    /// check.
    pub(crate) fn attach<B>(
        request: &mut Request<B>,
        policy: &'static Policy,
        results: SourceResults,
        headers: ActualHeaders<HeaderValue>,
        event: Event,
    ) -> Self {
        let mut state = State {
            headers: Some(headers),
            event: Some(event),
            called: None,
        };
        if !results.is_empty() {
            let head = Head::of(request, results.reads_headers);
            state.called = head.map(|head| Called { head, results });
        }
        if let Some(outer) = Self::of(request) {
            *outer.state() = state;
            return outer.clone();
        }
        let context = Self(Arc::new(Shared {
            preflight_policy: policy,
            state: Mutex::new(state),
        }));
        request.extensions_mut().insert(context.clone());
        context
    }

    /// Returns the results of the sources that the layers have called for the same request.
    pub(crate) fn results<B>(&self, request: &Request<B>) -> SourceResults {
        let state = self.state();
        let called = state.called.as_ref();
        let same = called.filter(|called| called.head.is_of(request));
        same.map(|called| called.results.clone())
            .unwrap_or_default()
    }

    /// Returns why a policy must refuse the origins that it denies: an outer policy, which may
    /// allow them, answers the preflights.
    pub(crate) fn outer_denial(&self, policy: &'static Policy) -> Option<Denial> {
        let is_other = !ptr::eq(self.0.preflight_policy, policy);
        is_other.then_some(Denial::AnsweredByOuterPolicy)
    }

    /// Sets the headers of an inner policy, or `None` if it refuses the request.
    pub(crate) fn set_headers(&self, headers: Option<&ActualHeaders<HeaderValue>>) {
        let mut state = self.state();
        state.headers = headers.cloned();
        state.event = None;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic cannot leave the state half changed.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Adds the headers of the innermost policy to a response.
#[cfg(any(feature = "axum", feature = "tower"))]
#[derive(Debug)]
pub(crate) struct InnerHeaders(pub(crate) LayerContext);

#[cfg(any(feature = "axum", feature = "tower"))]
impl<B> super::OnResponse<http::Response<B>> for InnerHeaders {
    fn apply(self, response: &mut http::Response<B>) {
        let headers = self.0.state().headers.clone();
        if let Some(headers) = headers {
            headers.apply(response.headers_mut());
        }
    }
}

/// Logs the denial of a layer if no inner policy has decided the request, also when the inner
/// service fails or is cancelled.
#[cfg(any(feature = "axum", feature = "tower"))]
impl Drop for InnerHeaders {
    fn drop(&mut self) {
        let event = self.0.state().event.take();
        event.into_iter().for_each(Event::log);
    }
}
