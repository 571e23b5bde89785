//! `Access-Control-Request-Headers`, also in forms that browsers do not send.

use cors_runtime::tower::CorsLayer;
use http::HeaderName;
use tower::Layer;

use super::{group, inner};
use crate::by_hand::{self, origins};
use crate::case::{Group, Role};
use crate::policies;
use crate::requests::{ALLOWED, ASKED, Template};
use crate::service::Http;

const SECTION: &str = "request headers";

/// Names of the same length, so that a comparison cannot stop at the length.
pub(crate) static NAMES: [&str; 64] = {
    macro_rules! names {
        ($($number:literal)*) => { [$(concat!("x-header-", $number)),*] };
    }
    names! {
        "00" "01" "02" "03" "04" "05" "06" "07" "08" "09" "10" "11" "12" "13" "14" "15"
        "16" "17" "18" "19" "20" "21" "22" "23" "24" "25" "26" "27" "28" "29" "30" "31"
        "32" "33" "34" "35" "36" "37" "38" "39" "40" "41" "42" "43" "44" "45" "46" "47"
        "48" "49" "50" "51" "52" "53" "54" "55" "56" "57" "58" "59" "60" "61" "62" "63"
    }
};

pub(super) fn groups() -> impl Iterator<Item = Group> {
    lists().into_iter().map(of_exact).chain([many_allowed()])
}

fn lists() -> Vec<(&'static str, Vec<Vec<u8>>)> {
    let repeated = |count| vec!["content-type"; count].join(",").into_bytes();
    vec![
        ("2 names", vec![ASKED.into()]),
        ("64 times one name", vec![repeated(64)]),
        ("64 unknown names", vec![NAMES.join(",").into_bytes()]),
        ("64 empty elements", vec![vec![b','; 63]]),
        ("4096 bytes of spaces", vec![spaces(4096)]),
        ("10000 commas", vec![vec![b','; 10_000]]),
        ("1 MiB of names", vec![repeated((1 << 20) / 13)]),
        ("1 MiB of spaces", vec![spaces(1 << 20)]),
        ("1000 lines", vec![b"content-type".to_vec(); 1_000]),
        ("1000 empty lines", vec![Vec::new(); 1_000]),
    ]
}

/// Returns two allowed names with spaces between them.
fn spaces(bytes: usize) -> Vec<u8> {
    let mut line = b"content-type,".to_vec();
    line.resize(bytes - b"x-csrf-token".len(), b' ');
    line.extend(b"x-csrf-token");
    line
}

fn of_exact((name, lines): (&str, Vec<Vec<u8>>)) -> Group {
    let template = Template::preflight_with_lines(ALLOWED, "PUT", &lines);
    group(SECTION, name, template)
        .case(Role::Strict, "strict", |template| {
            let origins = origins::exact;
            let layer = by_hand::Layer::<_, true> {
                policy: &by_hand::EXACT,
                origins,
            };
            Http::new(layer.layer(inner()), template)
        })
        .case(Role::Peer, "tower-http", |template| {
            Http::new(policies::tower_http_exact().layer(inner()), template)
        })
        .case(Role::Ours, "CorsLayer", |template| {
            Http::new(CorsLayer::new(&policies::EXACT).layer(inner()), template)
        })
}

/// Returns a policy that allows 64 names, and a preflight with all of them.
fn many_allowed() -> Group {
    let reversed: Vec<&str> = NAMES.iter().rev().copied().collect();
    let template = Template::preflight(ALLOWED, "PUT", &reversed.join(","));
    group(SECTION, "64 names, all allowed", template)
        .case(Role::Strict, "strict", |template| {
            let origins = origins::exact;
            let layer = by_hand::Layer::<_, true> {
                policy: &by_hand::MANY_NAMES,
                origins,
            };
            Http::new(layer.layer(inner()), template)
        })
        .case(Role::Peer, "tower-http", |template| {
            let names = NAMES.map(HeaderName::from_static);
            let layer = policies::tower_http_exact().allow_headers(names);
            Http::new(layer.layer(inner()), template)
        })
        .case(Role::Ours, "CorsLayer", |template| {
            let policy = policies::builder()
                .headers(NAMES)
                .origins(policies::ORIGINS);
            let policy = policy.credentials(true).build().expect("valid");
            Http::new(CorsLayer::new(policy).layer(inner()), template)
        })
}
