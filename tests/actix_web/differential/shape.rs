//! The shape of an app: its services, in the order of their registration.

use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::guard::{self, GuardContext};
use actix_web::{Scope, http, web};
use cors_runtime::actix_web::{Cors, resource};

use super::handlers::{
    ANNOTATED, Annotated, DEFAULT, OF_RESOURCES, OTHER_DEFAULT, add, plain_resource,
};
use super::random::Random;

const PATHS: [&str; 9] = [
    "",
    "/",
    "/a",
    "/{x}",
    "/a/{x}",
    "/{tail:.*}",
    r"/{n:\d+}",
    "/a/b",
    "/{x}/b",
];
const PREFIXES: [&str; 5] = ["/s", "", "/{x}", "/a", r"/{n:\d+}"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types, reason = "the names of the route macros")]
pub(super) enum Method {
    get,
    head,
    put,
    post,
}

impl Method {
    pub(super) fn of_actix(self) -> http::Method {
        match self {
            Self::get => http::Method::GET,
            Self::head => http::Method::HEAD,
            Self::put => http::Method::PUT,
            Self::post => http::Method::POST,
        }
    }
}

/// A guard that a preflight can pass as well.
pub(super) fn is_guarded(context: &GuardContext<'_>) -> bool {
    context.head().headers().contains_key("x-guard")
}

/// The `Cors` of an app or a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Around {
    Nothing,
    Outermost,
    Default,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Middleware {
    None,
    Normalize,
    /// Refuses every request, with a response.
    Refuse,
    /// Refuses every request, with an error.
    Fail,
}

#[derive(Debug)]
pub(super) struct AppShape {
    pub(super) services: Vec<Shape>,
    pub(super) around: Around,
    pub(super) middleware: Middleware,
    pub(super) has_default_service: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Shape {
    Annotated(Annotated),
    /// The resource that a route macro of actix-web registers.
    PlainMacro {
        path: &'static str,
        method: Method,
        is_guarded: bool,
        name: &'static str,
    },
    /// A resource of actix-web, without a name.
    PlainResource {
        path: &'static str,
        is_guarded: bool,
        handlers: Vec<(Method, &'static str)>,
    },
    /// A resource of this crate. The name of a handler without a policy starts with `p`.
    Resource {
        path: &'static str,
        handlers: Vec<(Method, &'static str)>,
    },
    Scope {
        prefix: &'static str,
        is_guarded: bool,
        around: Around,
        has_default_service: bool,
        services: Vec<Shape>,
    },
}

impl AppShape {
    pub(super) fn random(random: &mut Random) -> Self {
        let has_plain = !random.once_in(3);
        let middlewares = [
            Middleware::None,
            Middleware::None,
            Middleware::Normalize,
            Middleware::Refuse,
            Middleware::Fail,
        ];
        Self {
            services: Shape::random(random, 2, has_plain),
            around: random.one_of(&[Around::Nothing, Around::Outermost, Around::Default]),
            middleware: random.one_of(&middlewares),
            has_default_service: random.once_in(4),
        }
    }

    /// Returns whether a scope has a default policy.
    pub(super) fn has_default_scope(&self) -> bool {
        let is_default = |around, _| around == Around::Default;
        self.services.iter().any(|it| it.has_scope(is_default))
    }

    /// Returns whether a plain route macro and an annotated handler have the same pattern.
    /// actix-web does not show that both serve the same method, and that a guard decides.
    pub(super) fn share_a_path(&self, plain: &str, annotated: &str) -> bool {
        let paths = |name: &str| {
            let mut paths = Vec::new();
            self.services
                .iter()
                .for_each(|it| it.paths_of(name, &mut paths));
            paths
        };
        let plain = paths(plain);
        paths(annotated).iter().any(|path| plain.contains(path))
    }

    /// Returns whether the app or a scope has a `Cors`.
    pub(super) fn has_cors(&self) -> bool {
        let is_cors = |around, _| around != Around::Nothing;
        self.around != Around::Nothing || self.services.iter().any(|it| it.has_scope(is_cors))
    }

    /// Returns whether a scope does not contain an annotated handler.
    pub(super) fn has_plain_scope(&self) -> bool {
        self.services.iter().any(Shape::is_plain_scope)
    }

    /// Returns whether a scope has a guard.
    pub(super) fn has_guarded_scope(&self) -> bool {
        self.services
            .iter()
            .any(|it| it.has_scope(|_, is_guarded| is_guarded))
    }

    /// Returns the names of all annotated handlers.
    pub(super) fn names(&self) -> Vec<&'static str> {
        let mut names = Vec::new();
        self.services
            .iter()
            .for_each(|shape| shape.names(&mut names));
        names.sort_unstable();
        names.dedup();
        names
    }
}

impl Shape {
    fn random(random: &mut Random, depth: usize, has_plain: bool) -> Vec<Self> {
        let count = 1 + random.below(4);
        let kinds = if depth == 0 { 8 } else { 10 };
        let random_one = |_| match random.below(kinds) {
            5 if has_plain => Self::plain_macro(random),
            6 if has_plain => Self::PlainResource {
                path: random.one_of(&PATHS),
                is_guarded: random.once_in(3),
                handlers: Self::handlers(random, true, 0),
            },
            5..=7 => Self::Resource {
                path: random.one_of(&PATHS),
                handlers: Self::handlers(random, has_plain, 2),
            },
            8.. => Self::scope(random, depth - 1, has_plain),
            _ => Self::Annotated(random.one_of(ANNOTATED)),
        };
        (0..count).map(random_one).collect()
    }

    fn plain_macro(random: &mut Random) -> Self {
        Self::PlainMacro {
            path: random.one_of(&PATHS),
            method: Self::method(random),
            is_guarded: random.once_in(4),
            name: plain_name(random),
        }
    }

    fn scope(random: &mut Random, depth: usize, has_plain: bool) -> Self {
        let arounds = [
            Around::Nothing,
            Around::Nothing,
            Around::Outermost,
            Around::Default,
        ];
        Self::Scope {
            prefix: random.one_of(&PREFIXES),
            is_guarded: random.once_in(4),
            around: random.one_of(&arounds),
            has_default_service: random.once_in(4),
            services: Self::random(random, depth, has_plain),
        }
    }

    fn method(random: &mut Random) -> Method {
        random.one_of(&[Method::get, Method::put, Method::post, Method::head])
    }

    /// Returns up to three handlers. On average, `annotated` of three have a policy.
    fn handlers(
        random: &mut Random,
        has_plain: bool,
        annotated: usize,
    ) -> Vec<(Method, &'static str)> {
        let count = 1 + random.below(3);
        let random_one = |_| {
            let is_annotated = !has_plain || random.below(3) < annotated;
            let name = if is_annotated {
                random.one_of(OF_RESOURCES)
            } else {
                plain_name(random)
            };
            (Self::method(random), name)
        };
        (0..count).map(random_one).collect()
    }

    fn has_scope(&self, has: fn(Around, bool) -> bool) -> bool {
        match self {
            Self::Scope {
                around,
                is_guarded,
                services,
                ..
            } => has(*around, *is_guarded) || services.iter().any(|it| it.has_scope(has)),
            _ => false,
        }
    }

    fn is_plain_scope(&self) -> bool {
        let Self::Scope { services, .. } = self else {
            return false;
        };
        let mut names = Vec::new();
        self.names(&mut names);
        names.is_empty() || services.iter().any(Self::is_plain_scope)
    }

    /// Collects the paths of the handlers with this name, without scopes.
    fn paths_of(&self, wanted: &str, paths: &mut Vec<&'static str>) {
        match self {
            Self::Annotated(it) if it.name == wanted => paths.push(it.path),
            Self::PlainMacro { path, name, .. } if *name == wanted => paths.push(path),
            Self::Resource { path, handlers } if handlers.iter().any(|it| it.1 == wanted) => {
                paths.push(path);
            }
            Self::Scope { services, .. } => {
                for shape in services {
                    shape.paths_of(wanted, paths);
                }
            }
            _ => {}
        }
    }

    fn names(&self, names: &mut Vec<&'static str>) {
        match self {
            Self::Annotated(handler) => names.push(handler.name),
            Self::Resource { handlers, .. } => names.extend(handlers.iter().map(|it| it.1)),
            Self::Scope { services, .. } => services.iter().for_each(|it| it.names(names)),
            Self::PlainMacro { .. } | Self::PlainResource { .. } => {}
        }
        names.retain(|name| !name.starts_with('p'));
    }
}

fn plain_name(random: &mut Random) -> &'static str {
    const NAMES: [&str; 12] = [
        "p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9", "p10", "p11",
    ];
    random.one_of(&NAMES)
}

/// Registers a shape, or its twin without policies.
#[derive(Clone)]
pub(super) struct Mounted {
    pub(super) shape: Shape,
    pub(super) is_twin: bool,
}

impl HttpServiceFactory for Mounted {
    fn register(self, config: &mut AppService) {
        let Self { shape, is_twin } = self;
        match shape {
            Shape::Annotated(handler) if !is_twin => handler.register(config),
            Shape::Annotated(handler) => {
                let (name, is_guarded) = (handler.name, handler.is_guarded);
                macro_like(handler.path, handler.method, is_guarded, name).register(config);
            }
            Shape::PlainMacro {
                path,
                method,
                is_guarded,
                name,
            } => macro_like(path, method, is_guarded, name).register(config),
            Shape::PlainResource {
                path,
                is_guarded,
                handlers,
            } => guarded(plain_resource(path, &handlers), is_guarded).register(config),
            Shape::Resource { path, handlers } if !is_twin => {
                let all = resource(path);
                let all = handlers.iter().fold(all, |all, it| add(all, it.0, it.1));
                all.register(config);
            }
            Shape::Resource { path, handlers } => {
                plain_resource(path, &handlers)
                    .name("resource")
                    .register(config);
            }
            Shape::Scope {
                prefix,
                is_guarded,
                around,
                has_default_service,
                services,
            } => {
                let mut scope = web::scope(prefix);
                if is_guarded {
                    scope = scope.guard(guard::fn_guard(self::is_guarded));
                }
                if has_default_service {
                    scope = scope.default_service(web::to(|| async { "pdefault" }));
                }
                let services = services.into_iter().map(|shape| Self { shape, is_twin });
                let scope = services.fold(scope, Scope::service);
                match around {
                    Around::Outermost if !is_twin => {
                        scope.wrap(Cors::outermost()).register(config);
                    }
                    Around::Default if !is_twin => {
                        scope.wrap(Cors::new(&OTHER_DEFAULT)).register(config);
                    }
                    _ => scope.register(config),
                }
            }
        }
    }
}

/// Returns the resource that a route macro of actix-web registers.
fn macro_like(
    path: &str,
    method: Method,
    is_guarded: bool,
    name: &'static str,
) -> actix_web::Resource {
    let resource = web::resource(path).name(name);
    let resource = resource.guard(guard::Method(method.of_actix()));
    guarded(resource, is_guarded).to(move || async move { name })
}

fn guarded(resource: actix_web::Resource, is_guarded: bool) -> actix_web::Resource {
    if is_guarded {
        resource.guard(guard::fn_guard(self::is_guarded))
    } else {
        resource
    }
}

impl Around {
    pub(super) fn default_policy() -> Cors {
        Cors::new(&DEFAULT)
    }
}
