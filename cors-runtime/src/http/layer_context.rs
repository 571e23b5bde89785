//! What the CORS layers of a request and the policies inside of them share.
//!
//! A layer answers the preflights of everything inside of it. The innermost policy decides the
//! headers of the response. The context is in the extensions of the request and not of the
//! response, so that a response of middleware, for example after a panic or a time-out, also gets
//! the headers of the handler's policy.
#![cfg_attr(
    not(feature = "tower"),
    allow(dead_code, reason = "each feature uses a part of the context")
)]

use std::ptr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::{HeaderValue, Request};

use crate::policy::Policy;
use crate::protocol::{ActualHeaders, CorsCheck, Denial, Event, OriginVerdict, PendingVerdict};
use crate::request::RequestView;

/// The context of one request, in its extensions. Nested layers share it.
#[derive(Clone, Debug)]
pub(crate) struct LayerContext(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// The policy of the outermost layer, which answers the preflights.
    preflight_policy: &'static Policy,
    /// The origin that the verdicts are about.
    origin: Option<HeaderValue>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Counts the policies that have set `headers`.
    version: u32,
    /// The headers of the innermost policy that has decided the request, or `None` if that policy
    /// has refused it.
    headers: Option<ActualHeaders<HeaderValue>>,
    /// The event of these headers, if a layer has set them.
    event: Option<Event>,
    /// The verdict of the outermost layer.
    verdict: LayerVerdict,
    /// The verdicts of the layers inside of it.
    inner_verdicts: Vec<(&'static Policy, LayerVerdict)>,
}

/// The verdict of a layer's CORS check.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LayerVerdict {
    Pending,
    Known(OriginVerdict),
}

impl State {
    fn set(&mut self, headers: Option<ActualHeaders<HeaderValue>>, event: Option<Event>) {
        self.version += 1;
        self.headers = headers;
        self.event = event;
    }
}

impl LayerContext {
    /// Returns the context that an outer layer has attached.
    pub(crate) fn of<B>(request: &Request<B>) -> Option<&Self> {
        request.extensions().get::<Self>()
    }

    /// Attaches a layer's decision to a request that it passes on.
    pub(crate) fn attach<B>(
        request: &mut Request<B>,
        policy: &'static Policy,
        verdict: LayerVerdict,
        headers: ActualHeaders<HeaderValue>,
        event: Option<Event>,
    ) -> Self {
        if let Some(outer) = Self::of(request) {
            let mut state = outer.state();
            state.set(Some(headers), event);
            state.inner_verdicts.push((policy, verdict));
            drop(state);
            return outer.clone();
        }
        let context = Self(Arc::new(Shared {
            preflight_policy: policy,
            origin: request.origin_value(),
            state: Mutex::new(State {
                version: 0,
                headers: Some(headers),
                event,
                verdict,
                inner_verdicts: Vec::new(),
            }),
        }));
        request.extensions_mut().insert(context.clone());
        context
    }

    /// Returns the CORS check of a layer with the same policy, for the same origin.
    ///
    /// A layer polls the inner service only after its own check, so a pending verdict is known when
    /// the returned check is polled.
    pub(crate) fn cors_check<B>(
        &self,
        policy: &'static Policy,
        request: &Request<B>,
    ) -> Option<CorsCheck> {
        let verdict = self.verdict(policy)?;
        if self.0.origin != request.origin_value() {
            return None;
        }
        if let LayerVerdict::Known(verdict) = verdict {
            return Some(CorsCheck::Known(verdict));
        }
        let context = self.clone();
        Some(CorsCheck::Pending(PendingVerdict::new(async move {
            match context.verdict(policy) {
                Some(LayerVerdict::Known(verdict)) => verdict,
                Some(LayerVerdict::Pending) | None => OriginVerdict::Denied(Denial::NotAsked),
            }
        })))
    }

    fn verdict(&self, policy: &'static Policy) -> Option<LayerVerdict> {
        let state = self.state();
        if ptr::eq(self.0.preflight_policy, policy) {
            return Some(state.verdict);
        }
        let mut inner = state.inner_verdicts.iter();
        let (_, verdict) = inner.find(|(it, _)| ptr::eq(*it, policy))?;
        Some(*verdict)
    }

    /// Returns why a policy must refuse the origins that it denies: an outer policy, which may
    /// allow them, answers the preflights.
    pub(crate) fn outer_denial(&self, policy: &'static Policy) -> Option<Denial> {
        let is_other = !ptr::eq(self.0.preflight_policy, policy);
        is_other.then_some(Denial::AnsweredByOuterPolicy)
    }

    /// Sets the headers of an inner policy, or `None` if it refuses the request.
    pub(crate) fn set_headers(&self, headers: Option<&ActualHeaders<HeaderValue>>) {
        self.state().set(headers.cloned(), None);
    }

    /// Returns the version of the headers, for [`settle`](Self::settle).
    #[cfg(feature = "tower")]
    pub(crate) fn version(&self) -> u32 {
        self.state().version
    }

    /// Sets the result of a pending check. The headers of an inner policy that has decided since
    /// then are kept.
    #[cfg(feature = "tower")]
    pub(crate) fn settle(
        &self,
        policy: &'static Policy,
        verdict: OriginVerdict,
        version: u32,
        headers: Option<ActualHeaders<HeaderValue>>,
        event: Option<Event>,
    ) {
        let mut state = self.state();
        let verdict = LayerVerdict::Known(verdict);
        if ptr::eq(self.0.preflight_policy, policy) {
            state.verdict = verdict;
        }
        for (layer, inner) in &mut state.inner_verdicts {
            if ptr::eq(*layer, policy) {
                *inner = verdict;
            }
        }
        if state.version == version {
            state.headers = headers;
            state.event = event;
        }
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
        let mut state = self.0.state();
        let (headers, event) = (state.headers.clone(), state.event.take());
        drop(state);
        if let Some(event) = event {
            event.log();
        }
        if let Some(headers) = headers {
            headers.apply(response.headers_mut());
        }
    }
}
