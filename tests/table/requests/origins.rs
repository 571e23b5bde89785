//! Origins in every shape, each with a GET and with a preflight.

use super::{APP, Row, STRANGER, named, row};
use crate::expected::{permission, readable, refusal, unreadable};
use crate::request::{PlainRequest, preflight, request};
use crate::services::Service::{self, Listed, Open, Pattern};

/// DESIGN, section 3: "Host ... over 253" is refused, a scheme of more than 64 as well, and a port
/// has five digits.
const LONGEST_HOST: usize = 253;
const LONGEST_SCHEME: usize = 64;

/// What it is, the lines, and who allows it besides `*`.
type Origin = (&'static str, Vec<Vec<u8>>, &'static [Service]);

pub(super) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for service in [Listed, Pattern, Open] {
        for (what, lines, allowed_by) in ordinary().into_iter().chain(odd()).chain(long()) {
            let from = |asked: PlainRequest| lines.iter().fold(asked, PlainRequest::from);
            let allowed = service == Open || allowed_by.contains(&service);
            let origin = String::from_utf8_lossy(&lines[0]);
            let (run, asked) = if allowed {
                (readable(service, &origin), permission(service, &origin))
            } else {
                (unreadable(), refusal())
            };
            let get = from(request(service, "GET"));
            rows.push(row(named(service, &format!("GET, {what}")), get, run));
            let name = named(service, &format!("preflight, {what}"));
            rows.push(row(name, from(preflight(service, "POST")), asked));
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

/// What browsers send.
fn ordinary() -> Vec<Origin> {
    vec![
        ("a listed origin", one(APP), &[Listed, Pattern]),
        (
            "the other listed one",
            one("https://admin.example.org"),
            &[Listed],
        ),
        ("a stranger", one(STRANGER), &[]),
        ("null", one("null"), &[]),
        (
            "labels in front",
            one("https://a.b.example.com"),
            &[Pattern],
        ),
        (
            "an underscore and a hyphen",
            one("https://a_b-c.example.com"),
            &[Pattern],
        ),
        ("the base of a pattern", one("https://example.com"), &[]),
        ("the base as an end", one("https://evilexample.com"), &[]),
        (
            "an allowed host in front",
            one("https://app.example.com.evil.com"),
            &[],
        ),
        ("another scheme", one("http://app.example.com"), &[]),
        ("another port", one("https://app.example.com:8443"), &[]),
        ("a trailing dot", one("https://app.example.com."), &[]),
        ("any port", one("http://localhost:3000"), &[Pattern]),
        ("no port for any", one("http://localhost"), &[Pattern]),
    ]
}

/// What no browser sends.
fn odd() -> Vec<Origin> {
    vec![
        ("empty Origin", one(""), &[]),
        ("the same Origin twice", two(APP, APP), &[]),
        ("two Origins, allowed first", two(APP, STRANGER), &[]),
        ("two Origins, allowed last", two(STRANGER, APP), &[]),
        (
            "two origins in a line",
            one("https://app.example.com, https://app.example.com"),
            &[],
        ),
        (
            "bytes that are no text",
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
        ("a port that is none", one("http://localhost:80a"), &[]),
        ("a port too high", one("http://localhost:65536"), &[]),
        ("a port with a zero", one("http://localhost:03000"), &[]),
    ]
}

/// At the bounds of length.
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

/// Below `example.com`, of labels that are short enough.
fn host_of(len: usize) -> String {
    let end = ".example.com";
    let front = "a.".repeat(len);
    let front = &front[..len - end.len()];
    // Whichever it is cut at: no label is empty.
    format!("{}a{end}", &front[..front.len() - 1])
}
