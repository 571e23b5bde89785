//! Tests the `Origin` header in every form, and the classification of requests.

use http::StatusCode;

use super::service::*;

#[test]
fn origins_of_a_pattern_are_repeated() {
    for origin in [
        "https://a.example.dev",
        "https://a.b.example.dev",
        "http://localhost:3000",
    ] {
        for response in [
            preflight(listed, origin, "PUT", &[]),
            actual(listed, origin),
        ] {
            assert_eq!(value(response.headers(), ACAO), Some(origin));
            assert_eq!(value(response.headers(), ACAC), Some("true"));
        }
    }
}

#[test]
fn an_origin_of_arbitrary_bytes_is_denied() {
    let longest = format!("https://{}.example.dev", "a".repeat(326 - 20));
    assert_eq!(longest.len(), 326);
    let longer = format!("{longest}a");
    for origin in [
        &b"https://\xff.example.dev"[..],
        b"\x80",
        b"",
        longest.as_bytes(),
        longer.as_bytes(),
    ] {
        let sent = [(ORIGIN, origin), (ACRM, &b"PUT"[..])];
        assert_refused(&send(listed, "OPTIONS", &sent));
        let response = send(listed, "GET", &sent);
        assert_eq!((RUNS.get(), cors_headers(response.headers())), (1, vec![]));
    }
}

#[test]
fn the_longest_host_is_allowed_and_a_longer_host_is_denied() {
    let origin = |len: usize| {
        let end = ".example.dev";
        let front = "a.".repeat(len / 2) + "a";
        format!("https://{}{end}", &front[..len - end.len()])
    };
    let allowed = |origin: &str| value(actual(listed, origin).headers(), ACAO).is_some();
    assert!(allowed(&origin(253)));
    assert!(!allowed(&origin(255)));
}

#[test]
fn two_origins_are_denied() {
    let twice = [
        (ORIGIN, APP.as_bytes()),
        (ORIGIN, APP.as_bytes()),
        (ACRM, b"GET"),
    ];
    assert_refused(&send(bare, "OPTIONS", &twice));
    let response = send(bare, "GET", &twice);
    assert_eq!((RUNS.get(), cors_headers(response.headers())), (1, vec![]));
}

#[test]
fn only_options_with_origin_and_requested_method_is_a_preflight() {
    let origin = (ORIGIN, APP.as_bytes());
    let method = (ACRM, &b"PUT"[..]);
    for (verb, sent) in [
        ("OPTIONS", vec![origin]),
        ("OPTIONS", vec![method]),
        ("OPTIONS", vec![]),
        ("POST", vec![origin, method]),
    ] {
        let response = send(bare, verb, &sent);
        assert_eq!(
            (RUNS.get(), response.status()),
            (1, StatusCode::OK),
            "{verb} {sent:?}"
        );
        let allowed = sent.contains(&origin).then_some(APP);
        assert_eq!(value(response.headers(), ACAO), allowed);
        assert_eq!(value(response.headers(), "vary"), Some("Origin"));
    }
    assert_refused(&preflight(bare, APP, "", &[]));
    assert_refused(&preflight(bare, "", "GET", &[]));
}

#[test]
fn exact_origins_are_not_copied_from_the_request() {
    let mark = "zzmarkzz";
    let origin = format!("https://{mark}.example");
    let header = format!("x-{mark}");
    for origin in [APP, &origin] {
        for (method, headers) in [(mark, ""), ("GET", header.as_str()), ("GET", "")] {
            let refused = preflight(bare, origin, method, &[headers]);
            let run = actual(bare, origin);
            for (name, value) in refused.headers().iter().chain(run.headers()) {
                let value = String::from_utf8_lossy(value.as_bytes());
                assert!(!value.contains(mark), "{name}: {value}");
            }
        }
    }
}
