//! The kinds of entries in `origins`.

use cors_runtime::Policy;
use cors_runtime::tower::CorsLayer;
use http::HeaderValue;
use tower::Layer;
use tower_http::cors::{AllowOrigin, Any};

use super::{by_hand, group, inner};
use crate::by_hand::{ANY, WITHOUT_CREDENTIALS, origins};
use crate::case::{Group, Role};
use crate::policies;
use crate::requests::{self, ALLOWED, ASKED, REFUSED, Template};
use crate::service::Http;

const SECTION: &str = "origins";

pub(super) fn groups() -> Vec<Group> {
    let mut groups: Vec<Group> = any().collect();
    groups.extend(kind(
        "https://*.example.com",
        [
            "https://pr-17.app.example.com",
            "https://example.com.evil.net",
        ],
        &policies::SUBDOMAINS,
        || origins::subdomains,
    ));
    groups.extend(kind(
        "http://localhost:*",
        ["http://localhost:5173", "http://localhost.evil.net:5173"],
        &policies::PORTS,
        || origins::ports,
    ));
    groups.extend(kind(
        "regex",
        [
            "https://pr-17.example.dev",
            "https://pr-17.example.dev.evil.net",
        ],
        &policies::REGEX,
        origins::regex,
    ));
    policies::LIST.replace(requests::origins(3)).expect("valid");
    groups.extend(kind(
        "OriginList",
        ["https://tenant-00002.example.com", REFUSED],
        &policies::OF_LIST,
        || origins::map(3),
    ));
    groups.extend(kind(
        "function",
        [ALLOWED, REFUSED],
        &policies::OF_FUNCTION,
        || origins::exact,
    ));
    groups
}

fn templates([allowed, refused]: [&str; 2]) -> [(&'static str, Template); 3] {
    [
        ("GET allowed", Template::get(allowed)),
        ("GET refused", Template::get(refused)),
        (
            "preflight allowed",
            Template::preflight(allowed, "PUT", ASKED),
        ),
    ]
}

/// `*`, which does not refuse any origin.
fn any() -> impl Iterator<Item = Group> {
    let [get, _, preflight] = templates([ALLOWED, REFUSED]);
    [get, preflight].into_iter().map(|(name, template)| {
        let group = group(SECTION, &format!("*, {name}"), template);
        let group = by_hand(group, &ANY, || origins::any);
        ours(group, &policies::ANY).case(Role::Peer, "tower-http", |template| {
            Http::new(
                policies::tower_http().allow_origin(Any).layer(inner()),
                template,
            )
        })
    })
}

/// A kind of entry, beside tower-http with the hand-written code as its predicate.
fn kind<F>(
    entry: &str,
    examples: [&str; 2],
    policy: &'static Policy,
    by_hand_origins: impl Fn() -> F + Copy + 'static,
) -> impl Iterator<Item = Group>
where
    F: Fn(&HeaderValue) -> Option<HeaderValue> + Clone + Send + Sync + 'static,
{
    templates(examples)
        .into_iter()
        .map(move |(name, template)| {
            let group = group(SECTION, &format!("{entry}, {name}"), template);
            let group = by_hand(group, &WITHOUT_CREDENTIALS, by_hand_origins);
            ours(group, policy).case(Role::Peer, "tower-http", move |template| {
                let allows = by_hand_origins();
                let predicate = AllowOrigin::predicate(move |origin, _| allows(origin).is_some());
                let layer = policies::tower_http().allow_origin(predicate);
                Http::new(layer.layer(inner()), template)
            })
        })
}

fn ours(group: Group, policy: &'static Policy) -> Group {
    group.case(Role::Ours, "CorsLayer", move |template| {
        Http::new(CorsLayer::new(policy).layer(inner()), template)
    })
}
