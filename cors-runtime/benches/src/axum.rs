//! axum's routers.

use axum::body::Body;
use axum::response::Response;
use cors_runtime::axum::{self as ours, cors};
use http::HeaderValue;
use tower::layer::util::Identity;

use crate::by_hand::{self, origins};
use crate::case::{Group, Role};
use crate::policies;
use crate::requests::{self, Template};
use crate::service::{Cloned, Dropped, Http};
use crate::tower::respond;

async fn item() -> Response {
    respond(Body::empty())
}

#[cors(policy = policies::EXACT)]
async fn item_with_cors() -> Response {
    respond(Body::empty())
}

/// The size of a router: the number of routes, and how often they are nested.
#[derive(Clone, Copy)]
struct Shape {
    routes: usize,
    depth: usize,
}

impl Shape {
    fn name(self) -> String {
        match self {
            Self {
                routes: 1,
                depth: 0,
            } => "axum".to_owned(),
            Self { routes, depth: 0 } => format!("axum, {routes} routes"),
            Self { depth, .. } => format!("axum, nesting depth {depth}"),
        }
    }

    fn prefix(self) -> String {
        "/n".repeat(self.depth)
    }

    /// The last route is the one that is requested.
    fn paths(self) -> impl Iterator<Item = String> {
        let others = (1..self.routes).map(|number| format!("/r{number}/{{id}}"));
        others.chain(["/items/{id}".to_owned()])
    }

    fn plain(self) -> axum::Router {
        let methods = || axum::routing::get(item).put(item);
        let add = |router: axum::Router, path: String| router.route(&path, methods());
        let router = self.paths().fold(axum::Router::new(), add);
        (0..self.depth).fold(router, |router, _| axum::Router::new().nest("/n", router))
    }

    fn ours(self) -> ours::Router {
        let methods = || ours::routing::get(item_with_cors).put(item_with_cors);
        let add = |router: ours::Router, path: String| router.route(&path, methods());
        let router = self.paths().fold(ours::Router::new(), add);
        (0..self.depth).fold(router, |router, _| ours::Router::new().nest("/n", router))
    }
}

pub(crate) fn groups() -> Vec<Group> {
    let mut groups: Vec<Group> = requests::all()
        .into_iter()
        .map(group(Shape {
            routes: 1,
            depth: 0,
        }))
        .collect();
    let shapes = [(10, 0), (100, 0), (1_000, 0), (1, 1), (1, 2), (1, 3)];
    for (routes, depth) in shapes {
        groups.extend(
            requests::main()
                .into_iter()
                .map(group(Shape { routes, depth })),
        );
    }
    groups
}

fn group(shape: Shape) -> impl Fn((&str, Template)) -> Group {
    move |(name, template)| {
        let is_preflight = template.is_preflight();
        let template = template.below(&shape.prefix());
        let group = Group::new(format!("{}/{name}", shape.name()), template);
        if is_preflight {
            let group = group.case(Role::Without, "request dropped", Dropped::<Body>::new);
            return reused(compared(group, shape), shape);
        }
        let group = group
            .case(Role::Without, "no CORS", move |template| {
                cloned(shape.plain(), template)
            })
            .case(Role::Identity, "identity layer", move |template| {
                cloned(shape.plain().layer(Identity::new()), template)
            });
        let group =
            compared(group, shape).case(Role::Without, "no CORS, reused", move |template| {
                Http::<_, Body>::new(shape.plain().with_state(()), template)
            });
        reused(group, shape)
    }
}

/// Adds the layers, and the router of cors-runtime in the same place. Each request uses a clone.
fn compared(group: Group, shape: Shape) -> Group {
    group
        .case(Role::Minimal, "minimal", move |template| {
            cloned(shape.plain().layer(by_hand::<false>()), template)
        })
        .case(Role::Strict, "strict", move |template| {
            cloned(shape.plain().layer(by_hand::<true>()), template)
        })
        .case(Role::Peer, "tower-http", move |template| {
            cloned(shape.plain().layer(policies::tower_http_exact()), template)
        })
        .case(Role::Ours, "axum::Router::from", move |template| {
            cloned(axum::Router::from(shape.ours()), template)
        })
        .case(Role::Ours, "Router, cloned", move |template| {
            Http::<_, Body>::new(Cloned(shape.ours()), template)
        })
}

/// Adds the router of cors-runtime without clones.
fn reused(group: Group, shape: Shape) -> Group {
    group.case(Role::Ours, "Router, reused", move |template| {
        Http::<_, Body>::new(shape.ours(), template)
    })
}

fn cloned(router: axum::Router, template: &Template) -> Http<Cloned<axum::Router>, Body> {
    Http::new(Cloned(router.with_state(())), template)
}

fn by_hand<const STRICT: bool>() -> by_hand::Layer<fn(&HeaderValue) -> Option<HeaderValue>, STRICT>
{
    by_hand::Layer {
        policy: &by_hand::MOUNTED,
        origins: origins::exact,
    }
}
