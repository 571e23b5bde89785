//! A mirror of [`actix_web::Resource`] that remembers each handler's policy.

use std::fmt;
use std::rc::Rc;

use actix_web::body::MessageBody;
use actix_web::dev::{
    AppService, HttpServiceFactory, ServiceFactory, ServiceRequest, ServiceResponse, Transform,
};
use actix_web::guard::{self, Guard};
use actix_web::http::Method;
use actix_web::{Error, Route, web};

use super::handler::CorsHandler;
use super::middleware::{CorsMiddleware, ResourceCors};
use super::preflight_resource::register_pattern;
use super::routes::{RegisteredHandler, Registry};

/// The handlers of one path, one for each method, each with its own policy or with none.
///
/// It mirrors [`actix_web::Resource`]; what is not described here does what it does there. Left out
/// is what would hide from the policies who serves what: several patterns for one resource, and
/// `route` with guards of its own. CORS stays outside of every middleware that is added by
/// [`wrap`](Self::wrap), and of the default service.
///
/// The guards of a resource are asked for preflights, too, which have no headers of the actual
/// request.
#[must_use = "a resource does nothing unless it is registered"]
pub struct Resource<R = actix_web::Resource> {
    inner: R,
    path: String,
    handlers: Vec<RegisteredHandler>,
    guards: Vec<Rc<dyn Guard>>,
}

/// The handlers of that path: the start of a chain. See [`Resource`].
///
/// ```
/// use actix_web::{App, web};
/// use cors_runtime::actix_web::{cors, resource};
///
/// #[cors(origins = ["https://app.example.com"])]
/// async fn list() -> &'static str {
///     "items"
/// }
///
/// #[cors(origins = ["https://admin.example.com"], headers = ["content-type"])]
/// async fn create(name: web::Json<String>) -> String {
///     name.into_inner()
/// }
///
/// let app = App::new().service(resource("/items").get(list).post(create));
/// # let _ = app;
/// ```
pub fn resource(path: impl Into<String>) -> Resource {
    let path = path.into();
    Resource {
        inner: actix_web::Resource::new(&*path),
        path,
        handlers: Vec::new(),
        guards: Vec::new(),
    }
}

impl<T> Resource<actix_web::Resource<T>>
where
    T: ServiceFactory<ServiceRequest, Config = (), Error = Error, InitError = ()>,
{
    /// Serves that method by that handler.
    ///
    /// # Panics
    ///
    /// If the handler's policy lists `methods` and not this one. (GET, HEAD and POST need no
    /// permission.)
    #[track_caller]
    pub fn method<H, M>(self, method: &Method, handler: H) -> Self
    where
        H: CorsHandler<M>,
    {
        let name = name(method);
        self.add(Some(vec![name]), web::method(method.clone()), handler)
    }

    /// Serves all of these methods by that handler, under one policy: its preflights allow all that
    /// its policy does.
    ///
    /// # Panics
    ///
    /// As [`method`](Self::method), if it is one. If there is none.
    #[track_caller]
    pub fn methods<H, M>(self, methods: &[Method], handler: H) -> Self
    where
        H: CorsHandler<M>,
    {
        let [first, rest @ ..] = methods else {
            panic!("a handler of no method is never called: name one, or use `to` for all of them");
        };
        let any = guard::Any(guard::Method(first.clone()));
        let any = rest
            .iter()
            .fold(any, |any, method| any.or(guard::Method(method.clone())));
        let names = methods.iter().map(name).collect();
        self.add(Some(names), web::route().guard(any), handler)
    }

    /// Serves every method that no handler before serves. An annotated handler without `methods`
    /// allows GET, HEAD and POST; list more if pages send more.
    #[track_caller]
    pub fn to<H, M>(self, handler: H) -> Self
    where
        H: CorsHandler<M>,
    {
        self.add(None, web::route(), handler)
    }

    #[track_caller]
    fn add<H, M>(mut self, methods: Option<Vec<&'static str>>, route: Route, handler: H) -> Self
    where
        H: CorsHandler<M>,
    {
        self.handlers
            .push(RegisteredHandler::new(methods, H::annotation()));
        self.inner = self.inner.route(route.to(handler.into_handler()));
        self
    }

    /// See [`actix_web::Resource::name`].
    pub fn name(mut self, name: &str) -> Self {
        self.inner = self.inner.name(name);
        self
    }

    /// See [`actix_web::Resource::guard`].
    pub fn guard<G: Guard + 'static>(mut self, guard: G) -> Self {
        let guard: Rc<dyn Guard> = Rc::new(guard);
        self.guards.push(Rc::clone(&guard));
        self.inner = self.inner.guard(guard);
        self
    }

    /// See [`actix_web::Resource::app_data`].
    pub fn app_data<U: 'static>(mut self, data: U) -> Self {
        self.inner = self.inner.app_data(data);
        self
    }

    /// What serves the methods that no handler does, in place of a 405. It has no policy: what it
    /// answers carries the headers of the first policy here that allows the origin, and it sees
    /// no preflight.
    pub fn default_service<F>(mut self, service: F) -> Self
    where
        F: ServiceFactory<
                ServiceRequest,
                Config = (),
                Response = ServiceResponse,
                Error = Error,
                InitError: fmt::Debug,
            > + 'static,
    {
        self.inner = self.inner.default_service(service);
        self
    }

    /// See [`actix_web::Resource::wrap`]. CORS stays outside of it.
    pub fn wrap<M, B>(
        self,
        middleware: M,
    ) -> Resource<
        actix_web::Resource<
            impl ServiceFactory<
                ServiceRequest,
                Config = (),
                Response = ServiceResponse<B>,
                Error = Error,
                InitError = (),
            >,
        >,
    >
    where
        M: Transform<
                T::Service,
                ServiceRequest,
                Response = ServiceResponse<B>,
                Error = Error,
                InitError = (),
            > + 'static,
        B: MessageBody,
    {
        Resource {
            inner: self.inner.wrap(middleware),
            path: self.path,
            handlers: self.handlers,
            guards: self.guards,
        }
    }
}

macro_rules! methods {
    ($($name:ident $method:ident)*) => {
        /// One method each.
        impl<T> Resource<actix_web::Resource<T>>
        where
            T: ServiceFactory<ServiceRequest, Config = (), Error = Error, InitError = ()>,
        {
            $(
                #[doc = concat!("Serves ", stringify!($method), " by that handler.")]
                ///
                /// # Panics
                ///
                /// As [`method`](Self::method).
                #[track_caller]
                pub fn $name<H, M>(self, handler: H) -> Self
                where
                    H: CorsHandler<M>,
                {
                    self.method(&Method::$method, handler)
                }
            )*
        }
    };
}

methods! {
    get GET
    head HEAD
    post POST
    put PUT
    patch PATCH
    delete DELETE
    options OPTIONS
    trace TRACE
    connect CONNECT
}

fn name(method: &Method) -> &'static str {
    const COMMON: [&str; 9] = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT",
    ];
    match COMMON.iter().find(|name| **name == method.as_str()) {
        Some(name) => name,
        // A few bytes for each worker, when the app is built.
        None => method.to_string().leak(),
    }
}

impl<T, B> HttpServiceFactory for Resource<actix_web::Resource<T>>
where
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        > + 'static,
    B: MessageBody + 'static,
{
    fn register(self, config: &mut AppService) {
        let Self {
            inner,
            path,
            handlers,
            guards,
        } = self;
        if handlers.iter().all(|handler| handler.policy().is_none()) {
            return inner.register(config);
        }
        let registry = Registry::of(config);
        let route = registry.add(&path, handlers, guards, true);
        register_pattern(config, &route);
        inner
            .wrap(CorsMiddleware(ResourceCors::new(registry, route)))
            .register(config);
    }
}
