//! Requests that are not preflights.

use super::{APP, Row, STRANGER, named, row};
use crate::answer::Answer;
use crate::expected::{readable, unreadable, without_cors};
use crate::request::{ACRH, ACRM, PlainRequest, request};
use crate::services::STATUS;
use crate::services::Service::{self, Listed, Open, Pattern, Token, Wild};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = classes();
    rows.extend(wildcard_origins());
    rows.extend(errors());
    rows.extend(vary_of_the_handler());
    rows.extend(headers_of_the_handler());
    rows
}

fn get(service: Service) -> PlainRequest {
    request(service, "GET")
}

/// Preflights, and requests that are similar to preflights.
fn classes() -> Vec<Row> {
    let of = |service, what: &str, sent: PlainRequest, expected| {
        row(named(service, what), sent, expected)
    };
    let listed = || readable(Listed, APP);
    let not_allowed = readable(Pattern, APP).status(405).without_handler();
    vec![
        of(Listed, "GET without Origin", get(Listed), unreadable()),
        of(Pattern, "GET without Origin", get(Pattern), unreadable()),
        of(Listed, "PUT", request(Listed, "PUT").from(APP), listed()),
        of(Listed, "POST", request(Listed, "POST").from(APP), listed()),
        of(Listed, "HEAD", request(Listed, "HEAD").from(APP), listed()),
        of(
            Listed,
            "PUT from another origin",
            request(Listed, "PUT").from(STRANGER),
            unreadable(),
        ),
        of(
            Listed,
            "OPTIONS without a requested method",
            request(Listed, "OPTIONS").from(APP),
            listed(),
        ),
        of(
            Listed,
            "OPTIONS with requested headers only",
            request(Listed, "OPTIONS").from(APP).line(ACRH, "x-token"),
            listed(),
        ),
        of(
            Listed,
            "OPTIONS with a requested method, without Origin",
            request(Listed, "OPTIONS").line(ACRM, "PUT"),
            unreadable(),
        ),
        of(
            Listed,
            "POST with a requested method",
            request(Listed, "POST").from(APP).line(ACRM, "PUT"),
            listed(),
        ),
        of(
            Pattern,
            "OPTIONS that is not served",
            request(Pattern, "OPTIONS").from(APP),
            not_allowed,
        ),
    ]
}

/// With `origins = "*"`, every response has the same headers, with or without `Origin`, and no
/// `Vary`.
fn wildcard_origins() -> Vec<Row> {
    let mut rows = Vec::new();
    for service in [Open, Wild, Token] {
        let answer = || readable(service, "*");
        rows.extend([
            row(named(service, "GET without Origin"), get(service), answer()),
            row(named(service, "GET"), get(service).from(APP), answer()),
            row(
                named(service, "HEAD without Origin"),
                request(service, "HEAD"),
                answer(),
            ),
            row(
                named(service, "an error without Origin"),
                get(service).line(STATUS, "500"),
                answer().status(500),
            ),
            row(
                named(service, "OPTIONS that is not served, without Origin"),
                request(service, "OPTIONS"),
                answer().status(405).without_handler(),
            ),
        ]);
    }
    rows
}

/// Error responses are readable.
fn errors() -> Vec<Row> {
    let mut rows = Vec::new();
    let answers: [(&str, PlainRequest, Answer); 4] = [
        ("", get(Listed).from(APP), readable(Listed, APP)),
        (
            " from another origin",
            get(Listed).from(STRANGER),
            unreadable(),
        ),
        (" without Origin", get(Listed), unreadable()),
        (" for any origin", get(Open), readable(Open, "*")),
    ];
    for (origin_of, sent, answer) in answers {
        for (status, line) in [(500, "500"), (404, "404"), (401, "401"), (304, "304")] {
            rows.push(row(
                format!("a {status}{origin_of}"),
                sent.clone().line(STATUS, line),
                answer.clone().status(status),
            ));
        }
        // The extractor expects a number.
        let path = match sent.service {
            Open => "/open?number=none",
            _ => "/listed?number=none",
        };
        rows.push(row(
            format!("a rejection{origin_of}"),
            sent.clone().at(path),
            answer.clone().status(400).without_handler(),
        ));
        rows.push(row(
            format!("a 405{origin_of}"),
            PlainRequest {
                method: "DELETE",
                ..sent
            },
            answer.status(405).without_handler(),
        ));
    }
    let nowhere = get(Listed).at("/nowhere").from(APP);
    rows.push(row("/nowhere: GET", nowhere, without_cors(404)));
    rows
}

/// `Vary` is a list, and `*` covers every field name (RFC 9110, section 12.5.5).
fn vary_of_the_handler() -> Vec<Row> {
    let mut rows = Vec::new();
    for (own, with_ours) in [
        ("Accept-Encoding", &["accept-encoding", "origin"][..]),
        (
            "Accept-Encoding, Cookie",
            &["accept-encoding", "cookie", "origin"],
        ),
        ("X-Origin", &["origin", "x-origin"]),
        ("oRIGIN", &["origin"]),
        ("Accept, ORIGIN", &["accept", "origin"]),
        ("*", &["*"]),
    ] {
        let with_vary = |sent: PlainRequest| sent.line("x-set-vary", own);
        let sent = with_vary(get(Listed));
        let unreadable = || unreadable().vary(with_ours);
        let (allowed, stranger) = (sent.clone().from(APP), sent.clone().from(STRANGER));
        let open = own.to_ascii_lowercase();
        let open: Vec<_> = open.split(", ").collect();
        rows.extend([
            row(
                format!("Vary: {own}"),
                allowed,
                readable(Listed, APP).vary(with_ours),
            ),
            row(
                format!("Vary: {own} for another origin"),
                stranger,
                unreadable(),
            ),
            row(format!("Vary: {own} without Origin"), sent, unreadable()),
            row(
                format!("Vary: {own} for any origin"),
                with_vary(get(Open)).from(APP),
                readable(Open, APP).vary(&open),
            ),
        ]);
    }
    rows
}

/// The CORS headers of a handler are replaced for an allowed origin, and removed for other origins.
fn headers_of_the_handler() -> Vec<Row> {
    let set = |sent: PlainRequest| {
        sent.line("x-set-access-control-allow-origin", "https://other.example")
            .line("x-set-access-control-allow-credentials", "true")
            .line("x-set-access-control-expose-headers", "x-secret")
    };
    let more = |sent| set(sent).line("x-set-access-control-allow-methods", "DELETE");
    let twice = set(set(get(Listed)).from(APP));
    vec![
        row(
            "own headers",
            set(get(Listed)).from(APP),
            readable(Listed, APP),
        ),
        row("own headers twice", twice, readable(Listed, APP)),
        row(
            "own headers for a policy with fewer keys",
            set(get(Pattern)).from(APP),
            readable(Pattern, APP),
        ),
        row(
            "own headers for any origin",
            set(get(Open)),
            readable(Open, "*"),
        ),
        row(
            "own headers for another origin",
            more(get(Listed)).from(STRANGER),
            unreadable(),
        ),
        row(
            "own headers without Origin",
            more(get(Listed)),
            unreadable(),
        ),
        row(
            "own headers on an error",
            more(get(Listed)).from(STRANGER).line(STATUS, "500"),
            unreadable().status(500),
        ),
    ]
}
