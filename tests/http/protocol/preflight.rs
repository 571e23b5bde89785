//! Tests the responses to preflights.

use http::Response;

use super::service::*;

#[test]
fn an_allowed_preflight_response_has_the_whole_policy() {
    for (method, headers) in [
        ("PUT", &["content-type"][..]),
        ("PROPFIND", &[]),
        ("GET", &[]),
    ] {
        let response = preflight(listed, APP, method, headers);
        assert_allowed(&response);
        let headers = response.headers();
        assert_eq!(value(headers, ACAO), Some(APP));
        assert_eq!(value(headers, ACAC), Some("true"));
        assert_eq!(value(headers, ACAM), Some("PUT, PROPFIND"));
        assert_eq!(value(headers, ACAH), Some("content-type, x-token"));
        assert_eq!(value(headers, MAX_AGE), Some("600"));
        assert_eq!(value(headers, ACEH), None);
    }
}

#[test]
fn a_preflight_for_a_policy_without_keys() {
    let response = preflight(bare, APP, "POST", &[]);
    assert_allowed(&response);
    assert_eq!(value(response.headers(), ACAM), Some("GET, HEAD, POST"));
    for absent in [ACAC, ACAH, MAX_AGE] {
        assert_eq!(value(response.headers(), absent), None, "{absent}");
    }
}

#[test]
fn an_origin_that_is_not_allowed_is_refused() {
    for origin in [
        "https://evil.example",
        "https://app.example.com.evil.example",
        "https://app.example.com:8443",
        "http://app.example.com",
        "https://example.dev",
        "https://evil.com/.example.dev",
        "https://a.example.dev:1",
        "null",
        "",
        "*",
    ] {
        assert_refused(&preflight(listed, origin, "PUT", &[]));
        let response = actual(listed, origin);
        assert_eq!(cors_headers(response.headers()), [""; 0], "{origin}");
        assert_eq!(value(response.headers(), "vary"), Some("Origin"));
    }
}

#[test]
fn methods_are_case_sensitive() {
    for method in ["GET", "HEAD", "POST", "PUT", "PROPFIND"] {
        assert_allowed(&preflight(listed, APP, method, &[]));
    }
    for method in [
        "DELETE",
        "put",
        "Get",
        "PUT ",
        "PUT,PROPFIND",
        "OPTIONS",
        "*",
    ] {
        assert_refused(&preflight(listed, APP, method, &[]));
    }
    let twice = [(ORIGIN, APP.as_bytes()), (ACRM, b"PUT"), (ACRM, b"PUT")];
    assert_refused(&send(listed, "OPTIONS", &twice));
    let bytes = [(ORIGIN, APP.as_bytes()), (ACRM, &b"P\xffT"[..])];
    assert_refused(&send(listed, "OPTIONS", &bytes));
}

#[test]
fn requested_headers_are_accepted_as_changed_by_intermediaries() {
    for lines in [
        &["content-type"][..],
        &["Content-Type, X-TOKEN"],
        &["x-token,content-type"],
        &["x-token", "content-type"],
        &[" \tx-token\t , ,, content-type ,"],
        &["x-token,x-token"],
        &[""],
        &[","],
        &["", "", "x-token"],
    ] {
        assert_allowed(&preflight(listed, APP, "PUT", lines));
    }
    for lines in [
        &["x-other"][..],
        &["x-token, x-other"],
        &["x-token", "cookie"],
        &["x-token content-type"],
        &["*"],
    ] {
        assert_refused(&preflight(listed, APP, "PUT", lines));
    }
    assert_allowed(&preflight(bare, APP, "GET", &["", ","]));
    assert_refused(&preflight(bare, APP, "GET", &["accept"]));
}

#[test]
fn requested_headers_are_bounded() {
    let elements = |n: usize| vec!["x-token"; n].join(",");
    assert_allowed(&preflight(listed, APP, "PUT", &[&elements(64)]));
    assert_refused(&preflight(listed, APP, "PUT", &[&elements(65)]));
    assert_allowed(&preflight(listed, APP, "PUT", &[&",".repeat(63)]));
    assert_refused(&preflight(listed, APP, "PUT", &[&",".repeat(64)]));
    assert_allowed(&preflight(listed, APP, "PUT", &vec![""; 64]));
    assert_refused(&preflight(listed, APP, "PUT", &vec![""; 65]));
    assert_allowed(&preflight(
        listed,
        APP,
        "PUT",
        &[&" ".repeat(2048), &" ".repeat(2048)],
    ));
    assert_refused(&preflight(
        listed,
        APP,
        "PUT",
        &[&" ".repeat(2048), &" ".repeat(2049)],
    ));
}

#[test]
fn a_wildcard_policy_answers_preflights_with_wildcards() {
    for (method, headers) in [
        ("DELETE", "x-anything, content-type"),
        ("CHICKEN", ""),
        ("GET", "*"),
    ] {
        let response = preflight(any, "https://whoever.example", method, &[headers]);
        assert_allowed(&response);
        assert_eq!(value(response.headers(), ACAO), Some("*"));
        assert_eq!(value(response.headers(), ACAM), Some("*"));
        assert_eq!(value(response.headers(), ACAH), Some("*"));
        assert_eq!(value(response.headers(), MAX_AGE), Some("0"));
    }
    assert_refused(&preflight(any, APP, "GET", &["authorization"]));
    assert_refused(&preflight(any, APP, "GET", &["Authorization"]));
    assert_refused(&preflight(any, APP, "GET", &["x y"]));
    assert_refused(&preflight(any, APP, "G T", &[]));
    let response = preflight(any_with_authorization, APP, "GET", &["Authorization, x-a"]);
    assert_allowed(&response);
    assert_eq!(value(response.headers(), ACAH), Some("*, authorization"));
}

/// The tests are built with debug assertions.
#[test]
fn a_refusal_has_a_reason_in_debug_builds() {
    let reason = |response: Response<String>| {
        let reason = value(response.headers(), "cors-denied")
            .expect("a reason")
            .to_owned();
        assert!(
            reason.contains("tests/http/protocol/service.rs:"),
            "{reason}"
        );
        reason
    };
    assert!(reason(preflight(bare, "https://evil.example", "GET", &[])).contains("origin"));
    assert!(reason(preflight(bare, APP, "DELETE", &[])).contains("only GET, HEAD and POST"));
    assert!(reason(preflight(bare, APP, "GET", &["x-a"])).contains("header"));
    let from_null = preflight(bare, "null", "GET", &[]);
    assert!(reason(from_null).contains("the origin is opaque"));
    assert!(reason(preflight(bare, "", "GET", &[])).contains("is not an origin"));
    let from_null = preflight(listed, "null", "GET", &[]);
    assert!(reason(from_null).contains("the origin is opaque"));
    assert!(reason(preflight(listed, APP, "DELETE", &[])).contains("is not in `methods`"));
    assert!(
        !preflight(bare, APP, "GET", &[])
            .headers()
            .contains_key("cors-denied")
    );
}
