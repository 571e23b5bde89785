//! What the middlewares around a handler, and the one on it, tell each other about a request.

use std::cell::Cell;
use std::ptr;
use std::rc::Rc;

use actix_web::HttpMessage as _;
use actix_web::dev::ServiceRequest;

use crate::policy::Policy;

/// In the extensions of a request. Shared, so that it outlives the request: an `Err` carries none.
#[derive(Clone)]
pub(super) struct Outer(Rc<Shared>);

#[derive(Default)]
struct Shared {
    /// By which a preflight of this request is answered further out, if it is.
    judge: Cell<Option<&'static Policy>>,
    /// Whether a policy further in has spoken for the response.
    answered: Cell<bool>,
}

impl Outer {
    pub(super) fn of(request: &ServiceRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }

    /// Of the middleware that is furthest out, which is the one that answers preflights, as far as it knows how.
    pub(super) fn enter(request: &ServiceRequest, judge: Option<&'static Policy>) -> Self {
        let outer = Self::of(request).unwrap_or_else(|| {
            let outer = Self(Rc::default());
            request.extensions_mut().insert(outer.clone());
            outer
        });
        let judge = outer.0.judge.get().or(judge);
        outer.0.judge.set(judge);
        outer
    }

    /// Tells the others, and learns from them, that somebody speaks for the response. `false`: somebody has.
    pub(super) fn answer(&self) -> bool {
        !self.0.answered.replace(true)
    }

    pub(super) fn judges_instead_of(&self, policy: &Policy) -> bool {
        let judge = self.0.judge.get();
        judge.is_some_and(|judge| !ptr::eq(judge, policy))
    }
}
