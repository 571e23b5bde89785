//! Builds a shape as a router of axum's own, and as a router of this crate.

use std::future::Ready;

use axum::response::Response;
use axum::routing::{self as plainly, MethodFilter};
use cors_runtime::axum::{MethodRouter, Router, routing};

use super::endpoints::{
    AnyService, default_policy, layer, not_allowed, plain, service, with_annotated,
};
use super::shape::{Call, Handler, Kind, Methods, Shape};

const FILTERS: [MethodFilter; 7] = [
    MethodFilter::GET,
    MethodFilter::HEAD,
    MethodFilter::POST,
    MethodFilter::PUT,
    MethodFilter::DELETE,
    MethodFilter::OPTIONS,
    MethodFilter::PATCH,
];

/// Evaluates an expression with a handler for our router.
macro_rules! with_handler {
    ($handler:expr, $name:ident => $result:expr) => {
        match $handler {
            Handler::Plain(number) => {
                let $name = plain(format!("p{number}"));
                $result
            }
            Handler::Annotated(number) => with_annotated!(number, $name => $result),
        }
    };
}

/// Returns the handler without its policy.
fn unannotated(handler: Handler) -> impl Fn() -> Ready<Response> + Clone + Send + Sync + 'static {
    plain(match handler {
        Handler::Plain(number) => format!("p{number}"),
        Handler::Annotated(number) => format!("h{number}"),
    })
}

fn axums_methods(methods: &Methods) -> plainly::MethodRouter {
    let mut router = match methods.any {
        Some(handler) => plainly::any(unannotated(handler)),
        None => plainly::MethodRouter::new(),
    };
    for (method, handler) in &methods.on {
        router = router.on(FILTERS[*method], unannotated(*handler));
    }
    for (method, number) in &methods.services {
        router = router.on_service(FILTERS[*method], service(format!("p{number}")));
    }
    if let Some(handler) = methods.fallback {
        router = router.fallback(unannotated(handler));
    }
    match methods.layer {
        Some(number) => router.layer(layer!(number)),
        None => router,
    }
}

fn our_methods(methods: &Methods) -> MethodRouter {
    let mut router = match methods.any {
        Some(handler) => with_handler!(handler, it => routing::any(it)),
        None => MethodRouter::new(),
    };
    for (method, handler) in &methods.on {
        router = with_handler!(*handler, it => router.on(FILTERS[*method], it));
    }
    for (method, number) in &methods.services {
        router = router.on_service(FILTERS[*method], service(format!("p{number}")));
    }
    if let Some(handler) = methods.fallback {
        router = with_handler!(handler, it => router.fallback(it));
    }
    match methods.layer {
        Some(number) => router.layer(layer!(number)),
        None => router,
    }
}

/// Builds axum's own router of a shape, without policies.
pub(super) fn axums(shape: &Shape) -> axum::Router {
    let mut app = axum::Router::new();
    for call in &shape.calls {
        app = match call {
            Call::Route(path, methods) | Call::RouteAxums(path, methods) => {
                app.route(path, axums_methods(methods))
            }
            Call::RouteService(path, number) => {
                app.route_service(path, service(format!("p{number}")))
            }
            Call::Nest(prefix, _, shape) => app.nest(prefix, axums(shape)),
            Call::NestService(prefix, _, shape) => app.nest_service(prefix, axums(shape)),
            Call::NestMethods(prefix, methods) => app.nest_service(prefix, axums_methods(methods)),
            Call::Merge(_, shape) => app.merge(axums(shape)),
            Call::Fallback(handler) => app.fallback(unannotated(*handler)),
            Call::FallbackMethods(methods) => app.fallback(axums_methods(methods)),
            Call::FallbackService(_, shape) => app.fallback_service(AnyService::new(axums(shape))),
            Call::FallbackPlainService(number) => {
                app.fallback_service(service(format!("p{number}")))
            }
            Call::MethodNotAllowed(number) => {
                app.method_not_allowed_fallback(not_allowed(format!("m{number}")))
            }
            Call::ResetFallback => app.reset_fallback(),
            Call::Layer(number) => app.layer(layer!(*number)),
            Call::RouteLayer(number) => app.route_layer(layer!(*number)),
            Call::Default(_) => app,
            Call::WithState => app.with_state(()),
        };
    }
    app
}

/// Builds our router of a shape.
pub(super) fn ours(shape: &Shape) -> Router {
    let mut app = Router::new();
    for call in &shape.calls {
        app = match call {
            Call::Route(path, methods) => app.route(path, our_methods(methods)),
            Call::RouteAxums(path, methods) => app.route(path, axums_methods(methods)),
            Call::RouteService(path, number) => {
                app.route_service(path, service(format!("p{number}")))
            }
            Call::Nest(prefix, kind, shape) => app.nest(prefix, part(*kind, shape)),
            Call::NestService(prefix, Kind::Ours, shape) => app.nest_service(prefix, ours(shape)),
            Call::NestService(prefix, kind, shape) => {
                app.nest_service(prefix, axum::Router::from(part(*kind, shape)))
            }
            Call::NestMethods(prefix, methods) => app.nest_service(prefix, our_methods(methods)),
            Call::Merge(kind, shape) => app.merge(part(*kind, shape)),
            Call::Fallback(handler) => with_handler!(*handler, it => app.fallback(it)),
            Call::FallbackMethods(methods) => app.fallback(our_methods(methods)),
            Call::FallbackService(Kind::Ours, shape) => app.fallback_service(ours(shape)),
            Call::FallbackService(kind, shape) => {
                app.fallback_service(AnyService::new(axum::Router::from(part(*kind, shape))))
            }
            Call::FallbackPlainService(number) => {
                app.fallback_service(service(format!("p{number}")))
            }
            Call::MethodNotAllowed(number) => {
                app.method_not_allowed_fallback(not_allowed(format!("m{number}")))
            }
            Call::ResetFallback => app.reset_fallback(),
            Call::Layer(number) => app.layer(layer!(*number)),
            Call::RouteLayer(number) => app.route_layer(layer!(*number)),
            Call::Default(number) => app.cors(default_policy(*number)),
            Call::WithState => app.with_state(()),
        };
    }
    app
}

fn part(kind: Kind, shape: &Shape) -> Router {
    match kind {
        Kind::Ours => ours(shape),
        Kind::Axums => axums(shape).into(),
        Kind::Converted => axum::Router::from(ours(shape)).into(),
    }
}

/// A finished router as a service, either directly or mounted in axum's own router.
#[derive(Clone)]
pub(super) struct Mounted {
    pub(super) app: AnyService,
    pub(super) prefix: &'static str,
    pub(super) root: Root,
}

/// The root of the mounted router. axum does not nest a fallback at `/m/`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Root {
    Present,
    Absent,
}

pub(super) fn mounted(app: Router, seed: u64) -> Mounted {
    let new = axum::Router::new;
    let (app, prefix) = match seed % 8 {
        0..3 => (AnyService::new(app), ""),
        3 => (AnyService::new(axum::Router::from(app)), ""),
        4 => (AnyService::new(new().nest_service("/m", app)), "/m"),
        5 => (AnyService::new(new().merge(axum::Router::from(app))), ""),
        6 => (AnyService::new(new().fallback_service(app)), ""),
        _ => (
            AnyService::new(new().nest("/m", new().fallback_service(app))),
            "/m",
        ),
    };
    let root = if seed % 8 == 7 {
        Root::Absent
    } else {
        Root::Present
    };
    Mounted { app, prefix, root }
}
