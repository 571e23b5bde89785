//! The expansion of a route macro: one service on its pattern, for the methods of the handler and
//! their preflights.

use std::rc::Rc;

use actix_service::{IntoServiceFactory, ServiceFactory, ServiceFactoryExt as _, apply};
use actix_web::body::MessageBody;
use actix_web::dev::{
    AppService, Handler, ResourceDef, ServiceRequest, ServiceResponse, Transform,
};
use actix_web::guard::{Guard, GuardContext};
use actix_web::{Error, FromRequest, Responder};

use super::middleware::{CorsMiddleware, HandlerCors};
use super::routes::{RegisteredHandler, Registry};
use super::view::View;
use crate::mounting::Annotation;
use crate::protocol::requested_method;
use crate::request::{Class, RequestView as _, classify};

/// The arguments of a route macro.
#[allow(missing_docs, reason = "named by expansions only")]
pub struct Route {
    pub path: &'static str,
    pub name: &'static str,
    pub methods: &'static [&'static str],
    pub guards: Vec<Rc<dyn Guard>>,
}

/// Returns the service of a handler.
pub fn endpoint<F, Args>(handler: F) -> actix_web::Route
where
    F: Handler<Args, Output: Responder + 'static>,
    Args: FromRequest + 'static,
{
    actix_web::Route::new().to(handler)
}

/// Adds a `wrap` of the route macro. The first `wrap` is the innermost, as in actix-web.
pub fn wrap<M, S, B>(
    middleware: M,
    endpoint: S,
) -> impl ServiceFactory<
    ServiceRequest,
    Config = (),
    Response = ServiceResponse<B>,
    Error = Error,
    InitError = (),
>
where
    S: ServiceFactory<ServiceRequest, Config = (), Error = Error, InitError = ()>,
    M: Transform<
            S::Service,
            ServiceRequest,
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        >,
{
    apply(middleware, endpoint)
}

/// Registers a handler.
#[track_caller]
pub fn mount<S, B>(config: &mut AppService, route: Route, annotation: Annotation, endpoint: S)
where
    S: IntoServiceFactory<S, ServiceRequest>
        + ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        > + 'static,
    S::Service: 'static,
    <S::Service as actix_web::dev::Service<ServiceRequest>>::Future: 'static,
    B: MessageBody + 'static,
{
    let Route {
        path,
        name,
        methods,
        guards,
    } = route;
    let mut pattern = resource_def(path);
    pattern.set_name(name);
    let handler = RegisteredHandler::new(Some(methods.to_vec()), Some(annotation));
    let registry = Registry::of(config);
    let (route, node) = registry.add(config, &pattern, vec![handler], guards.clone(), false);
    let guard: Box<dyn Guard> = Box::new(RouteGuard { methods, guards });
    let cors = CorsMiddleware(HandlerCors::new(registry, route, annotation.policy));
    let service = apply(cors, endpoint).map(ServiceResponse::map_into_boxed_body);
    config.register_service(pattern, Some(vec![guard]), service, Some(node));
}

/// Converts a path to a pattern, as actix-web does.
pub(super) fn resource_def(path: &str) -> ResourceDef {
    if path.is_empty() || path.starts_with('/') {
        ResourceDef::new(path)
    } else {
        ResourceDef::new(format!("/{path}"))
    }
}

/// Accepts the methods of a handler, and the preflights for these methods. Every other request
/// continues to the next service, as the actual request would.
struct RouteGuard {
    methods: &'static [&'static str],
    guards: Vec<Rc<dyn Guard>>,
}

impl Guard for RouteGuard {
    fn check(&self, context: &GuardContext<'_>) -> bool {
        let view = View(context.head());
        let method = match classify(&view) {
            Class::Preflight => requested_method(&view).ok(),
            Class::NotCors | Class::Actual => Some(view.method()),
        };
        method.is_some_and(|method| self.methods.contains(&method))
            && self.guards.iter().all(|guard| guard.check(context))
    }
}
