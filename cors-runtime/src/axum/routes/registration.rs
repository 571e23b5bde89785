//! The registration of a handler on its path.

use axum::routing::MethodFilter;

use crate::axum::handler::{CorsHandler, may_have_policy};
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

/// The methods that a handler was registered for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Registration {
    /// The named methods, as with `get` and `on(..)`.
    Methods(MethodFilter),
    /// Every method that no other handler of the path serves, as with `any`.
    Any,
    /// The same as [`Any`](Self::Any), by `fallback`. axum adds `Allow` to the responses.
    Fallback,
}

impl Registration {
    pub(crate) fn is_catch_all(self) -> bool {
        !matches!(self, Self::Methods(_))
    }

    /// Returns the methods that were named.
    pub(crate) fn methods(self) -> Option<Vec<&'static str>> {
        match self {
            Self::Methods(filter) => Some(named(filter)),
            Self::Any | Self::Fallback => None,
        }
    }
}

/// Returns the names in a filter.
fn named(filter: MethodFilter) -> Vec<&'static str> {
    let names = METHODS
        .iter()
        .filter(|(_, method)| filter.or(*method) == filter);
    names.map(|(name, _)| *name).collect()
}

/// The kind of a registered handler.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Annotated(Annotation),
    Plain,
    /// A service, or a handler that contains one. The table of policies marks it.
    Service,
}

/// A handler on a path, with its policy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RegisteredHandler {
    pub(crate) registration: Registration,
    kind: Kind,
    /// The default policy of its router, unless the handler is annotated.
    default: Option<&'static Policy>,
}

impl RegisteredHandler {
    /// # Panics
    ///
    /// Panics as [`mounting::check_registration`] does.
    #[track_caller]
    pub(crate) fn new<H: CorsHandler<M, S>, M, S>(registration: Registration) -> Self {
        Self::with_annotation(registration, H::annotation(), may_have_policy::<H::Args>())
    }

    // Separate from `new`, which is compiled for each handler.
    #[inline(never)]
    #[track_caller]
    fn with_annotation(
        registration: Registration,
        annotation: Option<Annotation>,
        may_have_policy: bool,
    ) -> Self {
        if let Some(annotation) = annotation {
            let methods = registration.methods();
            mounting::check_registration(annotation, methods.as_deref());
        }
        let kind = match annotation {
            Some(annotation) => Kind::Annotated(annotation),
            None if may_have_policy => Kind::Service,
            None => Kind::Plain,
        };
        Self {
            registration,
            kind,
            default: None,
        }
    }

    /// Creates the entry of a service, which does not have its own policy.
    pub(crate) fn service(registration: Registration) -> Self {
        Self {
            registration,
            kind: Kind::Service,
            default: None,
        }
    }

    pub(crate) fn annotation(&self) -> Option<Annotation> {
        match self.kind {
            Kind::Annotated(annotation) => Some(annotation),
            Kind::Plain | Kind::Service => None,
        }
    }

    pub(crate) fn is_service(&self) -> bool {
        matches!(self.kind, Kind::Service)
    }

    /// Returns the handler's own policy, or the default policy of its router.
    pub(crate) fn policy(&self) -> Option<&'static Policy> {
        let own = self.annotation().map(|annotation| annotation.policy);
        own.or(self.default)
    }

    /// Applies a default policy, unless an inner router has applied one.
    pub(crate) fn cover(&mut self, default: &'static Policy) {
        self.default = self.default.or(Some(default));
    }

    /// Returns whether the handler is registered for a method by its name.
    #[inline]
    pub(crate) fn names(&self, method: &str) -> bool {
        let Registration::Methods(filter) = self.registration else {
            return false;
        };
        let mut methods = METHODS.iter().filter(|(name, _)| *name == method);
        methods.any(|(_, one)| filter.or(*one) == filter)
    }
}
