//! Adds the user's layers to every mount.

use std::convert::Infallible;

use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::Route;
use tower_layer::Layer;
use tower_service::Service;

use super::Mounts;

/// A layer for [`axum::Router::layer`].
pub(crate) trait RouteLayer:
    Layer<Route, Service: RouteService> + Clone + Send + Sync + 'static
{
}

impl<L: Layer<Route, Service: RouteService> + Clone + Send + Sync + 'static> RouteLayer for L {}

/// The service of a [`RouteLayer`].
pub(crate) trait RouteService:
    Service<
        Request,
        Response: IntoResponse + 'static,
        Error: Into<Infallible> + 'static,
        Future: Send + 'static,
    > + Clone
    + Send
    + Sync
    + 'static
{
}

impl<T> RouteService for T where
    T: Service<
            Request,
            Response: IntoResponse + 'static,
            Error: Into<Infallible> + 'static,
            Future: Send + 'static,
        > + Clone
        + Send
        + Sync
        + 'static
{
}

impl<S: Clone + Send + Sync + 'static> Mounts<S> {
    pub(crate) fn layer(mut self, layer: &impl RouteLayer) -> Self {
        self = self.layer_routes(layer);
        let rest = self.rest.into_iter();
        let change = |router: axum::Router<S>| router.layer(layer.clone());
        self.rest = rest.map(|it| it.map(change)).collect();
        self.fallback = self.fallback.layer(layer);
        self
    }

    #[track_caller]
    pub(crate) fn route_layer(mut self, layer: &impl RouteLayer) -> Self {
        if !self.has_routes() {
            // axum panics in this call.
            self.skeleton = self.skeleton.route_layer(layer.clone());
        }
        self = self.layer_routes(layer);
        let change = |router| route_layer(router, layer);
        let rest = self.rest.into_iter();
        self.rest = rest.map(|it| it.map(change)).collect();
        self.fallback = self.fallback.map_foreign(change);
        self
    }

    /// Adds a layer to each path and service. Their routers only have axum's default fallback,
    /// which the final router does not use.
    fn layer_routes(mut self, layer: &impl RouteLayer) -> Self {
        let change = |router| route_layer(router, layer);
        let paths = self.paths.into_iter();
        self.paths = paths.map(|(path, it)| (path, it.map(change))).collect();
        let services = self.services.into_iter();
        self.services = services.map(|it| it.map(change)).collect();
        self
    }
}

/// Adds a layer to the routes of a mount. axum panics for a router without routes, such as the
/// router of a fallback.
fn route_layer<S>(router: axum::Router<S>, layer: &impl RouteLayer) -> axum::Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    if router.has_routes() {
        router.route_layer(layer.clone())
    } else {
        router
    }
}
