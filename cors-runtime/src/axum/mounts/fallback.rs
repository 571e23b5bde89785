//! The fallback of a router.

use std::convert::Infallible;

use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::{self, Route};
use tower_layer::Layer;
use tower_service::Service;

use super::mount::{Listed, Mount};
use super::unchecked;
use crate::axum::layer::{PathLayer, PathPolicies};
use crate::axum::routes::{Endpoint, Handlers, Policies};
use crate::policy::Policy;

/// What responds to a path without a route.
#[derive(Clone)]
pub(super) enum Fallback<S> {
    /// axum's 404, with the layers of the router and the default policy of the router.
    Default(axum::Router<S>, Option<&'static Policy>),
    /// The user's fallback. It is not in an `axum::Router`, because axum does not merge two routers
    /// that both have a fallback.
    Custom(routing::MethodRouter<S>, Handlers),
}

impl<S: Clone + Send + Sync + 'static> Fallback<S> {
    /// Merges two fallbacks as axum does, which has refused two custom ones before.
    pub(super) fn merge(self, other: Self) -> Self {
        match (self, other) {
            (custom @ Self::Custom(..), Self::Default(..)) => custom,
            (Self::Default(_, ours), Self::Default(router, theirs)) => {
                Self::Default(router, ours.or(theirs))
            }
            (_, other @ Self::Custom(..)) => other,
        }
    }

    pub(super) fn layer<L>(self, layer: &L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        let layer = layer.clone();
        match self {
            Self::Default(router, policy) => Self::Default(router.layer(layer), policy),
            Self::Custom(router, handlers) => Self::Custom(router.layer(layer), handlers),
        }
    }

    pub(super) fn with_state<S2>(self, state: &S) -> Fallback<S2> {
        let state = state.clone();
        match self {
            Self::Default(router, policy) => Fallback::Default(router.with_state(state), policy),
            Self::Custom(router, handlers) => Fallback::Custom(router.with_state(state), handlers),
        }
    }

    /// Applies a default policy. The outermost one applies to a 404 of axum's.
    pub(super) fn cover(&mut self, default: &'static Policy) {
        match self {
            Self::Default(_, policy) => *policy = Some(default),
            Self::Custom(_, handlers) => handlers.cover(default),
        }
    }

    fn handlers(&self) -> Option<Handlers> {
        match self {
            Self::Default(_, policy) => policy.map(|it| Handlers::unknown_under(Some(it))),
            Self::Custom(_, handlers) => Some(handlers.clone()),
        }
    }

    pub(super) fn list(&self, policies: &mut Policies) {
        if let Some(handlers) = self.handlers() {
            policies.add("/*", Endpoint::Fallback, &handlers);
        }
    }

    /// Adds the fallback to a router with everything else, in which a router of axum's own may have
    /// a fallback, too.
    pub(super) fn add_to(self, router: axum::Router<S>) -> axum::Router<S> {
        let handlers = self.handlers().filter(Handlers::is_covered);
        let layer = handlers.map(|handlers| PathLayer::new(PathPolicies::new(handlers)));
        match (self, layer) {
            // Merged last, so that axum keeps its layers. It is not a custom fallback then.
            (Self::Default(own, _), None) => router.merge(own),
            (Self::Default(own, _), Some(layer)) => router.merge(own.layer(layer)),
            // Replaces the fallback of the whole router, and keeps those of nested ones.
            (Self::Custom(own, _), None) => router.fallback(own),
            (Self::Custom(own, _), Some(layer)) => router.fallback(own.layer(layer)),
        }
    }

    /// Returns one mount of the fallbacks and the routers of axum's own in a router that is nested,
    /// if axum keeps any of them. It nests either all fallbacks of a router or none.
    ///
    /// If their policies differ, their layers are added here and not at the end.
    pub(super) fn nest_with(self, rest: Vec<Mount<S>>) -> Option<Mount<S>> {
        let own = match self {
            Self::Default(..) if !rest.iter().any(Mount::is_foreign) => return None,
            Self::Default(..) => None,
            Self::Custom(router, handlers) => Some((router, handlers)),
        };
        let all = rest.iter().map(|it| &it.handlers);
        let all = all.chain(own.iter().map(|(_, handlers)| handlers));
        let common = common_policy(all);
        let mut listed = Vec::new();
        let mut router = unchecked();
        for mount in rest {
            let mount = if common.is_none() {
                mount.settled()
            } else {
                mount
            };
            listed.extend(mount.listed);
            router = router.merge(mount.router);
        }
        if let Some((mut own, handlers)) = own {
            if common.is_none() && handlers.is_covered() {
                own = own.layer(PathLayer::new(PathPolicies::new(handlers.clone())));
            }
            router = router.fallback(own);
            let (path, endpoint) = ("/*".to_owned(), Endpoint::Fallback);
            listed.push(Listed {
                path,
                endpoint,
                handlers,
            });
        }
        let handlers = common.unwrap_or_else(|| Handlers::unknown_under(None));
        Some(Mount {
            router,
            handlers,
            listed,
        })
    }
}

/// Returns the handlers that decide for all of the mounts, unless they differ in their policies.
fn common_policy<'a>(mut all: impl Iterator<Item = &'a Handlers> + Clone) -> Option<Handlers> {
    if !all.clone().any(Handlers::is_covered) {
        return Some(Handlers::unknown_under(None));
    }
    let first = all.next()?;
    all.all(|other| first.decides_as(other))
        .then(|| first.clone())
}
