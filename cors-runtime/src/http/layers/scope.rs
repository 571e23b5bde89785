//! A request inside of a layer.

use http::{HeaderValue, Request, Response};

use super::called::Called;
use super::stack::{self, Layer};
use super::{DecidedElsewhere, Outer, PassedOn};
use crate::origins::SourceResults;
use crate::policy::Policy;
use crate::protocol::decide::OuterHeaders;
use crate::protocol::{ActualHeaders, Event};

/// A request that a layer has passed on, until its response is made.
#[derive(Debug)]
pub(crate) struct Scope {
    outer: Outer,
    /// The policy of the outermost layer, which answers the preflights. `None` if it is unknown.
    preflight_policy: Option<&'static Policy>,
    /// The headers of the innermost policy that has decided the request, or `None` if that policy
    /// has refused it.
    headers: Option<ActualHeaders<HeaderValue>>,
    /// Logged unless an inner policy decides the request, also when the inner service fails or is
    /// cancelled.
    event: Option<Event>,
    called: Option<Box<Called>>,
}

impl Scope {
    /// Marks a request, and passes the decision of its layer to the outer ones. `results`
    /// are those of the layer's CORS check.
    /// Passes the decision of a layer to the outer ones. `results` are those of its CORS check.
    pub(in crate::http) fn new<B>(
        request: &Request<B>,
        outer: Outer,
        policy: &'static Policy,
        results: SourceResults,
        OuterHeaders { headers, event }: OuterHeaders<HeaderValue>,
    ) -> Self {
        outer.set_headers(Some(&headers));
        let preflight_policy = match outer {
            Outer::Absent => Some(policy),
            Outer::Here | Outer::Elsewhere => outer.preflight_policy(),
        };
        Self {
            outer,
            preflight_policy,
            headers: Some(headers),
            event: Some(event),
            called: Called::new(results, request),
        }
    }

    /// Marks the request, and calls the inner service.
    pub(crate) fn call<B, T>(
        &mut self,
        mut request: Request<B>,
        call: impl FnOnce(Request<B>) -> T,
    ) -> T {
        // The mark of the outermost layer is enough.
        if self.outer == Outer::Absent {
            request.extensions_mut().insert(PassedOn);
        }
        self.poll(|| call(request))
    }

    /// Polls the future of the inner service.
    pub(crate) fn poll<T>(&mut self, poll: impl FnOnce() -> T) -> T {
        let layer = Layer {
            outer: self.outer,
            preflight_policy: self.preflight_policy,
            called: self.called.take(),
            inner: None,
        };
        let leave = |layer: &mut Layer| {
            self.called = layer.called.take();
            if let Some(headers) = layer.inner.take() {
                self.headers = headers;
                self.event = None;
            }
        };
        stack::enter(layer, leave, poll)
    }

    /// Adds the headers of the innermost policy to the response.
    pub(crate) fn apply<B>(mut self, response: &mut Response<B>) {
        if response
            .extensions_mut()
            .remove::<DecidedElsewhere>()
            .is_some()
        {
            self.event = None;
        } else if let Some(headers) = self.headers.take() {
            headers.apply(response.headers_mut());
        }
        self.outer.mark(response);
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        self.event.take().into_iter().for_each(Event::log);
    }
}
