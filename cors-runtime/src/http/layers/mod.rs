//! The layers around a policy, and what they share with it.
//!
//! A layer answers the preflights of everything inside of it. The innermost policy decides the
//! headers of the response, and refuses the origins that it denies, because the layer may have
//! allowed them. So an inner policy has to find its layer, and the layer has to receive the
//! decision of the inner policy:
//!
//! - A layer marks each request that it passes on. The mark follows the request to another task,
//!   and distinguishes it from a new request that a handler sends to another service. It costs the
//!   two allocations of [`http::Extensions`] that are empty so far.
//! - While a layer calls its inner service, and while it polls the future, it is on the [`stack`]
//!   of the thread. An inner policy finds the policy of the layer there, and leaves its own
//!   headers. A response that middleware makes in place of the handler's, for example after a panic
//!   or a time-out, gets these headers as well.
//! - A policy that finds the mark without a layer on the stack runs on another task. It refuses
//!   every origin that it denies, and marks its response, so that the layer leaves the headers
//!   unchanged.

mod called;
#[cfg(any(feature = "axum", feature = "tower"))]
mod scope;
mod stack;

use std::ptr;

use http::{HeaderValue, Request, Response};

#[cfg(any(feature = "axum", feature = "tower"))]
pub(crate) use self::scope::Scope;
use crate::origins::SourceResults;
use crate::policy::Policy;
use crate::protocol::{ActualHeaders, Denial};

/// The mark of a request that a layer has passed on. A type without data needs no allocation of its
/// own.
#[derive(Clone, Copy)]
struct PassedOn;

/// The mark of a response whose headers a policy on another task has decided.
#[derive(Clone, Copy)]
struct DecidedElsewhere;

/// Where the next outer layer of a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outer {
    Absent,
    /// The innermost layer on the stack of the thread.
    Here,
    /// On another task.
    Elsewhere,
}

impl Outer {
    pub(crate) fn of<B>(request: &Request<B>) -> Self {
        if request.extensions().get::<PassedOn>().is_none() {
            Self::Absent
        } else if stack::with_innermost(|_| ()).is_some() {
            Self::Here
        } else {
            Self::Elsewhere
        }
    }

    /// Returns the results of the sources that the layers have called for the same request.
    pub(super) fn results<B>(self, request: &Request<B>) -> SourceResults {
        let results = self.here(|layer| {
            let called = layer.called.as_ref();
            called.and_then(|called| called.results(request))
        });
        results.flatten().unwrap_or_default()
    }

    /// Returns why a policy must refuse the origins that it denies: an outer policy, which may
    /// allow them, answers the preflights.
    pub(super) fn denial(self, policy: &'static Policy) -> Option<Denial> {
        let is_same = || {
            self.preflight_policy()
                .is_some_and(|it| ptr::eq(it, policy))
        };
        let is_other = self != Self::Absent && !is_same();
        is_other.then_some(Denial::AnsweredByOuterPolicy)
    }

    /// Returns the policy of the outermost layer, if it is known.
    fn preflight_policy(self) -> Option<&'static Policy> {
        self.here(|layer| layer.preflight_policy).flatten()
    }

    /// Passes the headers of an inner policy to the layers, or `None` if it refuses the request.
    pub(super) fn set_headers(self, headers: Option<&ActualHeaders<HeaderValue>>) {
        if self == Self::Here {
            stack::set_headers(headers);
        }
    }

    /// Marks a response whose headers a policy on another task has decided.
    pub(super) fn mark<B>(self, response: &mut Response<B>) {
        if self == Self::Elsewhere {
            response.extensions_mut().insert(DecidedElsewhere);
        }
    }

    fn here<T>(self, get: impl FnOnce(&mut stack::Layer) -> T) -> Option<T> {
        if self == Self::Here {
            stack::with_innermost(get)
        } else {
            None
        }
    }
}
