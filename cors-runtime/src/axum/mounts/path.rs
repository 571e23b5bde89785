//! The mount of one path.

use axum::handler::Handler;
use axum::routing;

use super::unchecked;
use crate::axum::layer::{PathLayer, PathPolicies};
use crate::axum::routes::{FallbackKind, Handlers, OptionsEndpoint};

/// The handlers of one path.
#[derive(Clone)]
pub(crate) struct PathMount<S> {
    pub(super) router: axum::Router<S>,
    /// The OPTIONS endpoint of the path. It is separate, because
    /// `Router::method_not_allowed_fallback` replaces the endpoint together with its layers, as
    /// axum does.
    pub(super) options: OptionsEndpoint<axum::Router<S>>,
    pub(super) handlers: Handlers,
}

impl<S: Clone + Send + Sync + 'static> PathMount<S> {
    pub(super) fn map<S2>(
        self,
        change: impl Fn(axum::Router<S>) -> axum::Router<S2>,
    ) -> PathMount<S2> {
        PathMount {
            router: change(self.router),
            options: self.options.map(&change),
            handlers: self.handlers,
        }
    }

    #[track_caller]
    pub(super) fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.options = self.options.merge(other.options);
        self.handlers.extend(other.handlers);
        self
    }

    pub(super) fn nest(self, prefix: &str, empty: &axum::Router<S>) -> Self {
        self.map(|router| empty.clone().nest(prefix, router))
    }

    pub(super) fn with_state<S2>(self, state: &S) -> PathMount<S2> {
        self.map(|router| router.with_state(state.clone()))
    }

    pub(super) fn method_not_allowed_fallback<H, T>(mut self, path: &str, handler: &H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.router = self.router.method_not_allowed_fallback(handler.clone());
        if self.options.fallback == FallbackKind::Default {
            self.options = OptionsEndpoint {
                router: unchecked().route(path, routing::options(handler.clone())),
                fallback: FallbackKind::Custom,
            };
        }
        self
    }

    /// Returns the router, with the policies as its outermost layer.
    pub(super) fn with_policies(self) -> axum::Router<S> {
        let Self {
            mut router,
            options,
            handlers,
        } = self;
        if !handlers.is_covered() {
            return router;
        }
        if handlers.wants_options_endpoint() {
            // axum keeps the second of two default fallbacks, which has the user's layers.
            router = options.router.merge(router);
        }
        router.route_layer(PathLayer::new(PathPolicies::new(handlers)))
    }
}
