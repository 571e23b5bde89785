//! The fallback of a router.

use axum::routing;

use super::layers::RouteLayer;
use super::mount::{Listed, Mount};
use super::unchecked;
use crate::axum::layer::{PathLayer, PathPolicies};
use crate::axum::routes::{Endpoint, Handlers, Policies};
use crate::policy::Policy;

/// The responder for paths without a route.
#[derive(Clone)]
pub(super) enum Fallback<S> {
    /// axum's 404, with the layers of the router and the default policy of the router.
    Default(axum::Router<S>, Option<&'static Policy>),
    /// A router of axum's own, whose fallback becomes the fallback of this router.
    Foreign(Mount<S>),
    /// The user's handler. It is not in an `axum::Router`, because axum does not merge two routers
    /// that both have a fallback.
    Handler(Box<routing::MethodRouter<S>>, Handlers),
    /// The user's service, as the fallback of a router without state. In a method router, axum
    /// would remove the body of its response to a HEAD request.
    Service(axum::Router, Handlers),
}

impl<S: Clone + Send + Sync + 'static> Fallback<S> {
    /// Merges two fallbacks as axum does, which has rejected two custom fallbacks before. Also
    /// returns the router of axum's own that was the fallback.
    pub(super) fn merge(self, other: Self) -> (Self, Option<Mount<S>>) {
        match (self, other) {
            (Self::Default(_, ours), Self::Default(router, theirs)) => {
                (Self::Default(router, ours.or(theirs)), None)
            }
            (Self::Foreign(mount), other) => (other, Some(mount)),
            (ours @ (Self::Handler(..) | Self::Service(..)), Self::Foreign(mount)) => {
                (ours, Some(mount))
            }
            (ours @ (Self::Handler(..) | Self::Service(..)), Self::Default(..)) => (ours, None),
            (_, theirs) => (theirs, None),
        }
    }

    /// Returns the router of axum's own, if it is the fallback.
    pub(super) fn foreign(&self) -> Option<&Mount<S>> {
        match self {
            Self::Foreign(mount) => Some(mount),
            Self::Default(..) | Self::Handler(..) | Self::Service(..) => None,
        }
    }

    pub(super) fn into_foreign(self) -> Option<Mount<S>> {
        match self {
            Self::Foreign(mount) => Some(mount),
            Self::Default(..) | Self::Handler(..) | Self::Service(..) => None,
        }
    }

    /// Changes the router of axum's own, if it is the fallback.
    pub(super) fn map_foreign(
        self,
        change: impl FnOnce(axum::Router<S>) -> axum::Router<S>,
    ) -> Self {
        match self {
            Self::Foreign(mount) => Self::Foreign(mount.map(change)),
            other => other,
        }
    }

    pub(super) fn layer(self, layer: &impl RouteLayer) -> Self {
        let layer = layer.clone();
        match self {
            Self::Default(router, policy) => Self::Default(router.layer(layer), policy),
            Self::Foreign(mount) => Self::Foreign(mount.map(|router| router.layer(layer))),
            Self::Handler(router, handlers) => {
                Self::Handler(Box::new(router.layer(layer)), handlers)
            }
            Self::Service(router, handlers) => Self::Service(router.layer(layer), handlers),
        }
    }

    pub(super) fn with_state<S2>(self, state: &S) -> Fallback<S2> {
        let state = state.clone();
        match self {
            Self::Default(router, policy) => Fallback::Default(router.with_state(state), policy),
            Self::Foreign(mount) => Fallback::Foreign(mount.with_state(&state)),
            Self::Handler(router, handlers) => {
                Fallback::Handler(Box::new(router.with_state(state)), handlers)
            }
            Self::Service(router, handlers) => Fallback::Service(router, handlers),
        }
    }

    /// Applies a default policy. For a 404 of axum, the outermost default policy applies.
    pub(super) fn cover(&mut self, default: &'static Policy) {
        match self {
            Self::Default(_, policy) => *policy = Some(default),
            Self::Foreign(mount) => mount.cover(default),
            Self::Handler(_, handlers) | Self::Service(_, handlers) => handlers.cover(default),
        }
    }

    fn handlers(&self) -> Option<Handlers> {
        match self {
            Self::Default(_, policy) => policy.map(|it| Handlers::unknown_under(Some(it))),
            Self::Foreign(mount) => Some(mount.handlers.clone()),
            Self::Handler(_, handlers) | Self::Service(_, handlers) => Some(handlers.clone()),
        }
    }

    fn with_policy(self) -> Self {
        match self.handlers().filter(Handlers::is_covered) {
            Some(handlers) => self.layer(&PathLayer::new(PathPolicies::new(handlers))),
            None => self,
        }
    }

    pub(super) fn list(&self, policies: &mut Policies) {
        match (self, self.handlers()) {
            (Self::Foreign(mount), _) => mount.list(policies),
            (_, Some(handlers)) => policies.add("/*", Endpoint::Fallback, &handlers),
            (_, None) => {}
        }
    }

    /// Adds the fallback to a router with all other mounts. A router of axum's own among them may
    /// also have a fallback.
    pub(super) fn add_to(self, router: axum::Router<S>) -> axum::Router<S> {
        match self.with_policy() {
            // Merged last, so that axum keeps the layers. The default fallback does not count as
            // custom.
            Self::Default(own, _) => router.merge(own),
            Self::Foreign(mount) => router.merge(mount.router),
            // Replaces the fallback of the whole router, and keeps the fallbacks of nested routers.
            Self::Handler(own, _) => router.fallback(*own),
            Self::Service(own, _) => router.fallback_service(own),
        }
    }

    /// Returns one mount with the fallbacks and the routers of axum's own of a nested router, if
    /// axum keeps any of them. axum nests either all fallbacks of a router or none.
    ///
    /// If their policies differ, their layers are added here and not at the end.
    pub(super) fn nest_with(mut self, mut rest: Vec<Mount<S>>) -> Option<Mount<S>> {
        if let Self::Foreign(mount) = self {
            rest.push(mount);
            self = Self::Default(unchecked(), None);
        }
        let own = match &self {
            Self::Handler(_, handlers) | Self::Service(_, handlers) => Some(handlers.clone()),
            _ if rest.iter().any(Mount::is_foreign) => None,
            _ => return None,
        };
        let all = rest.iter().map(|it| &it.handlers).chain(&own);
        let common = common_policy(all);
        if common.is_none() {
            self = self.with_policy();
        }
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
        router = match self {
            Self::Handler(own, _) => router.fallback(*own),
            Self::Service(own, _) => router.fallback_service(own),
            Self::Default(..) | Self::Foreign(_) => router,
        };
        listed.extend(own.map(Listed::fallback));
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
