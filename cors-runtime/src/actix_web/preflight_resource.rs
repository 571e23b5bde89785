//! The expansion of a route macro: a resource that answers preflights, registered before the
//! handler.

use std::future::ready;
use std::rc::Rc;

use actix_web::dev::{AppService, HttpServiceFactory, ServiceRequest, fn_service};
use actix_web::guard::{Guard, GuardContext, fn_guard};
use actix_web::{Error, HttpResponse, Resource, web};

use super::routes::{AnnotatedRoute, RegisteredHandler, Registry, guards_pass, responder};
use super::view::{MountedPolicy, View};
use crate::mounting::Annotation;
use crate::protocol::{Denial, cors_check, decide, requested_method};
use crate::request::{Class, classify};

/// The arguments of a route macro.
#[allow(missing_docs, reason = "named by expansions only")]
pub struct Route {
    pub path: &'static str,
    pub name: &'static str,
    pub methods: &'static [&'static str],
    pub guards: Vec<Rc<dyn Guard>>,
}

/// Registers a handler. `actual` is the service that actix-web's own macro creates.
#[track_caller]
pub fn mount(
    config: &mut AppService,
    routes: Vec<Route>,
    annotation: Annotation,
    actual: impl HttpServiceFactory,
) {
    let registry = Registry::of(config);
    for route in routes {
        let handler = RegisteredHandler::new(Some(route.methods.to_vec()), Some(annotation));
        let annotated = registry.add(route.path, vec![handler], route.guards, false);
        register_pattern(config, &annotated);
        preflight_resource(&registry, &annotated, route.path, route.name).register(config);
    }
    actual.register(config);
}

/// Adds the route to the tree of paths, where it serves nothing.
pub(super) fn register_pattern(config: &mut AppService, route: &AnnotatedRoute) {
    let (pattern, map) = route.pattern.node();
    let never: Box<dyn Guard> = Box::new(fn_guard(|_| false));
    let nothing = fn_service(|request: ServiceRequest| {
        ready(Ok::<_, Error>(
            request.into_response(HttpResponse::NotFound()),
        ))
    });
    config.register_service(pattern, Some(vec![never]), nothing, Some(map));
}

fn preflight_resource(
    registry: &Rc<Registry>,
    route: &Rc<AnnotatedRoute>,
    path: &str,
    name: &str,
) -> impl HttpServiceFactory + use<> {
    let guard = {
        let (registry, route) = (Rc::clone(registry), Rc::clone(route));
        fn_guard(move |context| should_answer(&registry, &route, context))
    };
    let (registry, route) = (Rc::clone(registry), Rc::clone(route));
    let service = fn_service(move |request| {
        let (registry, route) = (Rc::clone(&registry), Rc::clone(&route));
        async move { Ok::<_, Error>(answer(&registry, &route, request).await) }
    });
    Resource::new(path)
        // The name of the handler: actix-web finds the first resource of a name.
        .name(name)
        .guard(guard)
        .route(web::route().service(service))
}

/// Returns whether the resource answers a request: every preflight, unless a later route of the
/// same pattern serves the method. actix-web routes the preflight to that one, if it is in the same
/// scope.
fn should_answer(
    registry: &Registry,
    route: &Rc<AnnotatedRoute>,
    context: &GuardContext<'_>,
) -> bool {
    let view = View(context.head());
    if classify(&view) != Class::Preflight {
        return false;
    }
    let Ok(method) = requested_method(&view) else {
        return true;
    };
    let found = responder(
        self_and_later(registry, route),
        method,
        guards_pass(context),
    );
    found.is_none_or(|(found, _)| Rc::ptr_eq(found, route))
}

/// Returns the route and the later routes of the same pattern.
fn self_and_later<'a>(
    registry: &'a Registry,
    route: &Rc<AnnotatedRoute>,
) -> &'a [Rc<AnnotatedRoute>] {
    let group = registry.group(route.pattern.pattern());
    let place = group.iter().position(|other| Rc::ptr_eq(other, route));
    place.map_or(&[], |place| &group[place..])
}

async fn answer(
    registry: &Registry,
    route: &Rc<AnnotatedRoute>,
    request: ServiceRequest,
) -> actix_web::dev::ServiceResponse {
    let response: HttpResponse = match find(registry, route, &request) {
        Ok(mounted) => {
            let verdict = cors_check(mounted.policy, &View(request.head())).await;
            mounted.preflight(verdict, &View(request.head())).into()
        }
        Err(denial) => decide::refuse_preflight(denial, None, &View(request.head())).into(),
    };
    request.into_response(response)
}

/// Finds the policy of the handler that a preflight is for.
fn find<'a>(
    registry: &Registry,
    route: &'a Rc<AnnotatedRoute>,
    request: &ServiceRequest,
) -> Result<&'a MountedPolicy, Denial> {
    let view = View(request.head());
    let method = requested_method(&view)?;
    let context = request.guard_ctx();
    let found = responder(
        self_and_later(registry, route),
        method,
        guards_pass(&context),
    );
    let found = found.filter(|(found, _)| Rc::ptr_eq(found, route));
    let (_, handler) = found.ok_or(Denial::NotServed)?;
    let path = request.match_info().as_str();
    if route
        .pattern
        .is_behind_another(request.resource_map(), path)
    {
        return Err(Denial::BehindAnother);
    }
    registry
        .mounted_policy(route, handler)
        .ok_or(Denial::NotServed)
}
