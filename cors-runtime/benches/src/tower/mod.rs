//! The tower layer, and the function of `cors_runtime::http`.

mod many;
mod names;
mod origins;

use std::convert::Infallible;

use cors_runtime::tower::CorsLayer;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Request, Response};
use tower::{Layer, Service, service_fn};

use crate::by_hand::{self, origins as by_hand_origins};
use crate::case::{Group, Role};
use crate::policies;
use crate::requests::{self, Template};
use crate::service::{Dropped, Http};

pub(crate) use names::NAMES;

pub(crate) fn groups() -> Vec<Group> {
    let mut groups: Vec<Group> = requests::all().into_iter().map(all_kinds).collect();
    groups.extend(origins::groups());
    groups.extend(many::groups());
    groups.extend(names::groups());
    groups
}

/// Returns the response of every handler.
pub(crate) fn respond<B>(body: B) -> Response<B> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn serve(_: Request<()>) -> Result<Response<()>, Infallible> {
    Ok(respond(()))
}

#[cors_runtime::http::cors(policy = policies::EXACT)]
async fn serve_with_cors(request: Request<()>) -> Result<Response<()>, Infallible> {
    drop(request);
    Ok(respond(()))
}

fn inner()
-> impl Service<Request<()>, Response = Response<()>, Error = Infallible, Future: Send> + Clone {
    service_fn(serve)
}

fn all_kinds((name, template): (&str, Template)) -> Group {
    let group = group("tower", name, template);
    by_hand(group, &by_hand::EXACT, || by_hand_origins::exact)
        .case(Role::Peer, "tower-http", |template| {
            Http::new(policies::tower_http_exact().layer(inner()), template)
        })
        .case(Role::Ours, "CorsLayer", |template| {
            Http::new(CorsLayer::new(&policies::EXACT).layer(inner()), template)
        })
        .case(Role::Ours, "CorsLayer, built at start-up", |template| {
            let policy = policies::builder()
                .origins(policies::ORIGINS)
                .credentials(true)
                .build();
            Http::new(
                CorsLayer::new(policy.expect("valid")).layer(inner()),
                template,
            )
        })
        .case(Role::Ours, "http::cors", |template| {
            Http::new(service_fn(serve_with_cors), template)
        })
}

/// Returns a group with the case that the overhead of the other cases is measured from.
fn group(section: &str, name: &str, template: Template) -> Group {
    let is_preflight = template.is_preflight();
    let group = Group::new(format!("{section}/{name}"), template);
    if is_preflight {
        group.case(Role::Without, "request dropped", Dropped::<()>::new)
    } else {
        group.case(Role::Without, "no CORS", |template| {
            Http::new(inner(), template)
        })
    }
}

/// Adds the hand-written code for a policy.
fn by_hand<F>(
    group: Group,
    policy: &'static by_hand::Policy,
    origins: impl Fn() -> F + Clone + 'static,
) -> Group
where
    F: Fn(&HeaderValue) -> Option<HeaderValue> + Clone + 'static,
{
    let minimal = origins.clone();
    group
        .case(Role::Minimal, "minimal", move |template| {
            let layer = by_hand::Layer::<_, false> {
                policy,
                origins: minimal(),
            };
            Http::new(layer.layer(inner()), template)
        })
        .case(Role::Strict, "strict", move |template| {
            let layer = by_hand::Layer::<_, true> {
                policy,
                origins: origins(),
            };
            Http::new(layer.layer(inner()), template)
        })
}
