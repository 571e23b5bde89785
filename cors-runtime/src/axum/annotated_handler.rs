//! Layers on one annotated handler.

use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::IntoResponse;
use axum::routing::{self, Route};
use tower_layer::Layer;
use tower_service::Service;

use super::handler::{Annotation, CorsHandler, ViaCors};

/// A handler with [`#[cors]`](super::cors), as [`axum::handler::Handler`] is one without.
///
/// Import the trait to add a layer to one handler:
///
/// ```
/// use axum::extract::DefaultBodyLimit;
/// use cors_runtime::axum::{AnnotatedHandler, Router, cors, routing::get};
///
/// #[cors(origins = ["https://app.example.com"])]
/// async fn list() -> &'static str {
///     "items"
/// }
///
/// #[cors(origins = ["https://admin.example.com"])]
/// async fn upload(body: String) -> String {
///     body
/// }
///
/// let upload = upload.layer(DefaultBodyLimit::max(1024));
/// let app: Router = Router::new().route("/items", get(list).post(upload));
/// ```
pub trait AnnotatedHandler<M, S>: CorsHandler<M, S> {
    /// Adds a layer to the handler. CORS runs outside of it: the layer does not receive preflights,
    /// and its responses have the CORS headers.
    fn layer<L>(self, layer: L) -> LayeredHandler<L, Self, M, S>
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        LayeredHandler {
            layer,
            handler: self,
            arguments: PhantomData,
        }
    }
}

impl<H, T, S> AnnotatedHandler<ViaCors<T>, S> for H where H: CorsHandler<ViaCors<T>, S> {}

/// The return type of [`AnnotatedHandler::layer`].
pub struct LayeredHandler<L, H, M, S> {
    layer: L,
    handler: H,
    arguments: PhantomData<fn() -> (M, S)>,
}

#[diagnostic::do_not_recommend]
impl<L, H, M, S> CorsHandler<ViaCors<LayeredHandler<(), (), M, S>>, S>
    for LayeredHandler<L, H, M, S>
where
    L: Layer<Route> + Clone + Send + Sync + 'static,
    L::Service: Service<Request> + Clone + Send + Sync + 'static,
    <L::Service as Service<Request>>::Response: IntoResponse + 'static,
    <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
    <L::Service as Service<Request>>::Future: Send + 'static,
    H: CorsHandler<M, S>,
    S: Clone + Send + Sync + 'static,
{
    type Args = ();

    fn annotation() -> Option<Annotation> {
        H::annotation()
    }

    fn into_handler(self) -> impl Handler<(), S> {
        // The type ties the error of `layer` to `Infallible`.
        let router: routing::MethodRouter<S> =
            routing::any(self.handler.into_handler()).layer(self.layer);
        router
    }
}

impl<L: Clone, H: Clone, M, S> Clone for LayeredHandler<L, H, M, S> {
    fn clone(&self) -> Self {
        Self {
            layer: self.layer.clone(),
            handler: self.handler.clone(),
            arguments: PhantomData,
        }
    }
}

impl<L, H, M, S> fmt::Debug for LayeredHandler<L, H, M, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LayeredHandler").finish_non_exhaustive()
    }
}
