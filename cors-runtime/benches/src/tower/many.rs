//! Many exact origins.

use cors_runtime::OriginList;
use cors_runtime::tower::CorsLayer;
use http::HeaderValue;
use tower::Layer;
use tower_http::cors::AllowOrigin;

use super::{by_hand, group, inner};
use crate::by_hand::{WITHOUT_CREDENTIALS, origins};
use crate::case::{Group, Role};
use crate::policies;
use crate::requests::{self, ASKED, Template};
use crate::service::Http;

pub(super) fn groups() -> impl Iterator<Item = Group> {
    [1, 10, 100, 1_000, 10_000].into_iter().flat_map(with_count)
}

fn with_count(count: usize) -> impl Iterator<Item = Group> {
    let last = requests::origins(count).last().expect("at least one");
    let templates = [
        ("GET of the last", Template::get(&last)),
        (
            "GET refused",
            Template::get("https://tenant-99999.example.com"),
        ),
        (
            "preflight of the last",
            Template::preflight(&last, "PUT", ASKED),
        ),
    ];
    templates.into_iter().map(move |(name, template)| {
        let group = group("many origins", &format!("{count}, {name}"), template);
        compared(group, count)
    })
}

fn compared(group: Group, count: usize) -> Group {
    by_hand(group, &WITHOUT_CREDENTIALS, move || origins::map(count))
        .case(Role::Peer, "tower-http", move |template| {
            let values = requests::origins(count)
                .map(|origin| HeaderValue::try_from(origin).expect("a value"));
            let layer = policies::tower_http().allow_origin(AllowOrigin::list(values));
            Http::new(layer.layer(inner()), template)
        })
        .case(Role::Ours, "origins of a policy", move |template| {
            let policy = policies::builder()
                .origins(requests::origins(count))
                .build();
            Http::new(
                CorsLayer::new(policy.expect("valid")).layer(inner()),
                template,
            )
        })
        .case(Role::Ours, "OriginList", move |template| {
            let list = OriginList::try_from_iter(requests::origins(count)).expect("valid");
            let policy = policies::builder()
                .origin_source(&*Box::leak(Box::new(list)))
                .build();
            Http::new(
                CorsLayer::new(policy.expect("valid")).layer(inner()),
                template,
            )
        })
}
