//! Generates strings and policies that are almost valid, and often are.

use cors_rules::{OriginEntry, PolicySpec, Rule, UnusedAllow};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// Parts of origins, and common mistakes.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "http", "https", "tauri", "ftp", "ws", "wss", "file", "null", "chrome-extension", "HTTP",
    "://", ":", "//", "/", "\\", "?", "#", "@", "%", "%2e", "*", "*.", ".", "..", "-", "--",
    "_", "[", "]", "+", ",",
    "localhost", "example", "com", "co.uk", "github.io", "a", "1", "0", "x",
    "127.0.0.1", "127.1", "0x7f", "0x7f000001", "0177", "255", "256", "4294967296",
    "1.2.3.4.", "00",
    "::", "::1", "2001:db8", "fe80::1%eth0", "::ffff:1.2.3.4", "1:2:3:4:5:6:7:8", "0:0", "ABCD",
    "80", "443", "8080", "65535", "65536", "080", "-1", "+1",
    "xn--", "xn--rsum-bpad", "xn--a", "xn--f", "XN--", "é", "ß", "İ", "。",
    "\u{200d}", " ", "\t", "\n", "\0", "\u{ad}",
];

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => select(PIECES).prop_map(str::to_owned),
        2 => "[a-z0-9-]{1,6}",
        1 => "[0-9a-f:.]{1,12}",
        1 => any::<char>().prop_map(String::from),
    ]
}

fn label() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-z_][a-z0-9_-]{0,6}",
        2 => "[0-9a-z]{1,4}",
        1 => "[0-9x-]{1,4}",
        1 => "[!-~]{1,4}",
        1 => "(0x)?[0-9a-f]{0,9}",
        1 => select(&["localhost", "com", "co", "uk", "github", "io", "a", "b"][..])
            .prop_map(str::to_owned),
        1 => "[a-z0-9-]{58,66}",
        1 => "xn--[a-z0-9]{0,6}",
    ]
}

fn host() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => vec(label(), 1..5).prop_map(|labels| labels.join(".")),
        1 => vec(label(), 1..9).prop_map(|labels| labels.join(".") + "."),
        2 => any::<std::net::Ipv4Addr>().prop_map(|it| it.to_string()),
        2 => any::<std::net::Ipv6Addr>().prop_map(|it| format!("[{it}]")),
        1 => vec(select(&[0u16, 0, 0, 1, 0x7f00, 0xffff][..]), 8).prop_map(|parts| {
            let parts: [u16; 8] = parts.try_into().expect("eight");
            format!("[{}]", std::net::Ipv6Addr::from(parts))
        }),
    ]
}

fn scheme() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => Just("https".to_owned()),
        3 => Just("http".to_owned()),
        1 => "[a-z][a-z0-9+.-]{0,8}",
        1 => select(&["moz-extension", "vscode-webview", "app"][..]).prop_map(str::to_owned),
    ]
}

fn port() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => Just(String::new()),
        3 => any::<u16>().prop_map(|port| format!(":{port}")),
        1 => select(&[":80", ":443", ":0", ":08", ":65536", ":"][..]).prop_map(str::to_owned),
    ]
}

/// Generates strings that look like an origin, and often are.
pub(crate) fn almost_origin() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => (scheme(), host(), port())
            .prop_map(|(scheme, host, port)| format!("{scheme}://{host}{port}")),
        2 => vec(piece(), 0..9).prop_map(|pieces| pieces.concat()),
        1 => vec(piece(), 0..7).prop_map(|pieces| format!("https://{}", pieces.concat())),
        1 => ".{0,40}",
    ]
}

/// Generates strings that look like an entry of `origins`, and often are.
pub(crate) fn almost_entry() -> impl Strategy<Value = String> {
    let port = prop_oneof![2 => port(), 1 => Just(":*".to_owned())];
    let labels = select(&["", "", "*.", "*.", "*", "**."][..]);
    prop_oneof![
        3 => (scheme(), labels, host(), port)
            .prop_map(|(scheme, labels, host, port)| format!("{scheme}://{labels}{host}{port}")),
        1 => almost_origin(),
    ]
}

/// Uses few names, so that patterns and origins often match.
pub(crate) fn near_pattern() -> impl Strategy<Value = String> {
    let scheme = select(&["https", "http"][..]);
    let labels = select(&["", "*."][..]);
    let host = select(&["x", "a.x", "b.a.x", "ax", "y", "a.y", "x."][..]);
    let port = select(&["", ":1", ":2", ":*"][..]);
    (scheme, labels, host, port)
        .prop_map(|(scheme, labels, host, port)| format!("{scheme}://{labels}{host}{port}"))
}

pub(crate) fn near_origin() -> impl Strategy<Value = String> {
    let scheme = select(&["https", "http"][..]);
    let host = select(
        &[
            "x", "a.x", "b.x", "a.a.x", "c.b.a.x", "ax", "aax", "y", "b.a.y", "a.x.",
        ][..],
    );
    let port = select(&["", ":1", ":2", ":3"][..]);
    (scheme, host, port).prop_map(|(scheme, host, port)| format!("{scheme}://{host}{port}"))
}

/// Generates strings that look like a regex for origins, and sometimes are valid.
pub(crate) fn almost_regex() -> impl Strategy<Value = String> {
    #[rustfmt::skip]
    let pieces = select(&[
        "https", "http", "s?", "://", ":\\/\\/", "(", "(?:", ")", ")?", "|", "?", "*", "+", "{1,3}",
        "^", "$", "\\A", "\\z",
        "[a-z]+", "[a-z0-9-]+", "[0-9]+", "\\d", "\\w+", ".", ".*", "[^/]+", "(?i)", "(?u)",
        "(?m)", "(?x)", "(?s)", "#", "\n",
        "\\.", "\\.example\\.com", "example", "com", "localhost", "\\.co\\.uk", "\\.github\\.io",
        "evil\\.org", "a", ":",
        ":8080", ":[0-9]+", "(:[0-9]+)?", ":*", "\\b", "\\", "[", "]", "é",
        "\\x{e9}", "\\xff", "\\pL",
    ][..]).prop_map(str::to_owned);
    let host = vec(pieces.clone(), 0..5).prop_map(|pieces| pieces.concat());
    let end = select(
        &[
            "",
            "\\.example\\.com",
            "\\.example\\.com$",
            "example\\.com(:[0-9]+)?",
            "\\.localhost",
            "\\.co\\.uk",
        ][..],
    );
    prop_oneof![
        6 => (host, end).prop_map(|(host, end)| format!("https://{host}{end}")),
        2 => vec(pieces, 0..8).prop_map(|pieces| pieces.concat()),
        1 => ".{0,20}",
    ]
}

fn almost_name() -> impl Strategy<Value = String> {
    #[rustfmt::skip]
    let names = select(&[
        "*", "GET", "get", "patch", "PUT", "TRACE", "OPTIONS", "content-type", "Content-Type",
        "authorization", "cookie",
        "set-cookie", "x-a", "X-A", "access-control-allow-private-network",
        "Access-Control-Max-Age", "sec-x", "proxy-", "", "é",
    ][..]);
    prop_oneof![4 => names.prop_map(str::to_owned), 1 => "[!-~]{1,12}", 1 => ".{0,8}"]
}

/// Generates strings that look like an entry of `hosts`, and often are valid.
pub(crate) fn almost_host() -> impl Strategy<Value = String> {
    let without_scheme = |entry: String| match entry.split_once("://") {
        Some((_, rest)) => rest.to_owned(),
        None => entry,
    };
    prop_oneof![
        6 => near_pattern().prop_map(without_scheme),
        1 => almost_entry(),
        1 => Just("*".to_owned()),
    ]
}

pub(crate) fn almost_policy() -> impl Strategy<Value = PolicySpec> {
    let origin = prop_oneof![
        4 => near_pattern().prop_map(OriginEntry::Origin),
        2 => almost_entry().prop_map(OriginEntry::Origin),
        1 => Just("*".into()),
        2 => almost_regex().prop_map(OriginEntry::Regex),
    ];
    let lists = (
        vec(origin, 0..5),
        option::of(vec(almost_name(), 0..5)),
        vec(almost_name(), 0..5),
        vec(almost_name(), 0..5),
        vec(select(Rule::ALL), 0..3),
        option::of(vec(almost_host(), 0..5)),
    );
    (lists, any::<[bool; 4]>(), option::of(any::<u64>())).prop_map(
        |((origins, methods, headers, expose, allow, hosts), flags, max_age)| {
            let [credentials, enforce, json_body, asks] = flags;
            PolicySpec {
                origins,
                sources: usize::from(asks),
                methods,
                headers,
                expose,
                credentials,
                max_age,
                enforce,
                hosts,
                json_body,
                allow,
                unused_allow: UnusedAllow::Rejected,
            }
        },
    )
}
