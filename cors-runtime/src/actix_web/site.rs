//! The handlers of one resource: all that comes to its path is judged by them.

use std::rc::Rc;

use actix_web::dev::ServiceRequest;

use super::entry::Entry;
use super::message::View;
use super::middleware::{self, After, Judge, Verdict};
use super::outer::Outer;
use super::registry::Registry;
use crate::answers::Asking;
use crate::decision;
use crate::denial::Denial;
use crate::policy::Policy;
use crate::reply;
use crate::request::{self, Class};

/// Judges all that comes to the path.
#[derive(Clone)]
pub(super) struct Site {
    /// Kept alive by those who stand in the app.
    _registry: Rc<Registry>,
    entry: Rc<Entry>,
}

impl Judge for Site {
    fn ask(&self, _: &ServiceRequest, view: &View<'_>) -> Option<Asking> {
        if !self.entry.policies().any(Policy::asks) {
            return None;
        }
        let (method, is_preflight) = middleware::method(view)?;
        match self.entry.owner(method) {
            Some(place) => middleware::ask(self.entry.handlers[place].policy(), view),
            // Whatever they would say, it is refused.
            None if is_preflight => None,
            // A 405, which any of them may allow.
            None => middleware::ask(self.entry.policies(), view),
        }
    }

    fn judge(&self, request: &ServiceRequest, view: &View<'_>) -> Verdict {
        match request::classify(view) {
            Class::Preflight => self.preflight(view, request),
            Class::NotCors | Class::Actual => self.actual(view, request),
        }
    }
}

impl Site {
    pub(super) fn new(registry: Rc<Registry>, entry: Rc<Entry>) -> Self {
        Self {
            _registry: registry,
            entry,
        }
    }

    fn preflight(&self, view: &View<'_>, request: &ServiceRequest) -> Verdict {
        let refuse = |denial| Verdict::Answer(reply::refuse(denial, None, view).into());
        let method = match decision::requested_name(view) {
            Ok(method) => method,
            Err(denial) => return refuse(denial),
        };
        let Some(place) = self.entry.owner(method) else {
            return refuse(Denial::NotServed);
        };
        let Some(rules) = self.entry.rules(place) else {
            // Somebody else's business: the user's OPTIONS handler, an inner middleware,
            // actix-web's 405.
            return Verdict::Inward(After::NOTHING);
        };
        let path = request.match_info().as_str();
        if self
            .entry
            .place
            .is_behind_another(request.resource_map(), path)
        {
            return refuse(Denial::BehindAnother);
        }
        Verdict::Answer(rules.preflight(view).into())
    }

    fn actual(&self, view: &View<'_>, request: &ServiceRequest) -> Verdict {
        // For what it is: here GET does not serve HEAD.
        let Some(place) = self.entry.serves(view.head.method.as_str()) else {
            // actix-web's 405, or the user's default service.
            let first = reply::first_that_allows(self.entry.policies(), view);
            if let Some(outer) = Outer::of(request) {
                outer.speak(first.clone());
            }
            return Verdict::Inward(first.into());
        };
        match self.entry.handlers[place].policy() {
            Some(policy) => middleware::actual(policy, request, view),
            None => Verdict::Inward(After::NOTHING),
        }
    }
}
