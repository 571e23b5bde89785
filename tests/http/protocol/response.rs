//! Tests the responses to requests that are not preflights.

use super::service::*;

#[test]
fn a_wildcard_policy_sets_headers_on_every_response() {
    let twice = [(ORIGIN, &b"\xff"[..]), (ORIGIN, &b""[..])];
    for (method, sent) in [
        ("GET", &[][..]),
        ("GET", &twice),
        ("OPTIONS", &[]),
        ("POST", &twice[..1]),
    ] {
        let response = send(any, method, sent);
        assert_eq!(RUNS.get(), 1);
        assert_eq!(value(response.headers(), ACAO), Some("*"));
        assert_eq!(value(response.headers(), ACEH), Some("*"));
        assert_eq!(value(response.headers(), "vary"), None);
    }
}

#[test]
fn a_response_has_origin_credentials_and_exposed_headers() {
    let response = actual(listed, APP);
    assert_eq!(value(response.headers(), ACAO), Some(APP));
    assert_eq!(value(response.headers(), ACAC), Some("true"));
    assert_eq!(value(response.headers(), ACEH), Some("etag, X-Total"));
    assert_eq!(value(response.headers(), "vary"), Some("Origin"));
    assert_eq!(response.body(), "work");
    let response = actual(bare, APP);
    assert_eq!(cors_headers(response.headers()), [ACAO]);
}

#[test]
fn cors_headers_of_the_handler_are_replaced() {
    let own = [
        (
            "x-set-access-control-allow-origin",
            &b"https://other.example"[..],
        ),
        ("x-set-access-control-allow-credentials", b"true"),
        ("x-set-access-control-expose-headers", b"secret"),
    ];
    let origin = (ORIGIN, APP.as_bytes());
    let response = send(bare, "GET", &[&[origin][..], &own].concat());
    assert_eq!(cors_headers(response.headers()), [ACAO]);
    assert_eq!(value(response.headers(), ACAO), Some(APP));
    let response = send(any, "GET", &[&[origin][..], &own].concat());
    assert_eq!(value(response.headers(), ACAO), Some("*"));
    assert_eq!(value(response.headers(), ACAC), None);
    // The headers are removed for a denied origin, and for a request without an origin.
    let evil = (ORIGIN, &b"https://evil.example"[..]);
    let more = ("x-set-access-control-allow-methods", &b"PUT"[..]);
    for sent in [vec![evil, more], vec![more]] {
        let response = send(bare, "GET", &[&sent[..], &own].concat());
        assert_eq!(cors_headers(response.headers()), [""; 0]);
    }
}

#[test]
fn vary_is_merged_by_token() {
    let origin = (ORIGIN, APP.as_bytes());
    for (own, merged) in [
        (&["Accept"][..], &["Accept, Origin"][..]),
        // Several lines become one line, because adapters for Lambda only keep one line of a
        // header.
        (&["Accept", "Cookie"], &["Accept, Cookie, Origin"]),
        (&["accept, ORIGIN"], &["accept, ORIGIN"]),
        (&["Accept", "origin"], &["Accept", "origin"]),
        (&["*"], &["*"]),
        (
            &["Accept-Encoding, Original"],
            &["Accept-Encoding, Original, Origin"],
        ),
    ] {
        let mut sent = vec![origin];
        sent.extend(own.iter().map(|line| ("x-set-vary", line.as_bytes())));
        let response = send(bare, "GET", &sent);
        let lines: Vec<_> = response.headers().get_all("vary").iter().collect();
        assert_eq!(lines, merged);
    }
}

#[test]
fn a_response_without_an_origin_only_has_vary() {
    let response = send(listed, "GET", &[]);
    assert_eq!((RUNS.get(), cors_headers(response.headers())), (1, vec![]));
    assert_eq!(value(response.headers(), "vary"), Some("Origin"));
}
