//! Random policies, and random fetches of pages, from lists that are small enough to meet often.

use cors_runtime::Policy;
use cors_runtime::testing::Credentials;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::spec::{Entry, Spec};

const ENTRIES: &[Entry] = &[
    Entry::Text("https://app.example.com"),
    Entry::Text("https://example.com"),
    Entry::Text("https://app.example.com:8443"),
    Entry::Text("https://app.example.com:*"),
    Entry::Text("http://app.example.com"),
    Entry::Text("https://*.example.com"),
    Entry::Text("https://*.example.com:8443"),
    Entry::Text("https://*.app.example.com:*"),
    Entry::Text("http://localhost:5173"),
    Entry::Text("http://localhost:*"),
    Entry::Text("http://127.0.0.1:*"),
    Entry::Text("http://[::1]:3000"),
    Entry::Text("tauri://localhost"),
    Entry::Regex,
    Entry::Function,
    Entry::List,
];

pub(crate) const PAGES: &[&str] = &[
    "https://app.example.com",
    "https://app.example.com:8443",
    "https://a.b.app.example.com:444",
    "https://a_b.example.com",
    "https://example.com",
    "https://evilexample.com",
    "https://app.example.com.evil.example",
    "https://evil.example",
    "http://app.example.com",
    "http://localhost",
    "http://localhost:5173",
    "http://localhost:3000",
    "http://127.0.0.1:8080",
    "http://[::1]:3000",
    "tauri://localhost",
    "https://one.tenant.example",
    "https://a.example.net",
    "https://api.example.com",
    "null",
];

/// The servers, as origins. Pages of `https` may fetch from `http` only on the own machine.
pub(crate) const SERVERS: &[&str] = &[
    "https://api.example.com",
    "https://eu.api.example.com:8443",
    "https://rebound.example",
    "http://localhost:3000",
    "http://localhost",
    "http://[::1]:3000",
];

pub(crate) const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"];

pub(crate) const HEADERS: &[&str] = &["content-type", "X-Token", "authorization", "x-b", "*"];

fn some<T: Clone + std::fmt::Debug + 'static>(
    list: &'static [T],
    max: usize,
) -> impl Strategy<Value = Vec<T>> {
    subsequence(list, 0..=max)
}

fn origins() -> impl Strategy<Value = Vec<Entry>> {
    prop_oneof![
        1 => Just(vec![Entry::Text("*")]),
        6 => some(ENTRIES, 6),
    ]
}

fn methods() -> impl Strategy<Value = Option<Vec<&'static str>>> {
    prop_oneof![
        2 => Just(None),
        1 => Just(Some(vec!["*"])),
        3 => subsequence(METHODS, 1..5).prop_map(Some),
    ]
}

fn headers() -> impl Strategy<Value = Vec<&'static str>> {
    const NAMES: &[&str] = &[
        "Content-Type",
        "x-token",
        "authorization",
        "x-a",
        "x-b",
        "x-c",
    ];
    prop_oneof![
        1 => Just(vec!["*"]),
        1 => Just(vec!["*", "authorization"]),
        4 => some(NAMES, 5),
    ]
}

fn expose() -> impl Strategy<Value = Vec<&'static str>> {
    prop_oneof![
        1 => Just(vec!["*"]),
        3 => some(&["x-total", "ETag", "x-other"][..], 3),
    ]
}

fn hosts() -> impl Strategy<Value = Vec<&'static str>> {
    const HOSTS: &[&str] = &[
        "api.example.com",
        "*.example.com:8443",
        "localhost:*",
        "[::1]:3000",
    ];
    prop_oneof![3 => Just(Vec::new()), 1 => some(HOSTS, 3)]
}

fn spec() -> impl Strategy<Value = Spec> {
    let lists = (origins(), methods(), headers(), expose(), hosts());
    let switches = (any::<bool>(), any::<bool>(), proptest::bool::weighted(0.05));
    let max_age = option::of(select(&[0, 1, 600][..]));
    (lists, switches, max_age).prop_map(|(lists, switches, max_age)| {
        let (origins, methods, headers, expose, hosts) = lists;
        let (credentials, enforce, disabled) = switches;
        Spec {
            enforce: enforce || !hosts.is_empty(),
            origins,
            methods,
            headers,
            expose,
            credentials,
            max_age,
            hosts,
            disabled,
        }
    })
}

/// Valid policies.
pub(crate) fn policy() -> impl Strategy<Value = (Spec, &'static Policy)> {
    spec().prop_filter_map("an invalid policy", |spec| {
        let policy = spec.build()?;
        Some((spec, &*Box::leak(Box::new(policy))))
    })
}

/// The methods that a handler is registered for. A single method has to be in `methods`.
pub(crate) fn registered() -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(METHODS, 2..=METHODS.len())
}

/// A fetch of a page.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub(crate) page: &'static str,
    pub(crate) server: &'static str,
    pub(crate) method: &'static str,
    pub(crate) headers: Vec<&'static str>,
    pub(crate) credentials: Credentials,
    /// The time since the fetch before, in seconds.
    pub(crate) seconds: u64,
}

/// Fetches of one page, one after the other.
pub(crate) fn visits() -> impl Strategy<Value = Vec<Visit>> {
    let servers = subsequence(SERVERS, 2);
    let visit = |page: &'static str, servers: Vec<&'static str>| {
        let headers = prop_oneof![
            2 => Just(Vec::new()),
            2 => select(HEADERS).prop_map(|name| vec![name]),
            1 => some(HEADERS, 3),
        ];
        let credentials = [
            Credentials::Omit,
            Credentials::SameOrigin,
            Credentials::Include,
        ];
        let seconds = select(&[0, 0, 1, 10][..]);
        let fetch = (
            select(METHODS),
            headers,
            select(credentials.to_vec()),
            seconds,
        );
        (select(servers), fetch).prop_map(move |(server, fetch)| {
            let (method, headers, credentials, seconds) = fetch;
            Visit {
                page,
                server,
                method,
                headers,
                credentials,
                seconds,
            }
        })
    };
    let fetches = move |(page, servers): (_, Vec<_>)| vec(visit(page, servers), 1..8);
    (select(PAGES), servers).prop_flat_map(fetches)
}
