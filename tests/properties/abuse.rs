//! Requests that are made to cost a server much. The tests count allocations: their number is
//! exact. `cargo bench -p cors-benches -- check` compares the instructions of such requests.

use std::ops::Range;
use std::sync::LazyLock;

use allocation_counter::{AllocationInfo, measure};
use cors_runtime::{OriginList, OriginRequest, Policy, RequestHead, policy};
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_HEADERS, HeaderValue};
use http::{Request, StatusCode};
use tokio::runtime::Runtime;

use crate::adapters::annotated::{ROUTED, annotated};
use crate::adapters::{Endpoint, PATH, with_layers};
use crate::invariants::broken;
use crate::runtime;

/// Every kind of entry.
static ENTRIES: Policy = policy! {
    origins = [
        "https://app.example.org",
        "https://*.example.com",
        "http://localhost:*",
        regex(r"https://[a-z0-9-]+\.regex\.example"),
        is_tenant,
        LIST,
        ask(asks),
    ],
    headers = ["content-type"],
};

/// Preflights repeat the requested names.
static REPEATING: Policy = policy! {
    origins = ["https://app.example.com"],
    methods = "*",
    headers = "*",
    credentials,
};

static LIST: LazyLock<OriginList> =
    LazyLock::new(|| OriginList::try_from_iter(["https://*.example.net"]).unwrap());

fn is_tenant(origin: &str, _: &RequestHead<'_>) -> bool {
    origin.ends_with(".tenant.example")
}

async fn asks(request: OriginRequest) -> bool {
    request.origin().ends_with(".asked.example")
}

annotated!(entries, crate::abuse::ENTRIES);
annotated!(repeating, crate::abuse::REPEATING);

fn preflight(origin: &str) -> Request<()> {
    let request = Request::options(PATH)
        .header("host", "api.example.com")
        .header("origin", origin)
        .header("access-control-request-method", "GET");
    request.body(()).unwrap()
}

fn with_names(names: impl IntoIterator<Item = String>) -> Request<()> {
    let mut request = preflight("https://app.example.com");
    for names in names {
        let names = HeaderValue::try_from(names).unwrap();
        request
            .headers_mut()
            .append(ACCESS_CONTROL_REQUEST_HEADERS, names);
    }
    request
}

/// Returns what is allocated while the endpoint serves the request.
fn cost(runtime: &Runtime, endpoint: &Endpoint, request: Request<()>) -> AllocationInfo {
    let copy = request.clone();
    let response = endpoint.send(request);
    let mut output = None;
    let cost = measure(|| output = Some(runtime.block_on(response)));
    let response = output.unwrap();
    assert_eq!(broken(&copy, &response), [""; 0], "{}", endpoint.name);
    assert_eq!(
        response.status(),
        StatusCode::FORBIDDEN,
        "{}",
        endpoint.name
    );
    cost
}

const MIB: usize = 1024 * 1024;

/// Lists of 1 MiB, and a list of many lines. `REPEATING` refuses them only because of their length.
fn long_lists() -> Vec<(&'static str, Vec<String>)> {
    let name = "content-type,";
    let lines = |count: usize| vec![name.repeat(MIB / name.len() / count); count];
    vec![
        ("one line", lines(1)),
        ("thousands of lines", lines(8000)),
        (
            "one name for each line",
            vec!["content-type".to_owned(); MIB / name.len()],
        ),
        ("one name", vec!["x".repeat(MIB)]),
        ("commas", vec![",".repeat(MIB)]),
        ("white space", vec![" \t".repeat(MIB / 2) + "x"]),
        ("empty lines", vec![String::new(); 30_000]),
    ]
}

#[test]
fn a_long_list_of_headers_costs_as_much_as_a_short_one() {
    let runtime = runtime();
    let mut endpoints = runtime.block_on(entries::endpoints(ROUTED));
    endpoints.extend(runtime.block_on(repeating::endpoints(ROUTED)));
    endpoints.extend(runtime.block_on(with_layers(&ENTRIES, ROUTED)));
    endpoints.extend(runtime.block_on(with_layers(&REPEATING, ROUTED)));
    for endpoint in &endpoints {
        // Every policy refuses a name that is not a token.
        let short = || with_names(["no token".to_owned()]);
        cost(&runtime, endpoint, short());
        let short = cost(&runtime, endpoint, short());
        for (list, lines) in long_lists() {
            let long = cost(&runtime, endpoint, with_names(lines));
            let name = endpoint.name;
            assert!(long.count_total <= short.count_total, "{name}, {list}");
            // The text of the denial is in the response.
            assert!(
                long.bytes_total <= short.bytes_total + 1024,
                "{name}, {list}: {long:?}"
            );
        }
    }
}

/// A pattern allows every fourth origin, and `ask(..)` allows every fourth.
const DOMAINS: [&str; 4] = [
    "example.com",
    "evil.example",
    "asked.example",
    "evil.example.org",
];

/// Serves a preflight for each number, with an origin of its own.
async fn serve(endpoint: &Endpoint, numbers: Range<usize>) {
    for number in numbers {
        let origin = format!("https://{number:06}.{}", DOMAINS[number % DOMAINS.len()]);
        let response = endpoint.send(preflight(&origin)).await;
        let is_allowed = response.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN);
        assert_eq!(is_allowed, number % 2 == 0, "{}: {origin}", endpoint.name);
    }
}

/// Asserts that no memory is kept for an origin, and that each thousand of origins costs the same.
fn check_distinct_origins(thousands: usize) {
    let runtime = runtime();
    let mut endpoints = runtime.block_on(entries::endpoints(ROUTED));
    endpoints.extend(runtime.block_on(with_layers(&ENTRIES, ROUTED)));
    for endpoint in &endpoints {
        let serve = |from: usize, count: usize| {
            measure(|| runtime.block_on(serve(endpoint, from..from + count)))
        };
        // The first requests fill caches, such as that of a regex.
        serve(0, 100);
        let first = serve(100, 1000);
        let all = serve(1100, thousands * 1000);
        let (name, thousands) = (endpoint.name, thousands as u64);
        assert_eq!(all.count_total, thousands * first.count_total, "{name}");
        assert_eq!(all.bytes_total, thousands * first.bytes_total, "{name}");
        assert_eq!(all.bytes_max, first.bytes_max, "{name}");
        assert_eq!((first.bytes_current, all.bytes_current), (0, 0), "{name}");
    }
}

#[test]
fn distinct_origins_do_not_fill_the_memory() {
    check_distinct_origins(5);
}

#[test]
#[ignore = "a minute in a debug build"]
fn a_hundred_thousand_distinct_origins_do_not_fill_the_memory() {
    check_distinct_origins(100);
}
