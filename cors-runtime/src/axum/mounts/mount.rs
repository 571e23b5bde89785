//! The mount of a service, of a router of axum's own, or of the fallbacks of nested routers.

use crate::axum::layer::{PathLayer, PathPolicies};
use crate::axum::routes::{Endpoint, Handlers, Policies};
use crate::policy::Policy;

/// Endpoints with one policy, or without a policy.
#[derive(Clone)]
pub(super) struct Mount<S> {
    pub(super) router: axum::Router<S>,
    pub(super) handlers: Handlers,
    /// The lines of the table of policies.
    pub(super) listed: Vec<Listed>,
}

#[derive(Clone)]
pub(super) struct Listed {
    pub(super) path: String,
    pub(super) endpoint: Endpoint,
    pub(super) handlers: Handlers,
}

impl Listed {
    pub(super) fn fallback(handlers: Handlers) -> Self {
        Self {
            path: "/*".to_owned(),
            endpoint: Endpoint::Fallback,
            handlers,
        }
    }
}

impl<S: Clone + Send + Sync + 'static> Mount<S> {
    /// Creates the mount of handlers that are not known.
    pub(super) fn new(router: axum::Router<S>, endpoint: Endpoint, path: &str) -> Self {
        let handlers = Handlers::unknown_under(None);
        let listed = Listed {
            path: path.to_owned(),
            endpoint,
            handlers: handlers.clone(),
        };
        Self {
            router,
            handlers,
            listed: vec![listed],
        }
    }

    pub(super) fn foreign(router: axum::Router<S>) -> Self {
        Self::new(router, Endpoint::Router, "/*")
    }

    /// Returns whether the mount contains a router of axum's own.
    pub(super) fn is_foreign(&self) -> bool {
        let mut listed = self.listed.iter();
        listed.any(|it| it.endpoint == Endpoint::Router)
    }

    pub(super) fn map<S2>(
        self,
        change: impl FnOnce(axum::Router<S>) -> axum::Router<S2>,
    ) -> Mount<S2> {
        Mount {
            router: change(self.router),
            handlers: self.handlers,
            listed: self.listed,
        }
    }

    pub(super) fn nest(mut self, prefix: &str, empty: &axum::Router<S>) -> Self {
        for listed in &mut self.listed {
            listed.path = nested(prefix, &listed.path);
        }
        self.map(|router| empty.clone().nest(prefix, router))
    }

    pub(super) fn with_state<S2>(self, state: &S) -> Mount<S2> {
        self.map(|router| router.with_state(state.clone()))
    }

    /// Removes the fallbacks. Returns `None` if nothing is left.
    pub(super) fn reset_fallback(mut self) -> Option<Self> {
        self.listed.retain(|it| it.endpoint != Endpoint::Fallback);
        let is_left = !self.listed.is_empty();
        is_left.then(|| self.map(axum::Router::reset_fallback))
    }

    pub(super) fn cover(&mut self, default: &'static Policy) {
        self.handlers.cover(default);
        for listed in &mut self.listed {
            listed.handlers.cover(default);
        }
    }

    /// Returns the router, with its policy as the outermost layer.
    pub(super) fn with_policy(self) -> axum::Router<S> {
        if !self.handlers.is_covered() {
            return self.router;
        }
        let layer = PathLayer::new(PathPolicies::new(self.handlers));
        self.router.layer(layer)
    }

    /// Adds the layer with the policy now. Layers that are added later are outside of it.
    pub(super) fn settled(self) -> Self {
        Self {
            listed: self.listed.clone(),
            handlers: Handlers::unknown_under(None),
            router: self.with_policy(),
        }
    }

    pub(super) fn list(&self, policies: &mut Policies) {
        for listed in &self.listed {
            policies.add(&listed.path, listed.endpoint, &listed.handlers);
        }
    }
}

/// Returns the path of a route of a nested router, as axum joins the two paths.
pub(super) fn nested(prefix: &str, path: &str) -> String {
    match prefix.strip_suffix('/') {
        Some(_) => format!("{prefix}{}", path.trim_start_matches('/')),
        None if path == "/" => prefix.to_owned(),
        None => format!("{prefix}{path}"),
    }
}
