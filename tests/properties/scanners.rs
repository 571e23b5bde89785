//! The origins that scanners for CORS mistakes send, to each kind of entry in each adapter.
//!
//! `scanner-origins.json` has the origins that these scanners send to `https://app.example.com`:
//! `CORScanner`, Corsy, corsair, nuclei, ZAP, cors-analyzer and pciscan.

use std::collections::BTreeSet;

use cors_runtime::{OriginList, OriginRequest, Policy, RequestHead, policy};
use http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use http::{Method, Request};
use serde_json::Value;

use crate::adapters::annotated::{ROUTED, annotated};
use crate::adapters::{Endpoint, PATH, with_layers};
use crate::invariants::broken;
use crate::runtime;

/// The origins of the file that are subdomains of `example.com`, with `https`. An entry for all
/// subdomains allows them on purpose.
const SUBDOMAINS: &[&str] = &[
    "https://abcde.example.com",
    "https://app.example.com.example.com",
    "https://app.example.com_.example.com",
    "https://d3vapp.example.com",
    "https://evil.app.example.com",
    "https://scarymonster.app.example.com",
];

/// The origins of the file with one label below `example.com`.
const ONE_LABEL: &[&str] = &["https://abcde.example.com", "https://d3vapp.example.com"];

static EXACT: Policy = policy! { origins = ["https://app.example.com"], credentials };
static BELOW: Policy = policy! { origins = ["https://*.example.com"], credentials };
static PORTS: Policy = policy! { origins = ["https://app.example.com:*"], credentials };
static REGEX: Policy = policy! {
    origins = [regex(r"https://[a-z0-9-]+\.example\.com")],
    credentials,
};
static LISTED: Policy = policy! { origins = [LIST], credentials };
static FUNCTION: Policy = policy! { origins = [is_subdomain], credentials };
static ASKED: Policy = policy! { origins = [ask(asks_subdomain)], credentials };
static ANY: Policy = policy! { origins = "*" };

static LIST: std::sync::LazyLock<OriginList> = std::sync::LazyLock::new(|| {
    OriginList::try_from_iter(["https://app.example.com", "https://*.app.example.org:*"]).unwrap()
});

/// A check that many services have. Origin sources get only well-formed origins, so the check is
/// enough.
fn is_subdomain(origin: &str, _: &RequestHead<'_>) -> bool {
    origin.starts_with("https://") && origin.ends_with(".example.com")
}

async fn asks_subdomain(request: OriginRequest) -> bool {
    let origin = request.origin();
    origin.starts_with("https://") && origin.ends_with(".example.com")
}

annotated!(exact, crate::scanners::EXACT);
annotated!(below, crate::scanners::BELOW);
annotated!(ports, crate::scanners::PORTS);
annotated!(regex, crate::scanners::REGEX);
annotated!(listed, crate::scanners::LISTED);
annotated!(function, crate::scanners::FUNCTION);
annotated!(asked, crate::scanners::ASKED);
annotated!(any, crate::scanners::ANY);

/// Returns the origins of the scanners.
fn origins() -> BTreeSet<String> {
    let scanners: Value = serde_json::from_str(include_str!("scanner-origins.json")).unwrap();
    let origins = scanners.as_array().unwrap().iter();
    origins
        .map(|it| it["origin"].as_str().unwrap().to_owned())
        .collect()
}

/// Returns the requests of a scanner for an origin: two with cookies, and a preflight.
fn requests(origin: &str) -> [Request<()>; 3] {
    let preflight = ("access-control-request-method", "GET");
    [
        (Method::GET, None),
        (Method::POST, None),
        (Method::OPTIONS, Some(preflight)),
    ]
    .map(|(method, line)| {
        let request = Request::builder().method(method).uri(PATH);
        let request = request
            .header("host", "app.example.com")
            .header("cookie", "id=1");
        let request = request.header("origin", origin);
        let request = line
            .into_iter()
            .fold(request, |it, (name, value)| it.header(name, value));
        request.body(()).unwrap()
    })
}

/// Returns the origins that get an `Access-Control-Allow-Origin` other than `*`.
async fn allowed(endpoint: &Endpoint) -> Vec<String> {
    let mut allowed = Vec::new();
    for origin in origins() {
        for request in requests(&origin) {
            let response = endpoint.send(request.clone()).await;
            assert_eq!(
                broken(&request, &response),
                [""; 0],
                "{request:?} {response:?}"
            );
            let value = response.headers().get(ACCESS_CONTROL_ALLOW_ORIGIN);
            if value.is_some_and(|value| value != "*") {
                allowed.push(origin.clone());
            }
        }
    }
    // An origin is allowed in all three requests or in none.
    let distinct: BTreeSet<_> = allowed.iter().cloned().collect();
    assert_eq!(allowed.len(), 3 * distinct.len(), "{allowed:?}");
    distinct.into_iter().collect()
}

macro_rules! finds {
    ($($module:ident $policy:ident: $expected:expr;)*) => {
        $(#[test]
        fn $module() {
            runtime().block_on(async {
                let mut endpoints = $module::endpoints(ROUTED).await;
                endpoints.extend(with_layers(&$policy, ROUTED).await);
                assert_eq!(endpoints.len(), 10);
                for endpoint in endpoints {
                    let expected: &[&str] = $expected;
                    assert_eq!(allowed(&endpoint).await, expected, "{}", endpoint.name);
                }
            });
        })*
    };
}

mod only_intended_origins_are_allowed {
    use super::*;

    finds! {
        exact EXACT: &[];
        below BELOW: SUBDOMAINS;
        ports PORTS: &[];
        regex REGEX: ONE_LABEL;
        listed LISTED: &[];
        function FUNCTION: SUBDOMAINS;
        asked ASKED: SUBDOMAINS;
        any ANY: &[];
    }
}
