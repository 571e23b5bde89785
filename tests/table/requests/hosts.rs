//! Requests for several hosts, under a policy with `hosts`.

use super::{APP, Row, STRANGER, named, row};
use crate::expected::{allowed_preflight, enforced, readable, refused_preflight, unreadable};
use crate::request::{PlainRequest, preflight, request};
use crate::services::Service::Guarded;

const HOST: &str = "host";

const LISTED: [&str; 11] = [
    "api.example.com",
    "API.Example.com",
    "api.example.com:80",
    "api.example.com:443",
    "eu.api.example.com:8443",
    "a.b.api.example.com:8443",
    "localhost",
    "localhost:80",
    "localhost:65535",
    "LOCALHOST:3000",
    "[::1]:3000",
];

const NOT_LISTED: [&str; 21] = [
    "",
    "rebound.example",
    "rebound.example:3000",
    "example.com",
    "api.example.com.",
    "api.example.com:8080",
    "api.example.com:",
    "api.example.com:080",
    "api.example.com.rebound.example",
    "user@api.example.com",
    "api.example.com/",
    "api.example.com:8443",
    ".api.example.com:8443",
    "a..api.example.com:8443",
    "rebound.example/.api.example.com:8443",
    "eu.api.example.com",
    "evilapi.example.com:8443",
    "localhost.rebound.example:3000",
    "[::1]",
    "[::1]:3001",
    "[0:0:0:0:0:0:0:1]:3000",
];

/// Values that are not a host with a port.
const MALFORMED: [&str; 5] = [
    "api.example.com:+80",
    "api.example.com:80:80",
    "api.example.com, rebound.example",
    "localhost:70000",
    "localhost:*",
];

pub(super) fn rows() -> Vec<Row> {
    let mut rows = listed();
    rows.extend(not_listed());
    rows.extend(malformed());
    rows.extend(not_one());
    rows.extend(absolute());
    rows
}

fn get(host: &str) -> PlainRequest {
    request(Guarded, "GET").line(HOST, host)
}

fn listed() -> Vec<Row> {
    let rows = LISTED.into_iter().flat_map(|host| {
        let name = |what: &str| named(Guarded, &format!("{what} at `{host}`"));
        let get_preflight = preflight(Guarded, "GET").from(APP).line(HOST, host);
        [
            row(name("GET"), get(host), unreadable()),
            row(
                name("GET from an allowed origin"),
                get(host).from(APP),
                readable(Guarded, APP),
            ),
            row(
                name("GET from another origin"),
                get(host).from(STRANGER),
                enforced(),
            ),
            row(
                name("preflight"),
                get_preflight,
                allowed_preflight(Guarded, APP),
            ),
        ]
    });
    rows.collect()
}

fn not_listed() -> Vec<Row> {
    let rows = NOT_LISTED.into_iter().flat_map(|host| {
        let name = |what: &str| named(Guarded, &format!("{what} at `{host}`"));
        let same_origin = get(host)
            .from(format!("http://{host}"))
            .line("sec-fetch-site", "same-origin");
        let get_preflight = preflight(Guarded, "GET").from(APP).line(HOST, host);
        [
            row(name("GET"), get(host), enforced()),
            row(
                name("GET from an allowed origin"),
                get(host).from(APP),
                enforced(),
            ),
            row(name("same-origin GET"), same_origin, enforced()),
            row(name("preflight"), get_preflight, refused_preflight()),
        ]
    });
    rows.collect()
}

fn malformed() -> Vec<Row> {
    let rows = MALFORMED.map(|host| {
        let name = named(Guarded, &format!("malformed host `{host}`"));
        row(name, get(host), enforced())
    });
    rows.into()
}

fn not_one() -> Vec<Row> {
    let name = |what| named(Guarded, what);
    let two = |first, second| get(first).line(HOST, second);
    vec![
        row(
            name("GET without a host"),
            request(Guarded, "GET"),
            enforced(),
        ),
        row(
            name("GET from an allowed origin without a host"),
            request(Guarded, "GET").from(APP),
            enforced(),
        ),
        row(
            name("preflight without a host"),
            preflight(Guarded, "GET").from(APP),
            refused_preflight(),
        ),
        row(name("two hosts"), two("localhost", "localhost"), enforced()),
        row(
            name("the second host is not listed"),
            two("localhost", "rebound.example"),
            enforced(),
        ),
        row(
            name("a host that is not text"),
            get("").line(HOST, b"\xff"),
            enforced(),
        ),
    ]
}

/// Requests with an absolute URI as their target, as sent to a proxy or in HTTP/2.
fn absolute() -> Vec<Row> {
    let name = |what| named(Guarded, what);
    let at = |uri| request(Guarded, "GET").at(uri);
    let listed = "http://localhost:3000/guarded";
    let other = "http://rebound.example/guarded";
    let with_user = "http://user@localhost/guarded";
    vec![
        row(name("authority"), at(listed), unreadable()),
        row(name("authority with a user"), at(with_user), enforced()),
        row(name("other authority"), at(other), enforced()),
        row(
            name("authority and host"),
            at(listed).line(HOST, "localhost:3000"),
            unreadable(),
        ),
        row(
            name("authority and other host"),
            at(listed).line(HOST, "rebound.example"),
            enforced(),
        ),
        row(
            name("other authority and host"),
            at(other).line(HOST, "localhost:3000"),
            enforced(),
        ),
    ]
}
