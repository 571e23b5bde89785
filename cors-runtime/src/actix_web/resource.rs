//! A mirror of [`actix_web::Resource`] that remembers each handler's policy.

use std::fmt;
use std::rc::Rc;

use actix_service::{IntoServiceFactory, ServiceFactoryExt as _, apply, apply_fn_factory, boxed};
use actix_web::body::MessageBody;
use actix_web::dev::{
    AppService, Extensions, HttpServiceFactory, Service, ServiceFactory, ServiceRequest,
    ServiceResponse, Transform,
};
use actix_web::guard::Guard;
use actix_web::http::Method;
use actix_web::{Error, Route};

use super::handler::CorsHandler;
use super::middleware::{CorsMiddleware, ResourceCors};
use super::resource_service::{ResourceEndpoint, ResourceFactory};
use super::route_macro::resource_def;
use super::routes::{RegisteredHandler, Registry};

/// Serves one path by one handler for each method. Each handler has its own policy or none.
///
/// `Resource` mirrors [`actix_web::Resource`]. Its policies run before every middleware that you
/// add by [`wrap`](Self::wrap), and before the default service. Guards run for preflights as well.
/// A preflight does not contain the headers of the actual request.
///
/// # Limitations
///
/// A resource has one pattern. A handler cannot have its own guards. The name of a resource without
/// a [`name`](Self::name) is its pattern.
#[must_use = "a resource does nothing unless it is registered"]
pub struct Resource<T = ResourceEndpoint> {
    /// The handlers, with the middlewares that were added to them.
    endpoint: T,
    handlers: ResourceEndpoint,
    factory: ResourceFactory,
    path: String,
    name: Option<String>,
    app_data: Option<Extensions>,
    guards: Vec<Rc<dyn Guard>>,
}

/// Returns a [`Resource`] for a path, without handlers.
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
    let handlers = ResourceEndpoint::default();
    Resource {
        endpoint: handlers.clone(),
        handlers,
        factory: ResourceFactory::default(),
        path: path.into(),
        name: None,
        app_data: None,
        guards: Vec::new(),
    }
}

impl<T> Resource<T>
where
    T: ServiceFactory<ServiceRequest, Config = (), Error = Error, InitError = ()>,
{
    /// Serves a method by a handler.
    ///
    /// # Panics
    ///
    /// Panics if the policy of the handler lists `methods` without this method. GET, HEAD and POST
    /// are always allowed.
    #[track_caller]
    pub fn method<H, M>(self, method: &Method, handler: H) -> Self
    where
        H: CorsHandler<M>,
    {
        self.add(Some(vec![name(method)]), handler)
    }

    /// Serves several methods by a handler, under one policy.
    ///
    /// # Panics
    ///
    /// Panics if `methods` is empty, and as [`method`](Self::method) does for each method.
    #[track_caller]
    pub fn methods<H, M>(self, methods: &[Method], handler: H) -> Self
    where
        H: CorsHandler<M>,
    {
        assert!(
            !methods.is_empty(),
            "a handler without methods is never called: name a method, or use `to` for all methods"
        );
        self.add(Some(methods.iter().map(name).collect()), handler)
    }

    /// Serves QUERY by a handler.
    ///
    /// # Panics
    ///
    /// Panics as [`method`](Self::method) does.
    #[track_caller]
    pub fn query<H, M>(self, handler: H) -> Self
    where
        H: CorsHandler<M>,
    {
        self.add(Some(vec!["QUERY"]), handler)
    }

    /// Serves every method that no earlier handler serves. An annotated handler without `methods`
    /// allows GET, HEAD and POST. List more methods if pages send more.
    #[track_caller]
    pub fn to<H, M>(self, handler: H) -> Self
    where
        H: CorsHandler<M>,
    {
        self.add(None, handler)
    }

    #[track_caller]
    fn add<H, M>(mut self, methods: Option<Vec<&'static str>>, handler: H) -> Self
    where
        H: CorsHandler<M>,
    {
        let registered = RegisteredHandler::new(methods, H::annotation());
        self.factory.handlers.push(registered);
        let route = Route::new().to(handler.into_handler());
        self.factory.routes.push(route);
        self
    }

    /// See [`actix_web::Resource::name`].
    pub fn name(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// See [`actix_web::Resource::guard`].
    pub fn guard<G: Guard + 'static>(mut self, guard: G) -> Self {
        self.guards.push(Rc::new(guard));
        self
    }

    /// See [`actix_web::Resource::app_data`].
    pub fn app_data<U: 'static>(mut self, data: U) -> Self {
        let all = self.app_data.get_or_insert_with(Extensions::new);
        all.insert(data);
        self
    }

    /// Serves the methods that no handler serves, in place of a 405. Its responses have the headers
    /// of the first policy of the resource that allows the origin. The service does not receive
    /// preflights.
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
        let service = service.map_init_err(drop);
        self.factory.default = Some(boxed::factory(service));
        self
    }

    /// See [`actix_web::Resource::wrap`]. CORS runs outside of the middleware.
    pub fn wrap<M, B>(
        self,
        middleware: M,
    ) -> Resource<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
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
            endpoint: apply(middleware, self.endpoint),
            handlers: self.handlers,
            factory: self.factory,
            path: self.path,
            name: self.name,
            app_data: self.app_data,
            guards: self.guards,
        }
    }
}

macro_rules! methods {
    ($($name:ident $method:ident)*) => {
        /// Handlers for one method.
        impl<T> Resource<T>
        where
            T: ServiceFactory<ServiceRequest, Config = (), Error = Error, InitError = ()>,
        {
            $(
                #[doc = concat!("Serves ", stringify!($method), " by a handler.")]
                ///
                /// # Panics
                ///
                /// Panics as [`method`](Self::method) does.
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
        // Leaks a few bytes for each worker, when the app is built.
        None => method.to_string().leak(),
    }
}

impl<T, B> HttpServiceFactory for Resource<T>
where
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        > + 'static,
    <T::Service as Service<ServiceRequest>>::Future: 'static,
    B: MessageBody + 'static,
{
    fn register(self, config: &mut AppService) {
        let mut pattern = resource_def(&self.path);
        if let Some(name) = &self.name {
            pattern.set_name(name);
        }
        let guards = self.guards.iter().cloned();
        let guards = guards
            .map(|guard| Box::new(guard) as Box<dyn Guard>)
            .collect();
        let data = self.app_data.map(Rc::new);
        let handlers = self.factory.handlers.clone();
        self.handlers.finish(self.factory);
        if handlers.iter().all(|handler| handler.policy().is_none()) {
            let service = with_data(data, self.endpoint);
            return config.register_service(pattern, Some(guards), service, None);
        }
        let registry = Registry::of(config);
        let (route, node) = registry.add(config, &pattern, handlers, self.guards, true);
        let cors = CorsMiddleware(ResourceCors::new(registry, route));
        let service = with_data(data, apply(cors, self.endpoint));
        config.register_service(pattern, Some(guards), service, Some(node));
    }
}

/// Adds the app data of a resource to requests, and boxes the bodies of responses.
fn with_data<T, B>(
    data: Option<Rc<Extensions>>,
    endpoint: impl IntoServiceFactory<T, ServiceRequest>,
) -> impl ServiceFactory<
    ServiceRequest,
    Config = (),
    Response = ServiceResponse,
    Error = Error,
    InitError = (),
>
where
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        >,
    B: MessageBody + 'static,
{
    apply_fn_factory(
        endpoint,
        move |mut request: ServiceRequest, service: &T::Service| {
            if let Some(data) = &data {
                request.add_data_container(Rc::clone(data));
            }
            let future = service.call(request);
            async { Ok(future.await?.map_into_boxed_body()) }
        },
    )
}
