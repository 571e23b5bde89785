//! What the middlewares around a handler, and the one on it, tell each other about a request.

use std::cell::{Cell, RefCell};
use std::ptr;
use std::rc::Rc;

use actix_web::HttpMessage as _;
use actix_web::dev::ServiceRequest;

use super::message::Actual;
use crate::policy::Policy;

/// In the extensions of a request. Shared, so that it outlives the request: an `Err` carries none.
#[derive(Clone)]
pub(super) struct Outer(Rc<Shared>);

#[derive(Default)]
struct Shared {
    /// By which a preflight of this request is answered further out, if it is.
    judge: Cell<Option<&'static Policy>>,
    /// What the innermost policy that has seen the request says about its response.
    spoken: RefCell<Option<Spoken>>,
}

/// `None`: it has refused the request, and its answer is left alone.
type Spoken = Option<Actual>;

impl Outer {
    pub(super) fn of(request: &ServiceRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }

    /// Of the middleware that is furthest out, which is the one that answers preflights, as far as
    /// it knows how.
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

    /// Tells those around what goes onto the response, whoever makes it: also what a middleware
    /// answers in place of the handler, after too long a time, gets the headers of that
    /// handler.
    pub(super) fn speak(&self, spoken: Spoken) {
        self.0.spoken.replace(Some(spoken));
    }

    /// What has been said, if anything has.
    pub(super) fn spoken(&self) -> Option<Spoken> {
        self.0.spoken.borrow().clone()
    }

    pub(super) fn judges_instead_of(&self, policy: &Policy) -> bool {
        let judge = self.0.judge.get();
        judge.is_some_and(|judge| !ptr::eq(judge, policy))
    }
}
