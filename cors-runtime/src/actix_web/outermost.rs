//! The middleware that stands outside of auth: it answers where it knows the answer, and lets
//! everything else in.

use std::cell::OnceCell;
use std::rc::Rc;

use actix_web::HttpRequest;
use actix_web::dev::ServiceRequest;

use super::entry::Entry;
use super::message::{Actual, View};
use super::middleware::{self, After, Judge, Verdict};
use super::outer::Outer;
use super::place;
use super::registry::{Registry, owner};
use crate::answers::Asking;
use crate::decision::{self, AllowMethods};
use crate::denial::Denial;
use crate::headers::{Advertised, Reply};
use crate::policy::Policy;
use crate::reply;
use crate::request::{self, Class};

/// In one app, whose registry it looks up once.
#[derive(Clone)]
pub struct Outermost {
    default: Option<&'static Policy>,
    registry: OnceCell<Option<Rc<Registry>>>,
}

/// What is known about a request before it is routed.
enum Known {
    /// An annotated handler serves it, by its place in the entry.
    Annotated(Rc<Entry>, usize),
    /// A handler without a policy does, or nobody; or it is no path with a policy.
    Plain,
    /// No handler of a resource does: the method is none of its.
    NotServed(Rc<Entry>),
    /// Nobody that is annotated does, on a path where somebody is. A handler under a route macro
    /// alone may.
    Open,
    /// Guards decide, and those are code of the user's: none of it runs in front of auth.
    Unsure,
}

impl Outermost {
    pub(super) fn new(default: Option<&'static Policy>) -> Self {
        Self {
            default,
            registry: OnceCell::new(),
        }
    }

    fn registry(&self, request: &HttpRequest) -> Option<&Registry> {
        let registry = self.registry.get_or_init(|| Registry::of_request(request));
        registry.as_deref()
    }

    fn know(&self, request: &ServiceRequest, method: &str) -> Known {
        let Some(registry) = self.registry(request.request()) else {
            return Known::Plain;
        };
        let (root, path) = (request.resource_map(), request.match_info().as_str());
        if registry.may_be_hidden(root, path) {
            return Known::Unsure;
        }
        let first = place::first_pattern(root, path);
        let group = first.map_or(&[][..], |first| registry.group(&first));
        // A middleware on a scope does not speak for what is outside of it.
        let taken = path.len() - request.match_info().unprocessed().len();
        let is_inside = |entry: &Entry| entry.place.scopes_len(path) >= Some(taken);
        if group.is_empty() || !group.iter().all(|entry| is_inside(entry)) {
            return Known::Plain;
        }
        if !group
            .iter()
            .all(|entry| entry.place.is_in_first_scope(root, path))
        {
            return Known::Unsure;
        }
        find(group, method)
    }

    /// Whether a handler with a policy may serve what leads to one without a policy first: another
    /// method, for one.
    fn may_serve(&self, request: &ServiceRequest, method: &str) -> bool {
        let registry = self.registry(request.request());
        let path = request.match_info().as_str();
        registry.is_some_and(|registry| registry.may_serve(path, method))
    }

    fn preflight(&self, view: &View<'_>, request: &ServiceRequest) -> Verdict {
        let refuse = |denial| Verdict::Answer(reply::refuse(denial, None, view).into());
        let method = match decision::requested_name(view) {
            Ok(method) => method,
            Err(denial) => return refuse(denial),
        };
        match (self.know(request, method), self.default) {
            (Known::Annotated(entry, place), _) => match entry.rules(place) {
                Some(rules) => Verdict::Answer(rules.preflight(view).into()),
                None => Verdict::Inward(After::NOTHING),
            },
            (Known::Plain, Some(_)) if self.may_serve(request, method) => {
                Verdict::Inward(After::NOTHING)
            }
            (Known::Plain | Known::Open, Some(default)) => {
                Verdict::Answer(by_default(default, view))
            }
            (Known::NotServed(_) | Known::Open, _) => refuse(Denial::NotServed),
            (Known::Plain, None) | (Known::Unsure, _) => Verdict::Inward(After::NOTHING),
        }
    }

    fn actual(&self, view: &View<'_>, request: &ServiceRequest) -> Verdict {
        let known = self.know(request, view.head.method.as_str());
        let (judge, is_scope) = match &known {
            Known::Annotated(entry, place) => {
                (entry.handlers[*place].policy(), entry.place.is_scope())
            }
            Known::Plain | Known::Open => (self.default, false),
            Known::NotServed(_) | Known::Unsure => (None, false),
        };
        let outer = Outer::enter(request, judge);
        let expected = match (&known, judge) {
            (_, Some(policy)) => match middleware::speak(policy, Some(&outer), view) {
                Ok(actual) => Some(actual),
                Err(refusal) => {
                    outer.speak(None);
                    return Verdict::Answer(refusal.into());
                }
            },
            (Known::NotServed(entry), _) => reply::first_that_allows(entry.policies(), view),
            _ => None,
        };
        Verdict::Inward(After::outside(Outside {
            outer,
            is_of_default: matches!(known, Known::Plain | Known::Open),
            expected,
            is_scope,
            default: self.default.map(|default| reply::headers(default, view)),
        }))
    }
}

impl Judge for Outermost {
    fn ask(&self, request: &ServiceRequest, view: &View<'_>) -> Option<Asking> {
        let registry = self.registry(request.request());
        if !self.default.is_some_and(Policy::asks) && !registry.is_some_and(Registry::asks) {
            return None;
        }
        let (method, is_preflight) = middleware::method(view)?;
        match self.know(request, method) {
            Known::Annotated(entry, place) => middleware::ask(entry.handlers[place].policy(), view),
            // Whatever they would say, it is refused, or goes in.
            Known::NotServed(_) | Known::Unsure if is_preflight => None,
            Known::NotServed(entry) => middleware::ask(entry.policies(), view),
            Known::Plain | Known::Open | Known::Unsure => middleware::ask(self.default, view),
        }
    }

    fn judge(&self, request: &ServiceRequest, view: &View<'_>) -> Verdict {
        match request::classify(view) {
            Class::Preflight => self.preflight(view, request),
            Class::NotCors | Class::Actual => self.actual(view, request),
        }
    }
}

/// The group is where the path leads first.
fn find(group: &[Rc<Entry>], method: &str) -> Known {
    let serves = |entry: &Rc<Entry>| entry.owner(method).is_some();
    let guarded = |entry: &Rc<Entry>| !entry.guards.is_empty();
    if group
        .iter()
        .any(|it| guarded(it) && (it.closed || serves(it)))
    {
        return Known::Unsure;
    }
    match owner(group, method, |_| true) {
        Some((entry, place)) if entry.handlers[place].policy().is_some() => {
            Known::Annotated(Rc::clone(entry), place)
        }
        Some(_) => Known::Plain,
        None => match group.iter().find(|entry| entry.closed) {
            Some(entry) => Known::NotServed(Rc::clone(entry)),
            None => Known::Open,
        },
    }
}

/// By the default's own `methods` alone: which ones a path serves is not known.
fn by_default(default: &'static Policy, view: &View<'_>) -> actix_web::HttpResponse {
    let (methods, joined) = AllowMethods::of(default);
    let methods_value = <_ as crate::headers::Value>::from_static(joined);
    let advertised = Advertised::new(default, Some(methods_value), default.0.max_age);
    let reply: Reply<'_, _> = reply::preflight(default, methods, &advertised, view);
    reply.into()
}

/// The headers for a response that nobody further in speaks for.
pub(super) struct Outside {
    outer: Outer,
    /// By the policy of the handler that the request is for, as far as one knew; or by the
    /// default.
    expected: Option<Actual>,
    is_of_default: bool,
    /// Whether the path of that handler is its scope's.
    is_scope: bool,
    default: Option<Actual>,
}

impl Outside {
    pub(super) fn headers(self, request: Option<&HttpRequest>) -> Option<Actual> {
        if let Some(spoken) = self.outer.spoken() {
            return spoken;
        }
        // It came as far as a handler, and not to one with a policy: what was expected was wrong.
        let is_routed = !self.is_scope
            && request.is_some_and(|request| request.match_info().unprocessed().is_empty());
        let headers = if is_routed && !self.is_of_default {
            self.default
        } else {
            self.expected
        }?;
        self.outer.speak(Some(headers.clone()));
        Some(headers)
    }
}
