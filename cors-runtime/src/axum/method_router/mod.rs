//! A mirror of [`axum::routing::MethodRouter`], in which each handler has its own policy.

mod chained;
#[cfg(not(target_family = "wasm"))]
mod serve;
mod service;
mod traits;

use std::convert::Infallible;
use std::sync::{Arc, OnceLock};

use axum::error_handling::{HandleError, HandleErrorLayer};
use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::{self, MethodFilter, Route};
use tower_layer::Layer;
use tower_service::Service;

use super::handler::CorsHandler;
use super::routes::{
    FallbackKind, Handlers, OptionsEndpoint, RegisteredHandler, Registration, not_allowed,
};

/// The handlers of one path: one for each method, each with its own policy or without one.
///
/// It mirrors [`axum::routing::MethodRouter`]. A method that is not described here does the same as
/// in axum. Create one with [`get`](super::routing::get), [`post`](super::routing::post) and the
/// other functions of [`routing`](super::routing).
///
/// You can convert it into axum's own method router, which answers the preflights of the path
/// itself. For example, for a router that expects axum's type:
///
/// ```
/// use cors_runtime::axum::{cors, routing::get};
///
/// #[cors(origins = ["https://app.example.com"])]
/// async fn list() -> &'static str {
///     "items"
/// }
///
/// let items: axum::routing::MethodRouter = get(list).into();
/// let app: axum::Router = axum::Router::new().route("/items", items);
/// ```
///
/// # Limitations
///
/// The conversion adds an OPTIONS endpoint for the preflights. So axum panics if you add two
/// converted method routers to one path: chain the methods instead. The preflights for a method
/// that you add to the path later are refused. A POST handler may be added later, so browsers do
/// not cache preflights that allow headers, unless the method router has a POST handler with the
/// same headers.
#[must_use]
pub struct MethodRouter<S = (), E = Infallible> {
    inner: routing::MethodRouter<S, E>,
    handlers: Handlers,
    options: OptionsEndpoint<routing::MethodRouter<S, E>>,
    /// axum's method router with the policies. Clones share the built router.
    built: Built<S, E>,
}

type Built<S, E> = Arc<OnceLock<routing::MethodRouter<S, E>>>;

impl<S: Clone, E> MethodRouter<S, E> {
    /// Creates a method router that responds with 405 to every request.
    #[inline(never)]
    pub fn new() -> Self {
        Self::with_parts(
            routing::MethodRouter::new(),
            Handlers::default(),
            OptionsEndpoint {
                router: not_allowed(),
                fallback: FallbackKind::Default,
            },
        )
    }

    fn with_parts(
        inner: routing::MethodRouter<S, E>,
        handlers: Handlers,
        options: OptionsEndpoint<routing::MethodRouter<S, E>>,
    ) -> Self {
        Self {
            inner,
            handlers,
            options,
            built: Arc::default(),
        }
    }

    /// Adds a service without a policy for the methods of the filter.
    ///
    /// # Panics
    ///
    /// Panics if one of the methods has a handler.
    #[track_caller]
    pub fn on_service<T>(mut self, filter: MethodFilter, service: T) -> Self
    where
        T: Service<Request, Error = E> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse + 'static,
        T::Future: Send + 'static,
    {
        let registered = RegisteredHandler::service(Registration::Methods(filter));
        self.handlers.mounted.push(registered);
        Self::with_parts(
            self.inner.on_service(filter, service),
            self.handlers,
            self.options,
        )
    }

    /// Sets a service without a policy as the [`fallback`](Self::fallback).
    pub fn fallback_service<T>(self, service: T) -> Self
    where
        T: Service<Request, Error = E> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse + 'static,
        T::Future: Send + 'static,
    {
        let registered = RegisteredHandler::service(Registration::Fallback);
        let handlers = with_catch_all(self.handlers, registered);
        let options = routing::MethodRouter::new().options_service(service.clone());
        let options = OptionsEndpoint {
            router: options,
            fallback: FallbackKind::Custom,
        };
        Self::with_parts(self.inner.fallback_service(service), handlers, options)
    }

    /// Creates a router for [`any_service`](super::routing::any_service). Unlike with
    /// [`fallback_service`](Self::fallback_service), axum does not add `Allow`.
    pub(super) fn any_service<T>(service: T) -> Self
    where
        T: Service<Request, Error = E> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse + 'static,
        T::Future: Send + 'static,
    {
        let registered = RegisteredHandler::service(Registration::Any);
        let options = routing::MethodRouter::new().options_service(service.clone());
        let options = OptionsEndpoint {
            router: options,
            fallback: FallbackKind::Custom,
        };
        let inner = routing::any_service(service);
        Self::with_parts(inner, Handlers::one(registered), options)
    }

    /// Adds the handlers of another method router. The other router may be axum's own, whose
    /// handlers do not have a policy.
    ///
    /// # Panics
    ///
    /// Panics if both have a handler for a method, or if both have a fallback. Panics if one has an
    /// annotated `any` or fallback, and the other one is axum's own, whose methods are not known.
    #[track_caller]
    pub fn merge(mut self, other: impl Into<Self>) -> Self {
        let (inner, handlers, options) = other.into().into_parts();
        let inner = self.inner.merge(inner);
        self.handlers.extend(handlers);
        Self::with_parts(inner, self.handlers, self.options.merge(options))
    }

    /// Adds a layer to every handler that was added before, and to the fallback. CORS runs outside
    /// of the layer.
    ///
    /// The fallback is the response with 405. For a layer on one handler, use
    /// [`AnnotatedHandler::layer`](crate::axum::AnnotatedHandler::layer):
    /// `put(replace.layer(limit)).get(list)`.
    pub fn layer<L, NewError>(self, layer: L) -> MethodRouter<S, NewError>
    where
        L: Layer<Route<E>> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<NewError> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
        E: 'static,
        S: 'static,
        NewError: 'static,
    {
        let options = self.options.map(|router| router.layer(layer.clone()));
        MethodRouter::with_parts(self.inner.layer(layer), self.handlers, options)
    }

    /// Adds a layer to every handler, but not to the fallback. CORS runs outside of the layer.
    ///
    /// # Panics
    ///
    /// Panics if the router does not have a handler yet.
    #[track_caller]
    pub fn route_layer<L>(self, layer: L) -> Self
    where
        L: Layer<Route<E>> + Clone + Send + Sync + 'static,
        L::Service: Service<Request, Error = E> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
        E: 'static,
        S: 'static,
    {
        Self::with_parts(self.inner.route_layer(layer), self.handlers, self.options)
    }

    /// Applies a [`HandleErrorLayer`], as `layer(HandleErrorLayer::new(f))` does.
    pub fn handle_error<F, T>(self, f: F) -> MethodRouter<S, Infallible>
    where
        F: Clone + Send + Sync + 'static,
        HandleError<Route<E>, F, T>: Service<Request, Error = Infallible>,
        <HandleError<Route<E>, F, T> as Service<Request>>::Future: Send,
        <HandleError<Route<E>, F, T> as Service<Request>>::Response: IntoResponse + Send,
        T: 'static,
        E: 'static,
        S: 'static,
    {
        self.layer(HandleErrorLayer::new(f))
    }

    /// Provides the state that the handlers extract.
    pub fn with_state<S2: Clone>(self, state: S) -> MethodRouter<S2, E> {
        let options = self.options.map(|router| router.with_state(state.clone()));
        MethodRouter::with_parts(self.inner.with_state(state), self.handlers, options)
    }

    pub(super) fn into_parts(
        self,
    ) -> (
        routing::MethodRouter<S, E>,
        Handlers,
        OptionsEndpoint<routing::MethodRouter<S, E>>,
    ) {
        (self.inner, self.handlers, self.options)
    }
}

impl<S: Clone + Send + Sync + 'static> MethodRouter<S> {
    /// Adds a handler for the methods of the filter.
    ///
    /// # Panics
    ///
    /// Panics if one of the methods has a handler. Panics if the handler's policy lists `methods`,
    /// but none of those in the filter. GET, HEAD and POST are always allowed.
    #[track_caller]
    pub fn on<H, M>(mut self, filter: MethodFilter, handler: H) -> Self
    where
        H: CorsHandler<M, S>,
    {
        let registered = RegisteredHandler::new::<H, M, S>(Registration::Methods(filter));
        self.register(registered);
        self.inner = self.inner.on(filter, handler.into_handler());
        self
    }

    // Separate from `on`, which is compiled for each handler.
    #[inline(never)]
    fn register(&mut self, registered: RegisteredHandler) {
        self.handlers.mounted.push(registered);
        self.built = Built::default();
    }

    /// Sets the handler for every method without a handler. The policy of an annotated handler
    /// without `methods` allows GET, HEAD and POST.
    pub fn fallback<H, M>(self, handler: H) -> Self
    where
        H: CorsHandler<M, S>,
    {
        let registered = RegisteredHandler::new::<H, M, S>(Registration::Fallback);
        let handlers = with_catch_all(self.handlers, registered);
        let handler = handler.into_handler();
        let options = OptionsEndpoint {
            router: routing::options(handler.clone()),
            fallback: FallbackKind::Custom,
        };
        Self::with_parts(self.inner.fallback(handler), handlers, options)
    }

    /// Creates a router for [`any`](super::routing::any). Unlike with [`fallback`](Self::fallback),
    /// axum does not add `Allow`.
    pub(super) fn any<H, M>(handler: H) -> Self
    where
        H: CorsHandler<M, S>,
    {
        let registered = RegisteredHandler::new::<H, M, S>(Registration::Any);
        let handler = handler.into_handler();
        let options = OptionsEndpoint {
            router: routing::options(handler.clone()),
            fallback: FallbackKind::Custom,
        };
        Self::with_parts(routing::any(handler), Handlers::one(registered), options)
    }
}

fn with_catch_all(mut handlers: Handlers, registered: RegisteredHandler) -> Handlers {
    let mounted = &mut handlers.mounted;
    mounted.retain(|other| !other.registration.is_catch_all());
    mounted.push(registered);
    handlers
}
