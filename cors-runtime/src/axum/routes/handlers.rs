//! The handlers of a path, as they were registered.

use axum::routing::MethodFilter;

use crate::mounting::{self, Annotation};
use crate::policy::Policy;

/// The methods that axum can name.
pub(crate) const METHODS: [(&str, MethodFilter); 9] = [
    ("GET", MethodFilter::GET),
    ("HEAD", MethodFilter::HEAD),
    ("POST", MethodFilter::POST),
    ("PUT", MethodFilter::PUT),
    ("PATCH", MethodFilter::PATCH),
    ("DELETE", MethodFilter::DELETE),
    ("OPTIONS", MethodFilter::OPTIONS),
    ("TRACE", MethodFilter::TRACE),
    ("CONNECT", MethodFilter::CONNECT),
];

/// Which methods of its path a handler was registered for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Registration {
    /// By name: `get`, `on(..)`.
    Methods(MethodFilter),
    /// Whatever no other one serves: `any`.
    Any,
    /// The same, as a fallback: what it answers has an `Allow`.
    Fallback,
}

impl Registration {
    pub(crate) fn is_catch_all(self) -> bool {
        !matches!(self, Self::Methods(_))
    }
}

/// A handler on a path, with its policy if it is annotated.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RegisteredHandler {
    pub(crate) registration: Registration,
    pub(crate) annotation: Option<Annotation>,
    /// Whether it is a service: there may be policies inside.
    is_service: bool,
    /// The policy of the router around it, for a handler without one.
    default: Option<&'static Policy>,
}

/// The handlers of one path, in the order of their registration.
#[derive(Clone, Debug, Default)]
pub(crate) struct Handlers {
    pub(crate) mounted: Vec<RegisteredHandler>,
    pub(crate) unknown: UnknownHandlers,
    /// The policy of the router around them, for handlers that are not known.
    pub(crate) default: Option<&'static Policy>,
}

/// Whether the path may have handlers that are not in the table: axum's own routers do not tell
/// theirs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum UnknownHandlers {
    #[default]
    No,
    /// A whole router of axum's was merged in; it hardly serves this very path.
    Unlikely,
    /// A method router of axum's was mounted on this path.
    Yes,
}

/// What responds to a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Responder {
    /// By place in [`Handlers::mounted`].
    Handler(usize),
    NotServed,
    /// Perhaps one of those that are not known.
    Unknown,
}

impl RegisteredHandler {
    /// A handler registered by name.
    ///
    /// # Panics
    ///
    /// As [`mounting::check_registration`].
    #[track_caller]
    pub(crate) fn new(registration: Registration, annotation: Option<Annotation>) -> Self {
        if let Some(annotation) = annotation {
            let registered = match registration {
                Registration::Methods(filter) => Some(named(filter)),
                Registration::Any | Registration::Fallback => None,
            };
            mounting::check_registration(annotation, registered.as_deref());
        }
        Self {
            registration,
            annotation,
            is_service: false,
            default: None,
        }
    }

    /// A service, which has no policy of its own.
    pub(crate) fn service(registration: Registration) -> Self {
        Self {
            registration,
            annotation: None,
            is_service: true,
            default: None,
        }
    }

    /// Its own, else that of the router around it.
    pub(crate) fn policy(&self) -> Option<&'static Policy> {
        let own = self.annotation.map(|annotation| annotation.policy);
        own.or(self.default)
    }

    fn names(&self, method: &str) -> bool {
        matches!(self.registration, Registration::Methods(filter) if METHODS
            .iter()
            .any(|(name, one)| *name == method && filter.or(*one) == filter))
    }
}

/// The names in a filter.
pub(crate) fn named(filter: MethodFilter) -> Vec<&'static str> {
    let names = METHODS
        .iter()
        .filter(|(_, method)| filter.or(*method) == filter);
    names.map(|(name, _)| *name).collect()
}

impl Handlers {
    pub(crate) fn one(mounted: RegisteredHandler) -> Self {
        Self {
            mounted: vec![mounted],
            ..Self::default()
        }
    }

    pub(crate) fn unknown() -> Self {
        Self {
            unknown: UnknownHandlers::Yes,
            ..Self::default()
        }
    }

    /// Whatever serves it, under the policy of the router around it.
    pub(crate) fn unknown_under(default: Option<&'static Policy>) -> Self {
        Self {
            default,
            ..Self::unknown()
        }
    }

    /// Gives a policy to those that have none yet. The router closest to them comes first.
    pub(crate) fn cover(&mut self, default: Option<&'static Policy>) {
        for mounted in &mut self.mounted {
            mounted.default = mounted.default.or(default);
        }
        self.default = self.default.or(default);
    }

    /// Adds the handlers of the same path from elsewhere.
    ///
    /// # Panics
    ///
    /// If an annotated handler is to serve whatever the others do not, and they cannot be told: it
    /// would lend its policy to theirs, or they would get its preflights.
    #[track_caller]
    pub(crate) fn extend(&mut self, other: Self) {
        self.mounted.extend(other.mounted);
        self.unknown = self.unknown.max(other.unknown);
        self.default = self.default.or(other.default);
        let mut rest = self
            .mounted
            .iter()
            .filter(|mounted| mounted.registration.is_catch_all());
        if let Some(annotation) = rest.find_map(|mounted| mounted.annotation)
            && self.unknown == UnknownHandlers::Yes
        {
            panic!(
                "`{}` ({}) serves every method that no other handler of its path does, but axum's \
                 own method router does not tell which those are: make it with \
                 `cors_runtime::axum::routing`",
                annotation.handler,
                annotation.policy.location()
            );
        }
    }

    pub(crate) fn is_annotated(&self) -> bool {
        self.mounted
            .iter()
            .any(|mounted| mounted.annotation.is_some())
    }

    /// Whether it is a handler, which has no policy but the one in the table.
    pub(crate) fn is_known(&self, responder: Responder) -> bool {
        matches!(responder, Responder::Handler(place) if !self.mounted[place].is_service)
    }

    /// Whether there is a policy for anything here.
    pub(crate) fn is_covered(&self) -> bool {
        let unknown = self.default.is_some() && self.unknown != UnknownHandlers::No;
        unknown || self.mounted.iter().any(|it| it.policy().is_some())
    }

    /// Whether nobody serves OPTIONS by name, as far as one can know.
    pub(crate) fn wants_options_endpoint(&self) -> bool {
        self.unknown != UnknownHandlers::Yes
            && !self.mounted.iter().any(|mounted| mounted.names("OPTIONS"))
    }

    /// The handler that axum would call. HEAD falls back to GET.
    pub(crate) fn responder(&self, method: &str) -> Responder {
        let by_name = |method| {
            self.mounted
                .iter()
                .position(|mounted| mounted.names(method))
        };
        let rest = || {
            self.mounted
                .iter()
                .position(|mounted| mounted.registration.is_catch_all())
        };
        let get = || (method == "HEAD").then(|| by_name("GET")).flatten();
        if let Some(place) = by_name(method).or_else(get) {
            return Responder::Handler(place);
        }
        match (self.unknown, rest()) {
            (UnknownHandlers::Yes, _) | (UnknownHandlers::Unlikely, None) => Responder::Unknown,
            (_, Some(place)) => Responder::Handler(place),
            (UnknownHandlers::No, None) => Responder::NotServed,
        }
    }

    /// The methods that axum routes there.
    pub(crate) fn served(&self, responder: Responder) -> Vec<&'static str> {
        let names = METHODS.iter().map(|(name, _)| *name);
        names
            .filter(|method| self.responder(method) == responder)
            .collect()
    }

    /// The methods that the preflights of that handler allow: its policy's, cut to what it serves
    /// here. A browser keeps a permission for every method in the list, so a sibling's must not
    /// be in it, and `*` would be all of them. `None`: any, for an `any` that has no sibling.
    pub(crate) fn allow_methods(
        &self,
        responder: Responder,
        policy: &Policy,
    ) -> Option<Vec<&'static str>> {
        let filter = match responder {
            Responder::Handler(place) => match self.mounted[place].registration {
                Registration::Methods(filter) => Some(filter),
                Registration::Any | Registration::Fallback => None,
            },
            Responder::NotServed | Responder::Unknown => None,
        };
        let alone = match responder {
            Responder::Handler(_) => self.mounted.len() == 1 && self.unknown == UnknownHandlers::No,
            Responder::NotServed | Responder::Unknown => self.mounted.is_empty(),
        };
        let registered = filter.map(named);
        mounting::allow_methods(policy, registered.as_deref(), alone, |method| {
            self.responder(method) == responder
        })
    }

    /// The methods that are served by name, in the order in which axum lists them in `Allow`.
    /// `None` where axum lists none, or where some are not known.
    pub(crate) fn allow(&self) -> Option<Vec<&'static str>> {
        const ORDER: [&str; 9] = [
            "GET", "HEAD", "TRACE", "PUT", "POST", "PATCH", "OPTIONS", "DELETE", "CONNECT",
        ];
        let any = self
            .mounted
            .iter()
            .any(|mounted| mounted.registration == Registration::Any);
        if any || self.unknown != UnknownHandlers::No {
            return None;
        }
        let mut names = Vec::new();
        for mounted in &self.mounted {
            let served =
                |name: &&str| mounted.names(name) || (*name == "HEAD" && mounted.names("GET"));
            let new: Vec<_> = ORDER.into_iter().filter(served).collect();
            names.extend(
                new.into_iter()
                    .filter(|name| !names.contains(name))
                    .collect::<Vec<_>>(),
            );
        }
        Some(names)
    }

    /// Whether a browser must not keep the preflights of that handler: see
    /// [`mounting::forbids_caching`].
    pub(crate) fn forbids_caching(&self, responder: Responder, policy: &Policy) -> bool {
        let post = self.responder("POST");
        if post == responder {
            return false;
        }
        let other = match post {
            Responder::NotServed => return false,
            Responder::Handler(place) => self.mounted[place].policy(),
            Responder::Unknown
                if self.default.is_none() && self.unknown != UnknownHandlers::Yes =>
            {
                return false;
            }
            Responder::Unknown => self.default,
        };
        mounting::forbids_caching(policy, other)
    }
}
