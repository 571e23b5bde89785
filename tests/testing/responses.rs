//! What the page can read.

use cors_runtime::testing::{Browser, Credentials, Fetch, Mode, Page, Reason, ResponseType};
use http::StatusCode;

use crate::server::{API, Lines, PAGE, always};

const ORIGIN: (&str, &str) = ("access-control-allow-origin", PAGE);
const CREDENTIALS: (&str, &str) = ("access-control-allow-credentials", "true");

async fn page(fetch: Fetch, headers: Lines<'_>) -> Page {
    let headers = [&[ORIGIN, CREDENTIALS], headers].concat();
    Browser::at(PAGE)
        .fetch(&mut always(200, &headers), fetch)
        .await
        .unwrap()
}

#[tokio::test]
async fn seven_headers_are_readable_without_expose() {
    let safelisted = [
        "cache-control",
        "content-language",
        "content-length",
        "content-type",
        "expires",
        "last-modified",
        "pragma",
    ];
    let lines: Vec<_> = safelisted.iter().map(|name| (*name, "1")).collect();
    let page = page(
        Fetch::get(API),
        &[&*lines, &[("etag", "1"), ("x-a", "1")]].concat(),
    )
    .await;
    let names: Vec<_> = page.headers().map(|(name, _)| name).collect();
    assert_eq!(names, safelisted);
}

#[tokio::test]
async fn expose_adds_names() {
    let expose = ("access-control-expose-headers", "X-A,, set-cookie");
    let lines: Lines<'_> = &[expose, ("x-a", "1"), ("x-b", "2"), ("set-cookie", "c=3")];
    let page = page(Fetch::get(API), lines).await;
    page.assert_header("X-A", "1")
        .assert_hidden("x-b")
        .assert_hidden("set-cookie");
}

#[tokio::test]
async fn an_invalid_list_exposes_nothing() {
    let expose = ("access-control-expose-headers", "x-a; x-b");
    let lines: Lines<'_> = &[
        expose,
        ("access-control-expose-headers", "x-a"),
        ("x-a", "1"),
    ];
    page(Fetch::get(API), lines).await.assert_hidden("x-a");
}

#[tokio::test]
async fn the_wildcard_exposes_all_without_credentials() {
    let expose = ("access-control-expose-headers", "*");
    let lines: Lines<'_> = &[expose, ("x-a", "1"), ("set-cookie", "c=3"), ("*", "2")];
    for credentials in [Credentials::Omit, Credentials::SameOrigin] {
        let page = page(Fetch::get(API).credentials(credentials), lines).await;
        page.assert_header("x-a", "1").assert_hidden("set-cookie");
    }
    let page = page(Fetch::get(API).credentials(Credentials::Include), lines).await;
    page.assert_hidden("x-a").assert_header("*", "2");
}

#[tokio::test]
async fn all_but_cookies_is_readable_at_the_own_origin() {
    let page = page(
        Fetch::get("/"),
        &[("x-a", "1"), ("set-cookie", "b"), ("set-cookie2", "c")],
    )
    .await;
    page.assert_header("x-a", "1")
        .assert_hidden("set-cookie")
        .assert_hidden("set-cookie2");
    assert_eq!(page.response_type(), ResponseType::Basic);
}

#[tokio::test]
async fn two_lines_are_one_value() {
    let expose = ("access-control-expose-headers", "*");
    let page = page(
        Fetch::get(API),
        &[expose, ("x-a", "1"), ("x-a", ""), ("x-a", "\u{e9}")],
    )
    .await;
    // One character for each byte.
    page.assert_header("x-a", "1, , \u{c3}\u{a9}");
}

#[tokio::test]
async fn a_response_has_status_type_and_body() {
    let mut server = always(404, &[ORIGIN]);
    let page = Browser::at(PAGE)
        .fetch(&mut server, Fetch::get(API))
        .await
        .unwrap();
    page.assert_status(404).assert_status(StatusCode::NOT_FOUND);
    assert!(!page.is_ok() && !page.is_redirected());
    assert_eq!(page.response_type(), ResponseType::Cors);
    assert_eq!(page.url(), API);
    assert_eq!(page.text().await, "body");
}

#[tokio::test]
async fn head_and_204_have_no_body() {
    let head = page(Fetch::head(API), &[]).await;
    assert_eq!(head.text().await, "");
    let mut server = always(204, &[ORIGIN]);
    let page = Browser::at(PAGE)
        .fetch(&mut server, Fetch::get(API))
        .await
        .unwrap();
    assert_eq!(page.text().await, "");
}

#[tokio::test]
async fn the_resource_policy_applies_to_opaque_responses() {
    let result = |page: &'static str, policy: &'static str| async move {
        let mut server = always(200, &[("cross-origin-resource-policy", policy), ORIGIN]);
        let fetch = Fetch::get(API).mode(Mode::NoCors);
        let result = Browser::at(page).fetch(&mut server, fetch).await;
        result.err().map(|blocked| blocked.reason().clone())
    };
    let blocked = Some(Reason::ResourcePolicy);
    assert_eq!(result(PAGE, "same-origin").await, blocked);
    assert_eq!(result(PAGE, "same-site").await, None);
    assert_eq!(result(PAGE, "cross-origin").await, None);
    assert_eq!(result(PAGE, "Same-Origin").await, None);
    assert_eq!(result("https://example.org", "same-site").await, blocked);
    assert_eq!(result("http://app.example.com", "same-site").await, blocked);
    // A response with CORS has no use for the policy.
    page(
        Fetch::get(API),
        &[("cross-origin-resource-policy", "same-origin")],
    )
    .await;
}

#[tokio::test]
#[should_panic(
    expected = "expected x-a: 1, but x-a: 1 was sent, and the page cannot read it (it is not \
                covered by access-control-expose-headers: x-b), found Page"
)]
async fn an_assertion_tells_that_a_header_is_not_exposed() {
    let headers = [("access-control-expose-headers", "x-b"), ("x-a", "1")];
    page(Fetch::get(API), &headers)
        .await
        .assert_header("x-a", "1");
}

#[tokio::test]
#[should_panic(expected = "expose-headers: *, where `*` is a name with credentials), found Page")]
async fn an_assertion_tells_that_a_wildcard_is_a_name() {
    let fetch = Fetch::get(API).credentials(Credentials::Include);
    let headers = [("access-control-expose-headers", "*"), ("x-a", "1")];
    page(fetch, &headers).await.assert_header("x-a", "1");
}

#[tokio::test]
#[should_panic(expected = "(there is no access-control-expose-headers), found Page")]
async fn an_assertion_tells_that_nothing_is_exposed() {
    page(Fetch::get(API), &[("x-a", "1")])
        .await
        .assert_header("x-a", "1");
}

#[tokio::test]
#[should_panic(expected = "cannot read it (a page never can), found Page")]
async fn an_assertion_tells_that_no_page_can_read_a_header() {
    page(Fetch::get("/"), &[("set-cookie", "a=1")])
        .await
        .assert_header("Set-Cookie", "a=1");
}

#[tokio::test]
#[should_panic(expected = "cannot read it (the response is opaque), found Page")]
async fn an_assertion_tells_that_a_response_is_opaque() {
    page(Fetch::get(API).mode(Mode::NoCors), &[("x-a", "1")])
        .await
        .assert_header("x-a", "1");
}

#[tokio::test]
#[should_panic(expected = "expected x-a: 2, found Page")]
async fn an_assertion_prints_the_headers() {
    page(Fetch::get("/"), &[("x-a", "1")])
        .await
        .assert_header("x-a", "2");
}
