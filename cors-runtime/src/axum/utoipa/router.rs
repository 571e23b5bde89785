//! The router with an `OpenAPI` document.

use std::convert::Infallible;
use std::fmt;

use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::{self, Route};
use tower_layer::Layer;
use tower_service::Service;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter as Document;

use super::OpenApiMethodRouter;
use crate::axum::handler::CorsHandler;
use crate::axum::{MethodRouter, Router};
use crate::policy::Policy;

/// A [`Router`] with the `OpenAPI` document of its handlers.
///
/// It mirrors [`utoipa_axum::router::OpenApiRouter`]. [`nest`](Self::nest) and
/// [`merge`](Self::merge) also accept a router of `utoipa_axum`, whose routes do not have a
/// policy.
///
/// [`split_for_parts`](Self::split_for_parts) returns a [`Router`] of this crate, and
/// `axum::Router::from(router)` one of axum's own.
#[derive(Clone)]
#[must_use]
pub struct OpenApiRouter<S = ()> {
    router: Router<S>,
    /// Has the same paths, without handlers.
    document: Document,
}

impl<S: Clone + Send + Sync + 'static> OpenApiRouter<S> {
    /// See [`utoipa_axum::router::OpenApiRouter::new`].
    pub fn new() -> Self {
        Self {
            router: Router::new(),
            document: Document::new(),
        }
    }

    /// See [`utoipa_axum::router::OpenApiRouter::with_openapi`].
    pub fn with_openapi(openapi: OpenApi) -> Self {
        Self {
            router: Router::new(),
            document: Document::with_openapi(openapi),
        }
    }

    /// Adds the handlers of [`routes!`](super::routes) to the router, and their documentation to
    /// the document.
    ///
    /// ```
    /// use cors_runtime::axum::cors;
    /// use cors_runtime::axum::utoipa::{OpenApiRouter, routes};
    ///
    /// #[utoipa::path(get, path = "/items")]
    /// #[cors(origins = ["https://app.example.com"])]
    /// async fn list() {}
    ///
    /// #[utoipa::path(put, path = "/items")]
    /// #[cors(origins = ["https://admin.example.com"])]
    /// async fn replace() {}
    ///
    /// let router: OpenApiRouter =
    ///     OpenApiRouter::new().routes(routes!(list)).routes(routes!(replace));
    /// ```
    ///
    /// # Panics
    ///
    /// Panics as [`Router::route`].
    #[track_caller]
    pub fn routes(mut self, routes: impl Into<OpenApiMethodRouter<S>>) -> Self {
        let OpenApiMethodRouter {
            schemas,
            paths,
            router,
        } = routes.into();
        for path in paths.paths.keys() {
            let path = if path.is_empty() { "/" } else { path };
            self.router = self.router.route(path, router.clone());
        }
        let documented = (schemas, paths, routing::MethodRouter::new());
        self.document = self.document.routes(documented);
        self
    }

    /// See [`Router::route`]. The document does not change.
    ///
    /// # Panics
    ///
    /// Panics as [`Router::route`].
    #[track_caller]
    pub fn route(mut self, path: &str, method_router: impl Into<MethodRouter<S>>) -> Self {
        self.router = self.router.route(path, method_router);
        self
    }

    /// See [`Router::cors`].
    ///
    /// # Panics
    ///
    /// Panics as [`Router::cors`].
    #[track_caller]
    pub fn cors(mut self, default: &'static Policy) -> Self {
        self.router = self.router.cors(default);
        self
    }

    /// See [`Router::route_service`]. The document does not change.
    ///
    /// # Panics
    ///
    /// Panics as [`Router::route_service`].
    #[track_caller]
    pub fn route_service<T>(mut self, path: &str, service: T) -> Self
    where
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse,
        T::Future: Send + 'static,
    {
        self.router = self.router.route_service(path, service);
        self
    }

    /// Adds the routes of another router under a prefix, with their policies and their
    /// documentation.
    ///
    /// # Panics
    ///
    /// Panics as [`Router::nest`].
    #[track_caller]
    pub fn nest(mut self, path: &str, router: impl Into<Self>) -> Self {
        let Self { router, document } = router.into();
        self.router = self.router.nest(path, router);
        self.document = self.document.nest(path, document);
        self
    }

    /// See [`Router::nest_service`]. The document does not change.
    ///
    /// # Panics
    ///
    /// Panics as [`Router::nest_service`].
    #[track_caller]
    pub fn nest_service<T>(mut self, path: &str, service: T) -> Self
    where
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse,
        T::Future: Send + 'static,
    {
        self.router = self.router.nest_service(path, service);
        self
    }

    /// Adds the routes of another router, with their policies and their documentation.
    ///
    /// # Panics
    ///
    /// Panics as [`Router::merge`].
    #[track_caller]
    pub fn merge(mut self, router: impl Into<Self>) -> Self {
        let Self { router, document } = router.into();
        self.router = self.router.merge(router);
        self.document = self.document.merge(document);
        self
    }

    /// See [`Router::layer`]. CORS runs outside of the layer.
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        self.router = self.router.layer(layer);
        self
    }

    /// See [`Router::route_layer`]. CORS runs outside of the layer.
    ///
    /// # Panics
    ///
    /// Panics as [`Router::route_layer`].
    #[track_caller]
    pub fn route_layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        self.router = self.router.route_layer(layer);
        self
    }

    /// See [`Router::fallback`].
    ///
    /// # Panics
    ///
    /// Panics as [`Router::fallback`].
    #[track_caller]
    pub fn fallback<H, M>(mut self, handler: H) -> Self
    where
        H: CorsHandler<M, S> + Clone + Send + Sync + 'static,
        M: 'static,
    {
        self.router = self.router.fallback(handler);
        self
    }

    /// See [`Router::fallback_service`].
    pub fn fallback_service<T>(mut self, service: T) -> Self
    where
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse,
        T::Future: Send + 'static,
    {
        self.router = self.router.fallback_service(service);
        self
    }

    /// See [`Router::with_state`].
    pub fn with_state<S2>(self, state: S) -> OpenApiRouter<S2> {
        OpenApiRouter {
            router: self.router.with_state(state),
            document: self.document,
        }
    }

    /// Returns the document.
    #[must_use]
    pub fn into_openapi(self) -> OpenApi {
        self.document.into_openapi()
    }

    /// Takes the document out of the router, and leaves an empty one.
    pub fn to_openapi(&mut self) -> OpenApi {
        self.document.to_openapi()
    }

    /// Returns the document by reference.
    #[must_use]
    pub fn get_openapi(&self) -> &OpenApi {
        self.document.get_openapi()
    }

    /// Returns the document for changes.
    pub fn get_openapi_mut(&mut self) -> &mut OpenApi {
        self.document.get_openapi_mut()
    }

    /// Returns the router and the document.
    pub fn split_for_parts(self) -> (Router<S>, OpenApi) {
        (self.router, self.document.into_openapi())
    }
}

/// Creates a router with an empty document.
impl<S: Clone + Send + Sync + 'static> Default for OpenApiRouter<S> {
    fn default() -> Self {
        Self::from(Router::new())
    }
}

impl<S: Clone + Send + Sync + 'static> From<Router<S>> for OpenApiRouter<S> {
    fn from(router: Router<S>) -> Self {
        Self {
            router,
            document: Document::default(),
        }
    }
}

impl<S: Clone + Send + Sync + 'static> From<Document<S>> for OpenApiRouter<S> {
    fn from(router: Document<S>) -> Self {
        let (router, openapi) = router.split_for_parts();
        Self {
            router: router.into(),
            document: Document::with_openapi(openapi),
        }
    }
}

impl<S> From<OpenApiRouter<S>> for Router<S> {
    fn from(router: OpenApiRouter<S>) -> Self {
        router.router
    }
}

impl<S: Clone + Send + Sync + 'static> From<OpenApiRouter<S>> for axum::Router<S> {
    fn from(router: OpenApiRouter<S>) -> Self {
        router.router.into()
    }
}

impl<S> fmt::Debug for OpenApiRouter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenApiRouter")
            .field("router", &self.router)
            .finish_non_exhaustive()
    }
}
