//! The handlers of a path.

use std::{mem, ptr};

use super::registration::{METHODS, RegisteredHandler, Registration};
use super::unknown::Unknown;
use crate::mounting;
use crate::policy::Policy;

/// The handlers of one path, in the order of their registration.
#[derive(Clone, Debug, Default)]
pub(crate) struct Handlers {
    pub(crate) mounted: Vec<RegisteredHandler>,
    pub(crate) unknown: Unknown,
    pub(crate) path: Path,
}

/// Whether other routers have handlers on the path. They are not in [`Handlers`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Path {
    #[default]
    Alone,
    /// A router of axum's own has handlers for other methods of the path.
    Shared,
    /// The handlers are converted into a method router of axum's own, to whose path handlers for
    /// other methods may be added later.
    Converted,
}

/// The responder for a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Responder {
    /// The handler at this index of [`Handlers::mounted`].
    Handler(usize),
    NotServed,
    /// A handler that is not known, if the path has one.
    Unknown,
    /// Either a handler that is not known, or a handler with another policy.
    Ambiguous,
}

impl Handlers {
    pub(crate) fn one(mounted: RegisteredHandler) -> Self {
        Self {
            mounted: vec![mounted],
            ..Self::default()
        }
    }

    /// Creates the handlers of a service or of a router of axum's own.
    pub(crate) fn unknown_under(policy: Option<&'static Policy>) -> Self {
        Self {
            unknown: Unknown::under(policy),
            ..Self::default()
        }
    }

    /// Applies a default policy to every handler without a policy.
    pub(crate) fn cover(&mut self, default: &'static Policy) {
        for mounted in &mut self.mounted {
            mounted.cover(default);
        }
        self.unknown.cover(default);
    }

    /// Adds the handlers of another registration of the path.
    ///
    /// # Panics
    ///
    /// Panics if an annotated handler serves every other method, and a handler of the path is not
    /// known. The preflights for the unknown handler would use the policy of the annotated handler.
    #[track_caller]
    pub(crate) fn extend(&mut self, other: Self) {
        self.mounted.extend(other.mounted);
        self.unknown = mem::take(&mut self.unknown).and(other.unknown);
        let mut catch_all = self
            .mounted
            .iter()
            .filter(|mounted| mounted.registration.is_catch_all());
        if let Some(annotation) = catch_all.find_map(RegisteredHandler::annotation)
            && self.unknown.is_any()
        {
            panic!(
                "`{}` ({}) serves every method that no other handler of its path serves, but the \
                 methods of axum's own method router are not known: create that router with \
                 `cors_runtime::axum::routing`",
                annotation.handler,
                annotation.policy.location()
            );
        }
    }

    /// Returns whether a handler is annotated.
    pub(crate) fn is_annotated(&self) -> bool {
        self.mounted.iter().any(|it| it.annotation().is_some())
    }

    /// Returns whether a policy applies, or may apply, to any of the handlers.
    pub(crate) fn is_covered(&self) -> bool {
        self.unknown.is_covered() || self.mounted.iter().any(|it| it.policy().is_some())
    }

    /// Returns whether the policy of the responder is final. Any other handler may have inner
    /// policies, for example by a layer or by a router that it calls.
    pub(crate) fn is_final(&self, responder: Responder) -> bool {
        let handler = self.handler(responder);
        handler.is_some_and(|it| it.annotation().is_some())
    }

    /// Returns whether a layer with these handlers decides as a layer with the others does. Both
    /// have one handler.
    pub(crate) fn decides_as(&self, other: &Self) -> bool {
        let handlers = self.mounted.iter().zip(&other.mounted);
        let is_same_handler = |(one, other): (&RegisteredHandler, &RegisteredHandler)| {
            is_same(one.policy(), other.policy())
                && one.registration == other.registration
                && one.annotation().is_some() == other.annotation().is_some()
        };
        self.mounted.len() == other.mounted.len()
            && handlers.into_iter().all(is_same_handler)
            && self.unknown.is_any() == other.unknown.is_any()
            && is_same(self.unknown.policy(), other.unknown.policy())
    }

    #[inline]
    pub(crate) fn handler(&self, responder: Responder) -> Option<&RegisteredHandler> {
        match responder {
            Responder::Handler(place) => self.mounted.get(place),
            Responder::NotServed | Responder::Unknown | Responder::Ambiguous => None,
        }
    }

    /// Returns whether the path needs an OPTIONS endpoint. A method router of axum's own may have
    /// an OPTIONS handler.
    pub(crate) fn wants_options_endpoint(&self) -> bool {
        !self.unknown.is_any() && !self.mounted.iter().any(|mounted| mounted.names("OPTIONS"))
    }

    /// Returns the handler that axum calls for a method. HEAD falls back to GET.
    #[inline]
    pub(crate) fn responder(&self, method: &str) -> Responder {
        match self.by_name(method) {
            Some(place) => Responder::Handler(place),
            None => self.not_by_name(method),
        }
    }

    fn not_by_name(&self, method: &str) -> Responder {
        let place = self.fallback_of(method);
        if !self.unknown.is_any() {
            return place.map_or(Responder::NotServed, Responder::Handler);
        }
        let known = place.map(|place| self.mounted[place].policy());
        match known {
            Some(known) if !is_same(known, self.unknown.policy()) => Responder::Ambiguous,
            Some(_) | None => Responder::Unknown,
        }
    }

    /// Returns the handler for a method that no handler is registered for by name.
    fn fallback_of(&self, method: &str) -> Option<usize> {
        let get = self.by_name("GET").filter(|_| method == "HEAD");
        let mut mounted = self.mounted.iter();
        let catch_all = || mounted.position(|it| it.registration.is_catch_all());
        get.or_else(catch_all)
    }

    /// Returns the policies of all handlers that may serve a method that no handler of ours is
    /// registered for by name, or `None` for a handler without a policy.
    pub(crate) fn candidates(&self, method: &str) -> impl Iterator<Item = Option<&'static Policy>> {
        let known = self.fallback_of(method).map(|place| &self.mounted[place]);
        let known = known.map(RegisteredHandler::policy);
        self.unknown.candidates().chain(known)
    }

    fn by_name(&self, method: &str) -> Option<usize> {
        self.mounted.iter().position(|it| it.names(method))
    }

    /// Returns whether a router of axum's own may serve a method, because none of our handlers is
    /// registered for the method by name.
    pub(crate) fn may_be_foreign(&self, method: &str) -> bool {
        self.path == Path::Shared && self.by_name(method).is_none()
    }

    /// Returns the methods that a responder serves.
    pub(crate) fn served(&self, responder: Responder) -> Vec<&'static str> {
        let names = METHODS.iter().map(|(name, _)| *name);
        names
            .filter(|method| self.responder(method) == responder)
            .collect()
    }

    /// Returns the methods that the preflights of a responder allow: see
    /// [`mounting::allow_methods`].
    pub(crate) fn allow_methods(
        &self,
        responder: Responder,
        policy: &Policy,
    ) -> Option<Vec<&'static str>> {
        let handler = self.handler(responder);
        let registered = handler.and_then(|it| it.registration.methods());
        let is_alone = match handler {
            Some(_) => self.mounted.len() == 1 && !self.unknown.is_any(),
            None => self.mounted.is_empty(),
        };
        mounting::allow_methods(policy, registered.as_deref(), is_alone, |method| {
            self.responder(method) == responder
        })
    }

    /// Returns the methods that are served by name, in the order in which axum lists them in
    /// `Allow`. Returns `None` if axum does not add `Allow`, or if a handler is not known.
    pub(crate) fn allow(&self) -> Option<Vec<&'static str>> {
        let mut registrations = self.mounted.iter().map(|it| it.registration);
        if self.unknown.is_any() || registrations.any(|it| it == Registration::Any) {
            return None;
        }
        let mut names = Vec::new();
        for mounted in &self.mounted {
            for name in axums_order(mounted) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        Some(names)
    }

    /// Returns whether a browser must not cache the preflights of a responder: see
    /// [`mounting::forbids_caching`].
    pub(crate) fn forbids_caching(&self, responder: Responder, policy: &Policy) -> bool {
        let post = self.responder("POST");
        let is_by_name = self.by_name("POST").is_some();
        let other = match post {
            // A handler that is not known may serve POST, now or later.
            _ if self.path != Path::Alone && !is_by_name => None,
            _ if post == responder => return false,
            Responder::NotServed => return false,
            Responder::Handler(_) => self.handler(post).and_then(RegisteredHandler::policy),
            Responder::Unknown => self.unknown.policy(),
            Responder::Ambiguous => None,
        };
        mounting::forbids_caching(policy, other)
    }
}

fn is_same(one: Option<&'static Policy>, other: Option<&'static Policy>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => ptr::eq(one, other),
        (one, other) => one.is_none() && other.is_none(),
    }
}

/// Returns the methods of a registration in axum's order.
fn axums_order(mounted: &RegisteredHandler) -> impl Iterator<Item = &'static str> {
    const ORDER: [&str; 9] = [
        "GET", "HEAD", "TRACE", "PUT", "POST", "PATCH", "OPTIONS", "DELETE", "CONNECT",
    ];
    let serves = |name: &&str| mounted.names(name) || (*name == "HEAD" && mounted.names("GET"));
    ORDER.into_iter().filter(serves)
}
