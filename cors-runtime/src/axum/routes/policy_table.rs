//! A table of everything that is mounted.

use std::fmt;

use super::handlers::{Handlers, Responder};
use super::registration::{RegisteredHandler, Registration};
use crate::mounting::{self, PolicyTable, Row};
use crate::policy::Policy;

/// Everything that is mounted on a router, with its policy. [`Router::policies`] returns it.
///
/// [`Display`](fmt::Display) writes a plain table. Each line has the methods, the path, the parts
/// of the policy, the handler, and the location of the policy. The location is `none` for an
/// endpoint without a policy.
///
/// The table names annotated handlers. For other handlers, the column is `-`. A service is
/// `(service)`, a fallback is `(fallback)`, and a router of axum's own is `(router)`. `(router)` is
/// one line for all routes of that router, because the routes are not known.
///
/// [`Router::policies`]: crate::axum::Router::policies
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policies(PolicyTable);

/// The kind of endpoint in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Route,
    Service,
    /// A router of axum's own.
    Router,
    Fallback,
}

impl Endpoint {
    fn mark(self) -> &'static str {
        match self {
            Self::Route => "-",
            Self::Service => "(service)",
            Self::Router => "(router)",
            Self::Fallback => "(fallback)",
        }
    }
}

impl Policies {
    /// Adds a line for each handler of a path.
    pub(crate) fn add(&mut self, path: &str, endpoint: Endpoint, handlers: &Handlers) {
        for (place, mounted) in handlers.mounted.iter().enumerate() {
            let responder = Responder::Handler(place);
            self.0
                .rows
                .push(row(path, endpoint, handlers, responder, Some(mounted)));
        }
        if handlers.unknown.is_any() {
            self.0
                .rows
                .push(row(path, endpoint, handlers, Responder::Unknown, None));
        }
    }
}

fn row(
    path: &str,
    endpoint: Endpoint,
    handlers: &Handlers,
    responder: Responder,
    mounted: Option<&RegisteredHandler>,
) -> Row {
    let policy = match mounted {
        Some(mounted) => mounted.policy(),
        None => handlers.unknown.policy(),
    };
    let registration = mounted.map_or(Registration::Any, |it| it.registration);
    let methods = methods(handlers, responder, registration, policy);
    let name = match mounted {
        Some(mounted) if mounted.is_service() => Some("(service)"),
        Some(mounted) => mounted.annotation().map(|annotation| annotation.handler),
        None => None,
    };
    let name = name.unwrap_or(endpoint.mark());
    let forbids_caching = policy.is_some_and(|policy| handlers.forbids_caching(responder, policy));
    mounting::row(methods, path.to_owned(), name, policy, forbids_caching)
}

fn methods(
    handlers: &Handlers,
    responder: Responder,
    registration: Registration,
    policy: Option<&Policy>,
) -> String {
    if let Registration::Methods(_) = registration {
        return handlers.served(responder).join(" ");
    }
    match policy.map(|policy| handlers.allow_methods(responder, policy)) {
        Some(Some(methods)) => format!("any ({})", methods.join(" ")),
        Some(None) => "any (*)".to_owned(),
        None => "any".to_owned(),
    }
}

impl fmt::Display for Policies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
