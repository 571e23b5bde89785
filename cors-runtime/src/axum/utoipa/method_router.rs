//! The return type of `routes!`.

use std::convert::Infallible;
use std::fmt;

use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::Route;
use tower_layer::Layer;
use tower_service::Service;
use utoipa::openapi::path::Paths;
use utoipa::openapi::{RefOr, Schema};
use utoipa_axum::router::UtoipaMethodRouter;

use crate::axum::MethodRouter;

type Schemas = Vec<(String, RefOr<Schema>)>;

/// The handlers of a path, with their documentation. [`routes`](super::routes) returns it.
///
/// The methods are those of [`UtoipaMethodRouterExt`](utoipa_axum::router::UtoipaMethodRouterExt).
#[must_use]
#[derive(Clone)]
pub struct OpenApiMethodRouter<S = (), E = Infallible> {
    pub(super) schemas: Schemas,
    pub(super) paths: Paths,
    pub(super) router: MethodRouter<S, E>,
}

impl<S, E> OpenApiMethodRouter<S, E>
where
    S: Clone + Send + Sync + 'static,
{
    /// For the expansion of [`routes`](super::routes).
    #[doc(hidden)]
    pub fn new(schemas: Schemas, paths: Paths, router: MethodRouter<S, E>) -> Self {
        Self {
            schemas,
            paths,
            router,
        }
    }

    /// See [`MethodRouter::layer`]. CORS runs outside of the layer.
    pub fn layer<L, NewError>(self, layer: L) -> OpenApiMethodRouter<S, NewError>
    where
        L: Layer<Route<E>> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<NewError> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
        E: 'static,
        NewError: 'static,
    {
        self.map(|router| router.layer(layer))
    }

    /// See [`MethodRouter::with_state`].
    pub fn with_state<S2>(self, state: S) -> OpenApiMethodRouter<S2, E>
    where
        S2: Clone + Send + Sync + 'static,
    {
        self.map(|router| router.with_state(state))
    }

    /// Changes the method router.
    ///
    /// ```
    /// use axum::extract::DefaultBodyLimit;
    /// use cors_runtime::axum::cors;
    /// use cors_runtime::axum::utoipa::{OpenApiRouter, routes};
    ///
    /// #[utoipa::path(post, path = "/items")]
    /// #[cors(origins = ["https://app.example.com"])]
    /// async fn create(name: String) -> String {
    ///     name
    /// }
    ///
    /// let create = routes!(create).map(|it| it.route_layer(DefaultBodyLimit::max(1024)));
    /// let router: OpenApiRouter = OpenApiRouter::new().routes(create);
    /// ```
    pub fn map<S2, NewError>(
        self,
        change: impl FnOnce(MethodRouter<S, E>) -> MethodRouter<S2, NewError>,
    ) -> OpenApiMethodRouter<S2, NewError> {
        OpenApiMethodRouter {
            schemas: self.schemas,
            paths: self.paths,
            router: change(self.router),
        }
    }
}

/// For `utoipa_axum::routes!`, whose handlers do not have a policy.
impl<S, E> From<UtoipaMethodRouter<S, E>> for OpenApiMethodRouter<S, E>
where
    S: Clone + Send + Sync + 'static,
{
    fn from((schemas, paths, router): UtoipaMethodRouter<S, E>) -> Self {
        Self::new(schemas, paths, router.into())
    }
}

impl<S, E> fmt::Debug for OpenApiMethodRouter<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenApiMethodRouter")
            .field("paths", &self.paths.paths.keys())
            .field("router", &self.router)
            .finish_non_exhaustive()
    }
}
