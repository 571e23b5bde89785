//! The service of a [`Resource`](super::Resource), which calls the handler of a method.
//!
//! A resource of actix-web cannot register a node in the tree of paths.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_service::boxed::{BoxService, BoxServiceFactory};
use actix_web::dev::{Service, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderValue};
use actix_web::{Error, HttpResponse, Route};

use super::routes::RegisteredHandler;

/// The default service of a resource.
pub(super) type DefaultFactory = BoxServiceFactory<(), ServiceRequest, ServiceResponse, Error, ()>;

type BoxFuture<T> = Pin<Box<dyn Future<Output = T>>>;

/// The handlers of a resource, which a [`Resource`](super::Resource) shares with its middlewares
/// while it is built.
#[derive(Clone, Default)]
pub struct ResourceEndpoint(Rc<RefCell<Option<ResourceFactory>>>);

/// The finished handlers of a resource.
#[derive(Default)]
pub(super) struct ResourceFactory {
    pub(super) handlers: Vec<RegisteredHandler>,
    pub(super) routes: Vec<Route>,
    pub(super) default: Option<DefaultFactory>,
}

impl ResourceEndpoint {
    pub(super) fn finish(&self, factory: ResourceFactory) {
        self.0.replace(Some(factory));
    }
}

impl ServiceFactory<ServiceRequest> for ResourceEndpoint {
    type Response = ServiceResponse;
    type Error = Error;
    type Config = ();
    type Service = ResourceService;
    type InitError = ();
    type Future = BoxFuture<Result<ResourceService, ()>>;

    fn new_service(&self, (): ()) -> Self::Future {
        let factory = self.0.borrow();
        let factory = factory.as_ref();
        let handlers = factory.map(|it| it.handlers.clone()).unwrap_or_default();
        let routes = factory.into_iter().flat_map(|it| &it.routes);
        let routes: Vec<_> = routes.map(|route| route.new_service(())).collect();
        let default = factory.and_then(|it| it.default.as_ref());
        let default = default.map(|default| default.new_service(()));
        Box::pin(async move {
            let allow = allow(&handlers);
            let mut services = Vec::with_capacity(routes.len());
            for (handler, route) in handlers.into_iter().zip(routes) {
                services.push((handler, route.await?));
            }
            let default = match default {
                Some(default) => Some(default.await?),
                None => None,
            };
            Ok(ResourceService {
                services,
                default,
                allow,
            })
        })
    }
}

/// Returns the value of `Allow` (RFC 9110, section 15.5.6).
fn allow(handlers: &[RegisteredHandler]) -> Option<HeaderValue> {
    let methods = handlers.iter().filter_map(RegisteredHandler::methods);
    let methods: Vec<_> = methods.flatten().copied().collect();
    HeaderValue::from_str(&methods.join(", ")).ok()
}

/// Calls the first handler that serves the method of a request.
pub struct ResourceService {
    services: Vec<(
        RegisteredHandler,
        <Route as ServiceFactory<ServiceRequest>>::Service,
    )>,
    default: Option<BoxService<ServiceRequest, ServiceResponse, Error>>,
    allow: Option<HeaderValue>,
}

impl Service<ServiceRequest> for ResourceService {
    type Response = ServiceResponse;
    type Error = Error;
    type Future = BoxFuture<Result<ServiceResponse, Error>>;

    fn poll_ready(&self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let method = request.method().as_str();
        let mut services = self.services.iter();
        if let Some((_, service)) = services.find(|(handler, _)| handler.serves(method)) {
            return service.call(request);
        }
        if let Some(default) = &self.default {
            return default.call(request);
        }
        let mut response = HttpResponse::MethodNotAllowed();
        if let Some(allow) = self.allow.clone() {
            response.insert_header((header::ALLOW, allow));
        }
        let response = request.into_response(response.finish());
        Box::pin(async move { Ok(response) })
    }
}
