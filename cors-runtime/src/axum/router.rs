//! A mirror of [`axum::Router`]: one of axum's own, and a table of who serves what.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::fmt;
use std::sync::{Arc, OnceLock};

use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::{self, Route};
use tower_layer::Layer;
use tower_service::Service;

use super::fallback::WithPolicy;
use super::handler::{CorsHandler, PlainHandler};
use super::method_router::{MethodRouter, OptionsEndpoint};
use super::policies::Policies;
use super::table::{Handlers, Mounted, Others, Serves};

/// axum's router, for annotated handlers and plain ones.
///
/// It mirrors [`axum::Router`] and holds one; what is not described here does what it does there. CORS is one layer
/// outside of everything that is added here, in whatever order: an auth layer never meets a preflight, and its 401
/// carries the headers of the handler behind it.
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
/// `axum::Router::from(router)` goes wherever axum's own is wanted. Layers that should see preflights too, such as a
/// `TraceLayer`, are added there.
#[must_use]
pub struct Router<S = ()> {
    pub(super) inner: axum::Router<S>,
    pub(super) paths: BTreeMap<String, Entry<S>>,
    /// The user's fallbacks by the prefix that they are nested at; `/` is this router's own.
    pub(super) fallbacks: BTreeMap<String, Handlers>,
    /// The paths of services, which have no policy.
    pub(super) services: BTreeSet<String>,
    /// The prefixes below which no fallback of this router serves anything.
    pub(super) closed: BTreeSet<String>,
    /// Whether a router of axum's was merged in.
    pub(super) others: Others,
    /// What the service is, made once and shared by the clones.
    pub(super) built: Arc<OnceLock<axum::Router<S>>>,
}

pub(super) struct Entry<S> {
    pub(super) handlers: Handlers,
    pub(super) options: OptionsEndpoint<axum::Router<S>>,
}

impl<S: Clone + Send + Sync + 'static> Router<S> {
    /// A router without routes: 404 for everything.
    pub fn new() -> Self {
        Self::with_inner(axum::Router::new())
    }

    pub(super) fn with_inner(inner: axum::Router<S>) -> Self {
        Self {
            inner,
            paths: BTreeMap::new(),
            fallbacks: BTreeMap::new(),
            services: BTreeSet::new(),
            closed: BTreeSet::new(),
            others: Others::No,
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
    /// As [`axum::Router::route`]: a path that overlaps another one, or a method that has a handler.
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
        self.add(path.to_owned(), Entry { handlers, options });
        self.changed()
    }

    #[track_caller]
    fn add(&mut self, path: String, entry: Entry<S>) {
        match self.paths.get_mut(&path) {
            None => _ = self.paths.insert(path, entry),
            Some(known) => {
                known.handlers.extend(entry.handlers);
                known.options = known.options.clone().merge(entry.options);
            }
        }
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
        self.services.insert(path.to_owned());
        self.changed()
    }

    /// Adds the routes of another router under a prefix, with their policies.
    ///
    /// # Panics
    ///
    /// As [`axum::Router::nest`].
    #[track_caller]
    pub fn nest(mut self, path: &str, router: Self) -> Self {
        let Self {
            inner,
            paths,
            fallbacks,
            services,
            closed,
            others,
            ..
        } = router;
        self.inner = self.inner.nest(path, inner);
        for (
            inner_path,
            Entry {
                mut handlers,
                options,
            },
        ) in paths
        {
            handlers.others = handlers.others.max(others);
            let options = OptionsEndpoint {
                router: checked_router().nest(path, options.router),
                ..options
            };
            self.add(nested(path, &inner_path), Entry { handlers, options });
        }
        let nested = |inner_path: String| nested(path, &inner_path);
        // axum nests the fallbacks of a router only if it has one of its own.
        if fallbacks.contains_key("/") {
            let fallbacks = fallbacks.into_iter();
            self.fallbacks
                .extend(fallbacks.map(|(prefix, it)| (nested(prefix), it)));
        }
        self.services.extend(services.into_iter().map(nested));
        self.closed.extend(closed.into_iter().map(nested));
        if others != Others::No {
            // It may have a fallback of its own.
            self.closed.insert(path.to_owned());
        }
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
        self.services.insert(path.to_owned());
        self.services
            .insert(format!("{}/", path.trim_end_matches('/')));
        self.closed.insert(path.to_owned());
        self.changed()
    }

    /// Adds the routes of another router, ours or axum's own.
    ///
    /// What stands in axum's own is not known here and has no policy. Where it serves more methods of an annotated path,
    /// preflights for those are passed on to it. Two things need a router of ours: an annotated `any` does not see
    /// that a method beside it is another's, and the preflights of a path stay cached beside an unknown POST.
    ///
    /// # Panics
    ///
    /// As [`axum::Router::merge`].
    #[track_caller]
    pub fn merge(mut self, other: impl Into<Self>) -> Self {
        let Self {
            inner,
            paths,
            fallbacks,
            services,
            closed,
            others,
            ..
        } = other.into();
        self.inner = self.inner.merge(inner);
        for (path, entry) in paths {
            self.add(path, entry);
        }
        self.fallbacks.extend(fallbacks);
        self.services.extend(services);
        self.closed.extend(closed);
        self.others = self.others.max(others);
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
        self.change_options(|router| router.layer(layer.clone()));
        self.inner = self.inner.layer(layer);
        self.changed()
    }

    /// Puts a layer around the routes that were added so far, but not around fallbacks. CORS stays outside of it.
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
        self.change_options(|router| router.route_layer(layer.clone()));
        self.changed()
    }

    fn change_options(&mut self, change: impl Fn(axum::Router<S>) -> axum::Router<S>) {
        for entry in self.paths.values_mut() {
            let router = std::mem::take(&mut entry.options.router);
            entry.options.router = change(router);
        }
    }

    /// Whether there is a route.
    #[must_use]
    pub fn has_routes(&self) -> bool {
        self.inner.has_routes()
    }

    /// Serves what no route matches. An annotated handler's policy then is that of every path that nobody registered;
    /// without `methods` it allows GET, HEAD and POST.
    #[track_caller]
    pub fn fallback<H, M>(mut self, handler: H) -> Self
    where
        H: CorsHandler<M, S> + Clone + Send + Sync + 'static,
        M: 'static,
    {
        let handlers = Handlers::one(Mounted {
            serves: Serves::Fallback,
            annotation: H::annotation(),
        });
        self.inner = if handlers.is_annotated() {
            self.inner
                .fallback(WithPolicy::new(handler, handlers.clone()))
        } else {
            self.inner.fallback(handler.into_handler())
        };
        self.fallbacks.insert("/".to_owned(), handlers);
        self.changed()
    }

    /// [`fallback`](Self::fallback) for a service, which has no policy.
    pub fn fallback_service<T>(mut self, service: T) -> Self
    where
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse,
        T::Future: Send + 'static,
    {
        let mounted = Mounted {
            serves: Serves::Fallback,
            annotation: None,
        };
        self.fallbacks
            .insert("/".to_owned(), Handlers::one(mounted));
        self.inner = self.inner.fallback_service(service);
        self.changed()
    }

    /// Makes the answer for a method that nobody serves, on the paths that were added so far. On annotated paths it
    /// carries the headers of the first policy that allows the origin.
    pub fn method_not_allowed_fallback<H, T>(mut self, handler: H) -> Self
    where
        H: PlainHandler<T, S>,
        T: 'static,
    {
        for (path, entry) in &mut self.paths {
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
        self.fallbacks.clear();
        self.inner = self.inner.reset_fallback();
        self.changed()
    }

    /// Provides the state that the handlers extract.
    pub fn with_state<S2>(self, state: S) -> Router<S2> {
        let Self {
            inner,
            paths,
            fallbacks,
            services,
            closed,
            others,
            ..
        } = self;
        let paths = paths
            .into_iter()
            .map(|(path, Entry { handlers, options })| {
                let router = options.router.with_state(state.clone());
                let options = OptionsEndpoint {
                    router,
                    custom: options.custom,
                };
                (path, Entry { handlers, options })
            });
        Router {
            paths: paths.collect(),
            inner: inner.with_state(state),
            fallbacks,
            services,
            closed,
            others,
            built: Arc::default(),
        }
    }

    /// Every policy that is mounted, as a table: for a line in the log at start-up, or for a test that shows every
    /// change of exposure in review.
    #[must_use]
    pub fn policies(&self) -> Policies {
        let mut policies = Policies::default();
        for (path, entry) in &self.paths {
            policies.add(path, &entry.handlers);
        }
        for (prefix, handlers) in &self.fallbacks {
            policies.add(&format!("{}/*", prefix.trim_end_matches('/')), handlers);
        }
        policies
    }
}

/// For paths that axum has accepted once already.
fn checked_router<S: Clone + Send + Sync + 'static>() -> axum::Router<S> {
    axum::Router::new().without_v07_checks()
}

/// Where axum puts the path of a nested router.
fn nested(prefix: &str, path: &str) -> String {
    match prefix.strip_suffix('/') {
        Some(_) => format!("{prefix}{}", path.trim_start_matches('/')),
        None if path == "/" => prefix.to_owned(),
        None => format!("{prefix}{path}"),
    }
}

impl<S> Clone for Router<S> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            paths: self.paths.clone(),
            fallbacks: self.fallbacks.clone(),
            services: self.services.clone(),
            closed: self.closed.clone(),
            others: self.others,
            built: Arc::clone(&self.built),
        }
    }
}

impl<S> Clone for Entry<S> {
    fn clone(&self) -> Self {
        Self {
            handlers: self.handlers.clone(),
            options: self.options.clone(),
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
        let handlers = self
            .paths
            .iter()
            .map(|(path, entry)| (path, &entry.handlers));
        f.debug_struct("Router")
            .field("inner", &self.inner)
            .field("paths", &handlers.collect::<BTreeMap<_, _>>())
            .field("fallbacks", &self.fallbacks)
            .finish_non_exhaustive()
    }
}
