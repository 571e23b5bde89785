//! Headers that need no preflight, and their limits.

use cors_runtime::testing::standard::{
    header_list_values, is_safelisted_request_header, unsafe_request_header_names,
};
use cors_runtime::testing::{Browser, Fetch};

use crate::server::{API, PAGE, always, methods};

#[test]
fn a_value_has_at_most_128_bytes() {
    for name in ["accept", "accept-language", "content-language"] {
        assert!(is_safelisted_request_header(name, "a".repeat(128)));
        assert!(!is_safelisted_request_header(name, "a".repeat(129)));
    }
    let content_type = |length: usize| format!("{:a<length$}", "text/plain;");
    assert!(is_safelisted_request_header(
        "content-type",
        content_type(128)
    ));
    assert!(!is_safelisted_request_header(
        "content-type",
        content_type(129)
    ));
    let range = |length: usize| format!("bytes={:0<length$}-", "");
    assert!(is_safelisted_request_header("range", range(121)));
    assert!(!is_safelisted_request_header("range", range(122)));
}

#[test]
fn all_safelisted_values_have_at_most_1024_bytes() {
    let eight = vec![("accept", "a".repeat(128)); 8];
    assert!(unsafe_request_header_names(&eight).is_empty());
    let mut more = eight;
    more.push(("Accept-Language", "a".to_owned()));
    assert_eq!(
        unsafe_request_header_names(&more),
        ["accept", "accept-language"]
    );
}

#[test]
fn unsafe_names_do_not_count_toward_the_1024_bytes() {
    let mut headers = vec![("accept", "a".repeat(128)); 8];
    headers.push(("x-token", "a".repeat(128)));
    assert_eq!(unsafe_request_header_names(&headers), ["x-token"]);
}

#[tokio::test]
async fn the_browser_applies_the_limit_of_1024_bytes() {
    for (lines, sent) in [(8, vec!["GET"]), (9, vec!["OPTIONS"])] {
        let mut browser = Browser::at(PAGE);
        let value = "a".repeat(128);
        let fetch = (0..lines).fold(Fetch::get(API), |fetch, _| fetch.header("accept", &value));
        let mut server = always(403, &[]);
        browser.fetch(&mut server, fetch).await.unwrap_err();
        assert_eq!(methods(&browser), sent, "{lines} lines");
    }
}

#[test]
fn unsafe_bytes_need_a_preflight() {
    for byte in (0..=0x7f).filter(|byte| !matches!(byte, b'\0' | b'\n' | b'\r')) {
        let value = [b'a', byte, b'a'];
        let is_unsafe = byte == 0x7f
            || (byte < b' ' && byte != b'\t')
            || "\"():<>?@[\\]{}".contains(char::from(byte));
        assert_eq!(
            is_safelisted_request_header("accept", value),
            !is_unsafe,
            "{byte:#x}"
        );
    }
    assert!(is_safelisted_request_header("accept", [0x80, 0xff]));
    assert!(!is_safelisted_request_header("accept-language", [0x80]));
    assert!(!is_safelisted_request_header("accept-language", "a/b"));
    assert!(is_safelisted_request_header(
        "Accept-Language",
        "de-CH, de;q=0.9, *"
    ));
}

#[test]
fn three_content_types_need_no_preflight() {
    for value in [
        "text/plain",
        "TEXT/Plain ; charset=utf-8",
        " text/plain;;;garbage",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ] {
        assert!(
            is_safelisted_request_header("content-type", value),
            "{value}"
        );
    }
    for value in [
        "",
        "text",
        "text/",
        "/plain",
        "text /plain",
        "text/ plain",
        "text/plain,text/plain",
        "application/json",
        "text/plain; x=\"y\"",
        "text/plainx",
    ] {
        assert!(
            !is_safelisted_request_header("content-type", value),
            "{value}"
        );
    }
}

#[test]
fn a_single_range_with_a_start_needs_no_preflight() {
    let long = "bytes=00099999999999999999999999999-99999999999999999999999999999";
    for value in ["bytes=0-", "bytes=0-0", "bytes=007-8", "bytes=9-10", long] {
        assert!(is_safelisted_request_header("range", value), "{value}");
    }
    for value in [
        "bytes=-1",
        "bytes=-",
        "bytes=2-1",
        "bytes=10-9",
        "bytes= 0-",
        "bytes =0-",
        "bytes=0-1,3-4",
        "Bytes=0-",
        "bytes=0",
        "bytes=+0-1",
        "items=0-",
    ] {
        assert!(!is_safelisted_request_header("range", value), "{value}");
    }
}

#[test]
fn names_are_in_lower_case_and_sorted() {
    let headers = [
        ("X-b", "1"),
        ("x-C", "1"),
        ("X-A", "1"),
        ("x-a", "2"),
        ("Accept", "*/*"),
    ];
    assert_eq!(unsafe_request_header_names(&headers), ["x-a", "x-b", "x-c"]);
}

#[test]
fn a_list_with_an_element_that_is_not_a_token_is_invalid() {
    let values = |value| header_list_values("X-List", &[("x-list", value)]);
    assert_eq!(
        values(", a ,,\tb,"),
        Some(vec!["a".to_owned(), "b".to_owned()])
    );
    assert_eq!(values(""), Some(Vec::new()));
    for invalid in ["a b", "a;b", "\"a\"", "a, é", "a,\u{b}", "a,\n"] {
        assert_eq!(values(invalid), None, "{invalid:?}");
    }
    let lines = [("x-list", "a"), ("x-list", "b b")];
    assert_eq!(header_list_values("x-list", &lines), None);
    assert_eq!(header_list_values("x-other", &lines), Some(Vec::new()));
}
