//! What the attribute puts around a route macro: in front of the handler a resource that answers
//! its preflights.

use std::future::ready;
use std::rc::Rc;

use actix_web::dev::{AppService, HttpServiceFactory, ServiceRequest, fn_service};
use actix_web::guard::{Guard, GuardContext, fn_guard};
use actix_web::{Error, HttpResponse, Resource, web};

use super::entry::{Entry, Mounted};
use super::message::View;
use super::middleware;
use super::registry::{self, Registry, owner};
use crate::annotated::Annotation;
use crate::decision;
use crate::denial::Denial;
use crate::reply;
use crate::request::{self, Class};

/// A handler on a path, as its route macro says.
#[allow(missing_docs, reason = "named by expansions only")]
pub struct Route {
    pub path: &'static str,
    pub name: &'static str,
    pub methods: &'static [&'static str],
    pub guards: Vec<Rc<dyn Guard>>,
}

/// `actual` is what actix-web's own macro made.
#[track_caller]
pub fn mount(
    config: &mut AppService,
    routes: Vec<Route>,
    annotation: Annotation,
    actual: impl HttpServiceFactory,
) {
    let registry = Registry::of(config);
    for route in routes {
        let mounted = Mounted::new(Some(route.methods.to_vec()), Some(annotation));
        let entry = registry.add(route.path, vec![mounted], route.guards, false);
        register_place(config, &entry);
        preflights(&registry, &entry, route.path, route.name).register(config);
    }
    actual.register(config);
}

/// Puts the entry into the tree of paths. Nothing is served there.
pub(super) fn register_place(config: &mut AppService, entry: &Entry) {
    let (pattern, map) = entry.place.node();
    let never: Box<dyn Guard> = Box::new(fn_guard(|_| false));
    let nothing = fn_service(|request: ServiceRequest| {
        ready(Ok::<_, Error>(
            request.into_response(HttpResponse::NotFound()),
        ))
    });
    config.register_service(pattern, Some(vec![never]), nothing, Some(map));
}

fn preflights(
    registry: &Rc<Registry>,
    entry: &Rc<Entry>,
    path: &str,
    name: &str,
) -> impl HttpServiceFactory + use<> {
    let (guarding, guarded) = (Rc::clone(registry), Rc::clone(entry));
    let (answering, entry) = (Rc::clone(registry), Rc::clone(entry));
    let answer = move |request: ServiceRequest| {
        let found = find(&answering, &entry, &request);
        let asking = found.map(|handler| {
            let view = View::unasked(request.head());
            (
                handler,
                middleware::ask(entry.handlers[handler].policy(), &view),
            )
        });
        let entry = Rc::clone(&entry);
        async move {
            let response = match asking {
                Ok((handler, Some(asking))) => {
                    let answers = asking.await;
                    answer(&entry, handler, &View::new(&request, &answers))
                }
                Ok((handler, None)) => answer(&entry, handler, &View::unasked(request.head())),
                Err(denial) => reply::refuse(denial, None, &View::unasked(request.head())).into(),
            };
            Ok::<_, Error>(request.into_response(response))
        }
    };
    Resource::new(path)
        // The handler's own: it is what the path is asked for before it is routed.
        .name(name)
        .guard(fn_guard(move |context| takes(&guarding, &guarded, context)))
        .route(web::route().service(fn_service(answer)))
}

/// Every preflight, but those for which another handler of the same pattern comes later: actix-web
/// finds that one itself, if it is in the same scope.
fn takes(registry: &Registry, entry: &Rc<Entry>, context: &GuardContext<'_>) -> bool {
    let view = View::unasked(context.head());
    if request::classify(&view) != Class::Preflight {
        return false;
    }
    let Ok(method) = decision::requested_name(&view) else {
        return true;
    };
    let owner = owner(rest(registry, entry), method, registry::lets_in(context));
    owner.is_none_or(|(owner, _)| Rc::ptr_eq(owner, entry))
}

/// The entry and those of the same pattern that come later.
fn rest<'a>(registry: &'a Registry, entry: &Rc<Entry>) -> &'a [Rc<Entry>] {
    let group = registry.group(entry.place.pattern());
    let place = group.iter().position(|other| Rc::ptr_eq(other, entry));
    place.map_or(&[], |place| &group[place..])
}

/// The handler that the preflight is for.
fn find(registry: &Registry, entry: &Rc<Entry>, request: &ServiceRequest) -> Result<usize, Denial> {
    let view = View::unasked(request.head());
    let method = decision::requested_name(&view)?;
    let context = request.guard_ctx();
    let owner = owner(rest(registry, entry), method, registry::lets_in(&context));
    let owner = owner.filter(|(owner, _)| Rc::ptr_eq(owner, entry));
    let (_, handler) = owner.ok_or(Denial::NotServed)?;
    let path = request.match_info().as_str();
    if entry.place.is_behind_another(request.resource_map(), path) {
        return Err(Denial::BehindAnother);
    }
    Ok(handler)
}

fn answer(entry: &Entry, handler: usize, view: &View<'_>) -> HttpResponse {
    match entry.rules(handler) {
        Some(rules) => rules.preflight(view).into(),
        None => reply::refuse(Denial::NotServed, None, view).into(),
    }
}
