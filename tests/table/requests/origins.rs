//! Origins in every form, each in a GET and in a preflight.

use super::{APP, Row, STRANGER, named, row};
use crate::expected::{allowed_preflight, readable, refused_preflight, unreadable};
use crate::request::{PlainRequest, preflight, request};
use crate::services::Service::{self, Listed, Open, Pattern};

/// The longest valid origin has a scheme of 64 bytes, a host of 253 bytes, and a port of 5 digits.
const LONGEST_HOST: usize = 253;
const LONGEST_SCHEME: usize = 64;

/// The description, the lines, and the services other than those with `*` that allow the origin.
type Origin = (&'static str, Vec<Vec<u8>>, &'static [Service]);

pub(super) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for service in [Listed, Pattern, Open] {
        for (what, lines, allowed_by) in ordinary().into_iter().chain(odd()).chain(long()) {
            let from = |sent: PlainRequest| lines.iter().fold(sent, PlainRequest::from);
            let allowed = service == Open || allowed_by.contains(&service);
            let origin = String::from_utf8_lossy(&lines[0]);
            let (response, preflight_response) = if allowed {
                (
                    readable(service, &origin),
                    allowed_preflight(service, &origin),
                )
            } else {
                (unreadable(), refused_preflight())
            };
            let get = from(request(service, "GET"));
            rows.push(row(named(service, &format!("GET, {what}")), get, response));
            let name = named(service, &format!("preflight, {what}"));
            rows.push(row(
                name,
                from(preflight(service, "POST")),
                preflight_response,
            ));
        }
    }
    rows
}

fn one(origin: impl AsRef<[u8]>) -> Vec<Vec<u8>> {
    vec![origin.as_ref().to_vec()]
}

fn two(first: &str, second: &str) -> Vec<Vec<u8>> {
    vec![first.into(), second.into()]
}

/// Origins that browsers send.
fn ordinary() -> Vec<Origin> {
    vec![
        ("a listed origin", one(APP), &[Listed, Pattern]),
        (
            "the other listed origin",
            one("https://admin.example.org"),
            &[Listed],
        ),
        ("another origin", one(STRANGER), &[]),
        ("null", one("null"), &[]),
        (
            "a subdomain of two labels",
            one("https://a.b.example.com"),
            &[Pattern],
        ),
        (
            "an underscore and a hyphen",
            one("https://a_b-c.example.com"),
            &[Pattern],
        ),
        ("the base of a pattern", one("https://example.com"), &[]),
        (
            "a host that ends with the base",
            one("https://evilexample.com"),
            &[],
        ),
        (
            "a host that starts with an allowed host",
            one("https://app.example.com.evil.com"),
            &[],
        ),
        ("another scheme", one("http://app.example.com"), &[]),
        ("another port", one("https://app.example.com:8443"), &[]),
        ("a trailing dot", one("https://app.example.com."), &[]),
        ("a port for `:*`", one("http://localhost:3000"), &[Pattern]),
        ("no port for `:*`", one("http://localhost"), &[Pattern]),
    ]
}

/// Origins that browsers do not send.
fn odd() -> Vec<Origin> {
    vec![
        ("empty Origin", one(""), &[]),
        ("the same Origin twice", two(APP, APP), &[]),
        ("two Origins, allowed first", two(APP, STRANGER), &[]),
        ("two Origins, allowed last", two(STRANGER, APP), &[]),
        (
            "two origins in one line",
            one("https://app.example.com, https://app.example.com"),
            &[],
        ),
        (
            "bytes that are not text",
            one(b"https://\xff.example.com"),
            &[],
        ),
        ("non-ASCII", one("https://ä.example.com"), &[]),
        ("upper case", one("https://APP.example.com"), &[]),
        (
            "a scheme in upper case",
            one("HTTPS://app.example.com"),
            &[],
        ),
        ("a trailing slash", one("https://app.example.com/"), &[]),
        ("a path", one("https://evil.com/.example.com"), &[]),
        ("a query", one("https://evil.com?.example.com"), &[]),
        ("a fragment", one("https://evil.com#.example.com"), &[]),
        ("a backslash", one(r"https://evil.com\.example.com"), &[]),
        ("a user", one("https://evil.com@app.example.com"), &[]),
        (
            "white space inside",
            one("https://evil.com .example.com"),
            &[],
        ),
        ("a tab inside", one("https://evil.com\t.example.com"), &[]),
        ("an empty label", one("https://.example.com"), &[]),
        ("a pattern as an origin", one("https://*.example.com"), &[]),
        ("an asterisk", one("*"), &[]),
        ("no scheme", one("app.example.com"), &[]),
        ("the default port", one("https://app.example.com:443"), &[]),
        ("an empty port", one("http://localhost:"), &[]),
        (
            "a port that is not a number",
            one("http://localhost:80a"),
            &[],
        ),
        ("a port above 65535", one("http://localhost:65536"), &[]),
        (
            "a port with a leading zero",
            one("http://localhost:03000"),
            &[],
        ),
    ]
}

/// Origins at the limits of length.
fn long() -> Vec<Origin> {
    let https = |host| format!("https://{}", host_of(host));
    let scheme = "a".repeat(LONGEST_SCHEME);
    let longest = |host| format!("{scheme}://{}:65535", host_of(host));
    let (longest_of_all, longer) = (longest(LONGEST_HOST), longest(LONGEST_HOST + 1));
    assert_eq!((longest_of_all.len(), longer.len()), (326, 327));
    vec![
        ("the longest host", one(https(LONGEST_HOST)), &[Pattern]),
        ("a longer host", one(https(LONGEST_HOST + 1)), &[]),
        ("326 bytes", one(longest_of_all), &[Pattern]),
        ("327 bytes", one(longer), &[]),
        ("326 bytes of https", one(https(326 - 8)), &[]),
        ("327 bytes of https", one(https(327 - 8)), &[]),
        ("64 kilobytes", one(https(64 * 1024)), &[]),
    ]
}

/// Returns a host below `example.com` with the given length.
fn host_of(len: usize) -> String {
    let end = ".example.com";
    let front = "a.".repeat(len);
    let front = &front[..len - end.len()];
    // The replaced character can be a dot, and a label must not be empty.
    format!("{}a{end}", &front[..front.len() - 1])
}
