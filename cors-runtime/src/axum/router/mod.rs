//! A mirror of [`axum::Router`]: axum's own router, and a table of the endpoints in it.

mod into_axum;
mod method_router;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;
use std::sync::{Arc, OnceLock};

use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::{self, Route};
use tower_layer::Layer;
use tower_service::Service;

pub use self::method_router::MethodRouter;
use super::fallback::WithPolicy;
use super::handler::{CorsHandler, PlainHandler};
use super::routes::{
    Entry, Handlers, OptionsEndpoint, Policies, RegisteredHandler, Registration, Routes,
    checked_router, service_fallback,
};
use crate::policy::Policy;

/// axum's router, for annotated handlers and plain ones.
///
/// It mirrors [`axum::Router`] and holds one; what is not described here does what it does there.
/// CORS is one layer outside of everything that is added here, in whatever order: an auth layer
/// never meets a preflight, and its 401 carries the headers of the handler behind it.
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
/// `axum::Router::from(router)` goes wherever axum's own is wanted. Layers that should see
/// preflights too, such as a `TraceLayer`, are added there.
#[must_use]
pub struct Router<S = ()> {
    pub(crate) inner: axum::Router<S>,
    pub(crate) routes: Routes<S>,
    /// What the service is, made once and shared by the clones.
    pub(crate) built: Arc<OnceLock<axum::Router<S>>>,
}

impl<S: Clone + Send + Sync + 'static> Router<S> {
    /// A router without routes: 404 for everything.
    pub fn new() -> Self {
        Self::with_routes(axum::Router::new(), Routes::new())
    }

    pub(crate) fn with_routes(inner: axum::Router<S>, routes: Routes<S>) -> Self {
        Self {
            inner,
            routes,
            built: Arc::default(),
        }
    }

    /// To be called by whatever changes the router: a clone may have made a service of what it was.
    fn changed(self) -> Self {
        Self {
            built: Arc::default(),
            ..self
        }
    }

    /// See [`axum::Router::without_v07_checks`].
    pub fn without_v07_checks(mut self) -> Self {
        self.inner = self.inner.without_v07_checks();
        self.changed()
    }

    /// Adds a path, or handlers to a path.
    ///
    /// # Panics
    ///
    /// As [`axum::Router::route`]: a path that overlaps another one, or a method that has a
    /// handler.
    #[track_caller]
    pub fn route(mut self, path: &str, method_router: impl Into<MethodRouter<S>>) -> Self {
        let MethodRouter {
            inner,
            handlers,
            options,
        } = method_router.into();
        self.inner = self.inner.route(path, inner);
        let options = OptionsEndpoint {
            router: checked_router().route(path, options.router),
            custom: options.custom,
        };
        let entry = Entry { handlers, options };
        self.routes.add(path.to_owned(), entry);
        self.changed()
    }

    /// Sets the policy for everything that has none: the handlers without an attribute, services,
    /// and the answers to paths and methods that nobody serves, whether they were added before
    /// or come later.
    ///
    /// A handler's own policy replaces it entirely; nothing is merged. `#[cors(disabled)]` takes a
    /// handler out. Of nested routers the closest one with a default decides, and what is
    /// merged keeps its own. What serves a method is not known of services and of axum's own
    /// routers: there the `methods` of the policy decide, and without them GET, HEAD
    /// and POST are allowed. Where they are known, a preflight passes only for a method that is
    /// served.
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
    /// With a router of axum's own, everything in it comes under that policy:
    /// `Router::from(axum_router).cors(&DEFAULT)`. axum then puts its `Allow` on preflights,
    /// too; browsers do not look at it.
    ///
    /// What has a policy of its own inside of a service or of axum's router still says what its
    /// responses carry. Its preflights are those of the default, and it does not run for pages
    /// of origins that its own policy refuses: 403.
    ///
    /// # Panics
    ///
    /// If a list that the policy names is not [ready](Policy::ready).
    #[track_caller]
    pub fn cors(mut self, default: &'static Policy) -> Self {
        default.expect_ready("`Router::cors`");
        self.routes.default = Some(default);
        self.changed()
    }

    /// Adds a service at a path. It has no policy.
    ///
    /// # Panics
    ///
    /// As [`axum::Router::route_service`].
    #[track_caller]
    pub fn route_service<T>(mut self, path: &str, service: T) -> Self
    where
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse,
        T::Future: Send + 'static,
    {
        self.inner = self.inner.route_service(path, service);
        self.routes.add_service(path);
        self.changed()
    }

    /// Adds the routes of another router under a prefix, with their policies.
    ///
    /// # Panics
    ///
    /// As [`axum::Router::nest`].
    #[track_caller]
    pub fn nest(mut self, path: &str, router: Self) -> Self {
        self.inner = self.inner.nest(path, router.inner);
        self.routes.nest(path, router.routes);
        self.changed()
    }

    /// Adds a service under a prefix. It has no policy.
    ///
    /// # Panics
    ///
    /// As [`axum::Router::nest_service`].
    #[track_caller]
    pub fn nest_service<T>(mut self, path: &str, service: T) -> Self
    where
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse,
        T::Future: Send + 'static,
    {
        self.inner = self.inner.nest_service(path, service);
        self.routes.add_service(path);
        let slash = format!("{}/", path.trim_end_matches('/'));
        self.routes.add_service(&slash);
        self.routes.serve(path);
        self.changed()
    }

    /// Adds the routes of another router, ours or axum's own.
    ///
    /// What stands in axum's own is not known here and has no policy. Where it serves more methods
    /// of an annotated path, preflights for those are passed on to it. Two things need a router
    /// of ours: an annotated `any` does not see that a method beside it is another's, and the
    /// preflights of a path stay cached beside an unknown POST.
    ///
    /// # Panics
    ///
    /// As [`axum::Router::merge`]. If both have routers of axum's own in them, which come under
    /// different policies by [`cors`](Self::cors): which of their routes is whose is not known.
    #[track_caller]
    pub fn merge(mut self, other: impl Into<Self>) -> Self {
        let Self { inner, routes, .. } = other.into();
        self.inner = self.inner.merge(inner);
        self.routes.merge(routes);
        self.changed()
    }

    /// Puts a layer around all that was added so far. CORS stays outside of it.
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        self.routes
            .change_options(|router| router.layer(layer.clone()));
        self.inner = self.inner.layer(layer);
        self.changed()
    }

    /// Puts a layer around the routes that were added so far, but not around fallbacks. CORS stays
    /// outside of it.
    ///
    /// # Panics
    ///
    /// If there is no route yet.
    #[track_caller]
    pub fn route_layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        self.inner = self.inner.route_layer(layer.clone());
        self.routes
            .change_options(|router| router.route_layer(layer.clone()));
        self.changed()
    }

    /// Whether there is a route.
    #[must_use]
    pub fn has_routes(&self) -> bool {
        self.inner.has_routes()
    }

    /// Serves what no route matches. An annotated handler's policy then is that of every path that
    /// nobody registered; without `methods` it allows GET, HEAD and POST.
    #[track_caller]
    pub fn fallback<H, M>(mut self, handler: H) -> Self
    where
        H: CorsHandler<M, S> + Clone + Send + Sync + 'static,
        M: 'static,
    {
        let handlers = Handlers::one(RegisteredHandler::new(
            Registration::Fallback,
            H::annotation(),
        ));
        self.inner = if handlers.is_annotated() {
            self.inner
                .fallback(WithPolicy::new(handler, handlers.clone()))
        } else {
            self.inner.fallback(handler.into_handler())
        };
        self.routes.set_fallback(handlers);
        self.changed()
    }

    /// [`fallback`](Self::fallback) for a service, which has no policy.
    pub fn fallback_service<T>(mut self, service: T) -> Self
    where
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse,
        T::Future: Send + 'static,
    {
        self.routes.set_fallback(service_fallback());
        self.inner = self.inner.fallback_service(service);
        self.changed()
    }

    /// Makes the answer for a method that nobody serves, on the paths that were added so far. On
    /// annotated paths it carries the headers of the first policy that allows the origin.
    pub fn method_not_allowed_fallback<H, T>(mut self, handler: H) -> Self
    where
        H: PlainHandler<T, S>,
        T: 'static,
    {
        for (path, entry) in &mut self.routes.paths {
            if !entry.options.custom {
                let endpoint = routing::options(handler.clone());
                entry.options.router = checked_router().route(path, endpoint);
                entry.options.custom = true;
            }
        }
        self.inner = self.inner.method_not_allowed_fallback(handler);
        self.changed()
    }

    /// See [`axum::Router::reset_fallback`].
    pub fn reset_fallback(mut self) -> Self {
        self.routes.reset_fallback();
        self.inner = self.inner.reset_fallback();
        self.changed()
    }

    /// Provides the state that the handlers extract.
    pub fn with_state<S2>(self, state: S) -> Router<S2> {
        Router {
            routes: self.routes.with_state(&state),
            inner: self.inner.with_state(state),
            built: Arc::default(),
        }
    }

    /// Every policy that is mounted, as a table: for a line in the log at start-up, or for a test
    /// that shows every change of exposure in review.
    #[must_use]
    pub fn policies(&self) -> Policies {
        self.routes.clone().policies()
    }
}

impl<S> Clone for Router<S> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            routes: self.routes.clone(),
            built: Arc::clone(&self.built),
        }
    }
}

impl<S: Clone + Send + Sync + 'static> Default for Router<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for Router<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths = self.routes.paths.iter();
        let handlers = paths.map(|(path, entry)| (path, &entry.handlers));
        f.debug_struct("Router")
            .field("inner", &self.inner)
            .field("paths", &handlers.collect::<BTreeMap<_, _>>())
            .field("unknown", &self.routes.unknown)
            .field("default", &self.routes.default)
            .finish_non_exhaustive()
    }
}
