//! A mirror of [`axum::routing::MethodRouter`] that remembers each handler's policy.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{self, MethodFilter, Route};
use tower_layer::Layer;
use tower_service::Service;

use crate::axum::handler::CorsHandler;
use crate::axum::layer::{PathPolicies, RouterLayer};
use crate::axum::routes::{Handlers, OptionsEndpoint, RegisteredHandler, Registration};

/// The handlers of one path, one for each method, each with its own policy or with none.
///
/// It mirrors [`axum::routing::MethodRouter`]; what is not described here does what it does there.
/// The functions [`get`](super::routing::get), [`post`](super::routing::post) and their kin start
/// one.
///
/// For a router that insists on axum's own type there is a conversion. What comes out answers the
/// preflights of this path itself, by an OPTIONS endpoint, so that axum refuses two of them on one
/// path: chain the methods instead.
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
#[must_use]
pub struct MethodRouter<S = ()> {
    pub(crate) inner: routing::MethodRouter<S>,
    pub(crate) handlers: Handlers,
    pub(crate) options: OptionsEndpoint<routing::MethodRouter<S>>,
}

async fn not_allowed() -> StatusCode {
    StatusCode::METHOD_NOT_ALLOWED
}

impl<S: Clone + Send + Sync + 'static> MethodRouter<S> {
    /// A method router that serves nothing yet.
    pub fn new() -> Self {
        Self {
            inner: routing::MethodRouter::new(),
            handlers: Handlers::default(),
            options: OptionsEndpoint {
                router: routing::options(not_allowed),
                custom: false,
            },
        }
    }

    /// Serves the methods of the filter by that handler.
    ///
    /// # Panics
    ///
    /// If one of the methods has a handler already, or if the handler's policy lists `methods` and
    /// not this one.
    #[track_caller]
    pub fn on<H, M>(mut self, filter: MethodFilter, handler: H) -> Self
    where
        H: CorsHandler<M, S>,
    {
        let mounted = RegisteredHandler::new(Registration::Methods(filter), H::annotation());
        self.handlers.mounted.push(mounted);
        self.inner = self.inner.on(filter, handler.into_handler());
        self
    }

    /// Serves the methods of the filter by that service, which has no policy.
    ///
    /// # Panics
    ///
    /// If one of the methods has a handler already.
    #[track_caller]
    pub fn on_service<T>(mut self, filter: MethodFilter, service: T) -> Self
    where
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse + 'static,
        T::Future: Send + 'static,
    {
        let mounted = RegisteredHandler::service(Registration::Methods(filter));
        self.handlers.mounted.push(mounted);
        self.inner = self.inner.on_service(filter, service);
        self
    }

    /// Serves every method that has no handler of its own. An annotated handler without `methods`
    /// allows GET, HEAD and POST.
    pub fn fallback<H, M>(mut self, handler: H) -> Self
    where
        H: CorsHandler<M, S>,
    {
        self.set_rest(RegisteredHandler::new(
            Registration::Fallback,
            H::annotation(),
        ));
        let handler = handler.into_handler();
        self.options = OptionsEndpoint {
            router: routing::options(handler.clone()),
            custom: true,
        };
        self.inner = self.inner.fallback(handler);
        self
    }

    /// [`fallback`](Self::fallback) for a service, which has no policy.
    pub fn fallback_service<T>(mut self, service: T) -> Self
    where
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse + 'static,
        T::Future: Send + 'static,
    {
        self.set_rest(RegisteredHandler::service(Registration::Fallback));
        let router = routing::options_service(service.clone());
        self.options = OptionsEndpoint {
            router,
            custom: true,
        };
        self.inner = self.inner.fallback_service(service);
        self
    }

    fn set_rest(&mut self, mounted: RegisteredHandler) {
        self.handlers
            .mounted
            .retain(|other| !other.registration.is_catch_all());
        self.handlers.mounted.push(mounted);
    }

    /// [`any`](super::routing::any), for the start of a chain: axum leaves `Allow` out where it is
    /// used.
    pub(crate) fn any<H, M>(handler: H) -> Self
    where
        H: CorsHandler<M, S>,
    {
        let mounted = RegisteredHandler::new(Registration::Any, H::annotation());
        let handler = handler.into_handler();
        Self {
            options: OptionsEndpoint {
                router: routing::options(handler.clone()),
                custom: true,
            },
            inner: routing::any(handler),
            handlers: Handlers::one(mounted),
        }
    }

    /// [`any_service`](super::routing::any_service), for the start of a chain.
    pub(crate) fn any_service<T>(service: T) -> Self
    where
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse + 'static,
        T::Future: Send + 'static,
    {
        let mounted = RegisteredHandler::service(Registration::Any);
        let router = routing::options_service(service.clone());
        Self {
            options: OptionsEndpoint {
                router,
                custom: true,
            },
            inner: routing::any_service(service),
            handlers: Handlers::one(mounted),
        }
    }

    /// Adds the handlers of another one. What is known of axum's own is that it has no policies.
    ///
    /// # Panics
    ///
    /// If both serve a method, or both have a fallback.
    #[track_caller]
    pub fn merge(mut self, other: impl Into<Self>) -> Self {
        let Self {
            inner,
            handlers,
            options,
        } = other.into();
        self.inner = self.inner.merge(inner);
        self.handlers.extend(handlers);
        self.options = self.options.merge(options);
        self
    }

    /// Puts a layer around every handler and the fallback. CORS stays outside of it.
    pub fn layer<L>(self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        let Self {
            inner,
            handlers,
            options,
        } = self;
        let options = OptionsEndpoint {
            router: options.router.layer(layer.clone()),
            ..options
        };
        Self {
            inner: inner.layer(layer),
            handlers,
            options,
        }
    }

    /// Puts a layer around every handler, but not around the fallback. CORS stays outside of it.
    ///
    /// # Panics
    ///
    /// If there is no handler yet.
    #[track_caller]
    pub fn route_layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        self.inner = self.inner.route_layer(layer);
        self
    }

    /// Provides the state that the handlers extract.
    pub fn with_state<S2>(self, state: S) -> MethodRouter<S2> {
        let Self {
            inner,
            handlers,
            options,
        } = self;
        MethodRouter {
            inner: inner.with_state(state.clone()),
            handlers,
            options: OptionsEndpoint {
                router: options.router.with_state(state),
                custom: options.custom,
            },
        }
    }
}

macro_rules! chained {
    ($($name:ident, $service:ident, $method:ident;)*) => {
        /// One method each.
        impl<S: Clone + Send + Sync + 'static> MethodRouter<S> {
            $(
                #[doc = concat!("Serves ", stringify!($method), " by that handler.")]
                ///
                /// # Panics
                ///
                /// As [`on`](Self::on).
                #[track_caller]
                pub fn $name<H, M>(self, handler: H) -> Self
                where
                    H: CorsHandler<M, S>,
                {
                    self.on(MethodFilter::$method, handler)
                }

                #[doc = concat!("Serves ", stringify!($method), " by that service.")]
                ///
                /// # Panics
                ///
                /// As [`on_service`](Self::on_service).
                #[track_caller]
                pub fn $service<T>(self, service: T) -> Self
                where
                    T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
                    T::Response: IntoResponse + 'static,
                    T::Future: Send + 'static,
                {
                    self.on_service(MethodFilter::$method, service)
                }
            )*
        }
    };
}

chained! {
    get, get_service, GET;
    head, head_service, HEAD;
    post, post_service, POST;
    put, put_service, PUT;
    patch, patch_service, PATCH;
    delete, delete_service, DELETE;
    options, options_service, OPTIONS;
    trace, trace_service, TRACE;
    connect, connect_service, CONNECT;
}

impl<S: Clone + Send + Sync + 'static> From<routing::MethodRouter<S>> for MethodRouter<S> {
    fn from(inner: routing::MethodRouter<S>) -> Self {
        Self {
            inner,
            handlers: Handlers::unknown(),
            ..Self::new()
        }
    }
}

/// For a router that insists on axum's own type. It answers for what is known here: a method that
/// is added to the path later has its preflights refused, and the answer of a router-wide
/// `method_not_allowed_fallback` has no headers.
impl<S: Clone + Send + Sync + 'static> From<MethodRouter<S>> for routing::MethodRouter<S> {
    fn from(router: MethodRouter<S>) -> Self {
        let MethodRouter {
            mut inner,
            handlers,
            options,
        } = router;
        if !handlers.is_annotated() {
            return inner;
        }
        if handlers.wants_options_endpoint() {
            inner = inner.merge(options.router);
        }
        inner.layer(RouterLayer::Path(Arc::new(PathPolicies::new(handlers))))
    }
}

impl<S> Clone for MethodRouter<S> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            handlers: self.handlers.clone(),
            options: self.options.clone(),
        }
    }
}

impl<S: Clone + Send + Sync + 'static> Default for MethodRouter<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for MethodRouter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MethodRouter")
            .field("inner", &self.inner)
            .field("handlers", &self.handlers)
            .finish_non_exhaustive()
    }
}
