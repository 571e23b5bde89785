//! A mirror of [`axum::Router`], in which each endpoint has its own policy.

#[cfg(not(target_family = "wasm"))]
mod serve;
mod service;
mod traits;

use std::any::Any;
use std::convert::Infallible;
use std::sync::{Arc, OnceLock};

use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::{self, Route};
use tower_layer::Layer;
use tower_service::Service;

use super::handler::{CorsHandler, PlainHandler};
use super::method_router::MethodRouter;
use super::mounts::Mounts;
use super::routes::{Handlers, Policies, RegisteredHandler, Registration};
use crate::policy::Policy;

/// axum's router, for annotated handlers and plain ones.
///
/// It mirrors [`axum::Router`]. A method that is not described here does the same as in axum. The
/// CORS layer of an endpoint is outside of every layer that is added here, before or after the
/// endpoint. For example, an auth layer never receives a preflight, and the CORS layer adds the
/// headers of the handler's policy to a 401.
///
/// ```
/// use axum::Json;
/// use cors_runtime::axum::{Router, cors, routing::get};
///
/// #[cors(origins = ["https://app.example.com"])]
/// async fn list() -> Json<Vec<String>> {
///     Json(vec![])
/// }
///
/// #[cors(origins = ["https://admin.example.com"], headers = ["content-type"], credentials)]
/// async fn create(Json(name): Json<String>) -> String {
///     name
/// }
///
/// # async fn run(listener: tokio::net::TcpListener) -> std::io::Result<()> {
/// let app: Router = Router::new().route("/items", get(list).post(create));
/// axum::serve(listener, app).await
/// # }
/// ```
///
/// `axum::Router::from(router)` is axum's own router with the same endpoints, for a function that
/// expects one. Add layers there that should see preflights, such as a `TraceLayer`.
#[must_use]
pub struct Router<S = ()> {
    shared: Arc<Shared<S>>,
}

/// The part of a router that its clones share.
struct Shared<S> {
    mounts: Mounts<S>,
    /// The router as a service, which is built when it is first called.
    built: OnceLock<axum::Router<S>>,
}

impl<S: Clone + Send + Sync + 'static> Router<S> {
    /// Creates a router without routes, which responds with 404 to every request.
    pub fn new() -> Self {
        Self::with_mounts(Mounts::new())
    }

    fn with_mounts(mounts: Mounts<S>) -> Self {
        let built = OnceLock::new();
        Self {
            shared: Arc::new(Shared { mounts, built }),
        }
    }

    fn into_mounts(self) -> Mounts<S> {
        match Arc::try_unwrap(self.shared) {
            Ok(shared) => shared.mounts,
            Err(shared) => shared.mounts.clone(),
        }
    }

    /// See [`axum::Router::without_v07_checks`].
    pub fn without_v07_checks(self) -> Self {
        Self::with_mounts(self.into_mounts().without_v07_checks())
    }

    /// Adds a path, or handlers to a path.
    ///
    /// # Panics
    ///
    /// Panics as [`axum::Router::route`] does, for example if a method already has a handler.
    /// Panics if the path needs an OPTIONS endpoint, and a router of axum's own has an OPTIONS
    /// handler for the path.
    #[track_caller]
    pub fn route(self, path: &str, method_router: impl Into<MethodRouter<S>>) -> Self {
        let (inner, handlers, options) = method_router.into().into_parts();
        Self::with_mounts(self.into_mounts().route(path, inner, handlers, options))
    }

    /// Sets the default policy: the policy for handlers without an attribute, for services, for
    /// routers of axum's own, and for the 404 and 405 of axum. The order of the calls does not
    /// matter.
    ///
    /// A handler's own policy replaces the default policy entirely. `#[cors(disabled)]` excludes a
    /// handler. If routers are nested, the nearest default policy applies. A merged router keeps
    /// its own default policy.
    ///
    /// ```
    /// use cors_runtime::axum::{Router, cors, routing::get};
    /// use cors_runtime::{Policy, policy};
    ///
    /// static DEFAULT: Policy = policy! { origins = ["https://app.example.com"], credentials };
    ///
    /// async fn list() -> &'static str {
    ///     "for the app"
    /// }
    ///
    /// #[cors(origins = ["https://admin.example.com"])]
    /// async fn audit() -> &'static str {
    ///     "for the admin page alone"
    /// }
    ///
    /// let app: Router = Router::new()
    ///     .route("/items", get(list))
    ///     .route("/audit", get(audit))
    ///     .cors(&DEFAULT);
    /// ```
    ///
    /// A preflight passes only for a method that is served. The methods of services and of axum's
    /// own routers are not known. For these, the `methods` of the policy decide, or GET, HEAD and
    /// POST without `methods`. For example, `Router::from(axum_router).cors(&DEFAULT)` applies the
    /// policy to every route of that router.
    ///
    /// # Limitations
    ///
    /// A handler without an attribute, a service or a router of axum's own may have inner policies,
    /// for example of a `CorsLayer`. The response then has the headers of the inner policy. The
    /// default policy answers the preflights. A request from an origin that the inner policy does
    /// not allow is refused with 403.
    ///
    /// # Panics
    ///
    /// Panics if a list that the policy names is not [ready](Policy::ready), and if a path needs an
    /// OPTIONS endpoint where a router of axum's own has an OPTIONS handler.
    #[track_caller]
    #[doc(alias("CorsLayer", "default_policy"))]
    pub fn cors(self, default: &'static Policy) -> Self {
        default.expect_ready("`Router::cors`");
        Self::with_mounts(self.into_mounts().cors(default))
    }

    /// Adds a service without a policy at a path.
    ///
    /// # Panics
    ///
    /// Panics as [`axum::Router::route_service`] does, for example if the service is a `Router`.
    #[track_caller]
    pub fn route_service<T>(self, path: &str, service: T) -> Self
    where
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse,
        T::Future: Send + 'static,
    {
        assert!(
            !(&service as &dyn Any).is::<Self>(),
            "Invalid route: `Router::route_service` cannot be used with `Router`s. \
             Use `Router::nest` instead"
        );
        Self::with_mounts(self.into_mounts().route_service(path, service))
    }

    /// Adds the routes of another router under a prefix, with their policies. The other router may
    /// be axum's own, whose routes do not have a policy.
    ///
    /// # Panics
    ///
    /// Panics as [`axum::Router::nest`] and [`merge`](Self::merge) do.
    #[track_caller]
    pub fn nest(self, path: &str, router: impl Into<Self>) -> Self {
        let router = router.into().into_mounts();
        Self::with_mounts(self.into_mounts().nest(path, router))
    }

    /// Adds a service without a policy under a prefix.
    ///
    /// # Panics
    ///
    /// Panics as [`axum::Router::nest_service`] does.
    #[track_caller]
    pub fn nest_service<T>(self, path: &str, service: T) -> Self
    where
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse,
        T::Future: Send + 'static,
    {
        Self::with_mounts(self.into_mounts().nest_service(path, service))
    }

    /// Adds the routes of another router, with their policies. The other router may be axum's own,
    /// whose routes do not have a policy.
    ///
    /// # Limitations
    ///
    /// A path may have annotated handlers, and handlers of axum's own router for other methods. The
    /// preflights for the other methods are refused. All preflights for an annotated `any` on that
    /// path are refused as well, so name its methods. Browsers do not cache the preflights of such
    /// a path.
    ///
    /// # Panics
    ///
    /// Panics as [`axum::Router::merge`] does. Panics if axum's own router has an OPTIONS handler
    /// on a path that needs an OPTIONS endpoint for a policy. Panics if both have a
    /// [`method_not_allowed_fallback`](Self::method_not_allowed_fallback) for a path.
    #[track_caller]
    pub fn merge(self, other: impl Into<Self>) -> Self {
        let other = other.into().into_mounts();
        Self::with_mounts(self.into_mounts().merge(other))
    }

    /// Adds a layer to everything that was added before. CORS runs outside of the layer.
    pub fn layer<L>(self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        Self::with_mounts(self.into_mounts().layer(&layer))
    }

    /// Adds a layer to the routes that were added before, but not to fallbacks. CORS runs outside
    /// of the layer.
    ///
    /// # Panics
    ///
    /// Panics if the router does not have a route yet.
    #[track_caller]
    pub fn route_layer<L>(self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        Self::with_mounts(self.into_mounts().route_layer(&layer))
    }

    /// Returns whether the router has a route.
    #[must_use]
    pub fn has_routes(&self) -> bool {
        self.shared.mounts.has_routes()
    }

    /// Sets the handler for paths without a route. The policy of an annotated handler applies to
    /// all of these paths. Without `methods`, it allows GET, HEAD and POST.
    ///
    /// # Panics
    ///
    /// Panics if a list that the policy names is not [ready](Policy::ready).
    #[track_caller]
    pub fn fallback<H, M>(self, handler: H) -> Self
    where
        H: CorsHandler<M, S> + Clone + Send + Sync + 'static,
        M: 'static,
    {
        let registered = RegisteredHandler::new::<H, M, S>(Registration::Any);
        let fallback = routing::any(handler.into_handler());
        let handlers = Handlers::one(registered);
        Self::with_mounts(self.into_mounts().fallback(fallback, handlers))
    }

    /// Sets a service without a policy as the [`fallback`](Self::fallback).
    pub fn fallback_service<T>(self, service: T) -> Self
    where
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse,
        T::Future: Send + 'static,
    {
        let registered = RegisteredHandler::service(Registration::Any);
        let handlers = Handlers::one(registered);
        Self::with_mounts(self.into_mounts().fallback_service(service, handlers))
    }

    /// Sets the handler for a method that is not served, on the paths that were added before. On a
    /// path with policies, the response has the headers of the first policy that allows the origin.
    /// If all policies of the path have `enforce` and deny the request, the response is 403.
    ///
    /// # Panics
    ///
    /// Panics if a path has handlers of this router and of a router of axum's own, because both
    /// would have a fallback. Call this method on each router before merging.
    #[track_caller]
    pub fn method_not_allowed_fallback<H, T>(self, handler: H) -> Self
    where
        H: PlainHandler<T, S>,
        T: 'static,
    {
        Self::with_mounts(self.into_mounts().method_not_allowed_fallback(handler))
    }

    /// See [`axum::Router::reset_fallback`].
    pub fn reset_fallback(self) -> Self {
        Self::with_mounts(self.into_mounts().reset_fallback())
    }

    /// Provides the state that the handlers extract.
    pub fn with_state<S2>(self, state: S) -> Router<S2> {
        let shared = Shared {
            mounts: self.into_mounts().with_state(&state),
            built: OnceLock::new(),
        };
        Router {
            shared: Arc::new(shared),
        }
    }

    /// Returns a table of everything that is mounted, with its policy. For example, log the table
    /// at start-up, or compare the table in a test. Such a test fails whenever a policy changes.
    #[must_use]
    pub fn policies(&self) -> Policies {
        self.shared.mounts.clone().policies()
    }
}
