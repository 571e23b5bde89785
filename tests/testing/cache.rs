//! The cache of preflights.

use std::time::Duration;

use cors_runtime::testing::{Browser, CHROMIUM_MAX_AGE, Credentials, FIREFOX_MAX_AGE, Fetch};

use crate::server::{API, Lines, PAGE, Server, always, answers, methods};

const ORIGIN: (&str, &str) = ("access-control-allow-origin", PAGE);
const CREDENTIALS: (&str, &str) = ("access-control-allow-credentials", "true");
const METHODS: (&str, &str) = ("access-control-allow-methods", "PUT, DELETE");
const LONG: (&str, &str) = ("access-control-max-age", "100000");

async fn is_preflighted(browser: &mut Browser, server: &mut impl Server, fetch: Fetch) -> bool {
    browser.clear_log();
    browser.fetch(server, fetch).await.unwrap();
    browser.log()[0].is_preflight()
}

/// Returns whether a second PUT is preflighted after this time.
async fn expires(browser: Browser, headers: Lines<'_>, time: Duration) -> bool {
    let mut browser = browser;
    let mut server = always(200, &[&[ORIGIN, METHODS], headers].concat());
    assert!(is_preflighted(&mut browser, &mut server, Fetch::put(API)).await);
    browser.advance(time);
    is_preflighted(&mut browser, &mut server, Fetch::put(API)).await
}

#[tokio::test]
async fn a_preflight_is_kept_for_5_seconds() {
    let browser = || Browser::at(PAGE);
    assert!(!expires(browser(), &[], Duration::from_millis(4999)).await);
    assert!(expires(browser(), &[], Duration::from_secs(5)).await);
}

#[tokio::test]
async fn a_preflight_is_kept_for_its_max_age() {
    let result = |value: &'static str, seconds| async move {
        let max_age = ("access-control-max-age", value);
        expires(Browser::at(PAGE), &[max_age], Duration::from_secs(seconds)).await
    };
    assert!(!result("600", 599).await);
    assert!(result("600", 600).await);
    assert!(result("0", 0).await);
    assert!(result("-1", 0).await);
    assert!(!result("99999999999999999999999", u64::from(u32::MAX)).await);
    for invalid in ["", "x", "1.5", "+600", "600s", "600, 600"] {
        assert!(!result(invalid, 4).await, "{invalid}");
        assert!(result(invalid, 5).await, "{invalid}");
    }
}

#[tokio::test]
async fn two_lines_of_max_age_are_invalid() {
    let lines = [LONG, LONG];
    assert!(!expires(Browser::at(PAGE), &lines, Duration::from_secs(4)).await);
    assert!(expires(Browser::at(PAGE), &lines, Duration::from_secs(5)).await);
}

#[tokio::test]
async fn browsers_limit_the_max_age() {
    for limit in [CHROMIUM_MAX_AGE, FIREFOX_MAX_AGE] {
        let browser = || Browser::at(PAGE).limit_max_age(limit);
        let before = Duration::from_secs(limit.as_secs() - 1);
        assert!(!expires(browser(), &[LONG], before).await);
        assert!(expires(browser(), &[LONG], limit).await);
    }
}

#[tokio::test]
async fn what_is_kept_is_of_a_url_an_origin_and_a_credentials_mode() {
    let mut browser = Browser::at(PAGE);
    let mut server = always(200, &[ORIGIN, CREDENTIALS, METHODS, LONG]);
    let put = |url: &str| Fetch::put(url);
    assert!(is_preflighted(&mut browser, &mut server, put(API)).await);
    assert!(!is_preflighted(&mut browser, &mut server, put(API)).await);
    let other = "https://api.example.com/other";
    assert!(is_preflighted(&mut browser, &mut server, put(other)).await);
    let query = "https://api.example.com/items?page=2";
    assert!(is_preflighted(&mut browser, &mut server, put(query)).await);

    // What is kept without credentials does not cover a request with credentials.
    let include = put(API).credentials(Credentials::Include);
    assert!(is_preflighted(&mut browser, &mut server, include.clone()).await);
    assert!(!is_preflighted(&mut browser, &mut server, include).await);
}

#[tokio::test]
async fn what_is_kept_with_credentials_covers_requests_without() {
    let mut browser = Browser::at(PAGE);
    let mut server = always(200, &[ORIGIN, CREDENTIALS, METHODS, LONG]);
    let include = Fetch::put(API).credentials(Credentials::Include);
    assert!(is_preflighted(&mut browser, &mut server, include).await);
    assert!(!is_preflighted(&mut browser, &mut server, Fetch::put(API)).await);
    let omit = Fetch::put(API).credentials(Credentials::Omit);
    assert!(!is_preflighted(&mut browser, &mut server, omit).await);
}

#[tokio::test]
async fn all_methods_and_headers_of_a_list_are_kept() {
    let mut browser = Browser::at(PAGE);
    let headers = ("access-control-allow-headers", "X-A, x-b");
    let mut server = always(200, &[ORIGIN, METHODS, headers, LONG]);
    assert!(is_preflighted(&mut browser, &mut server, Fetch::put(API)).await);
    let delete = Fetch::delete(API).header("x-a", "1").header("X-B", "2");
    assert!(!is_preflighted(&mut browser, &mut server, delete).await);
    // A safelisted method needs no entry, and a header is kept without a method.
    let get = Fetch::get(API).header("x-a", "1");
    assert!(!is_preflighted(&mut browser, &mut server, get).await);
    assert!(is_preflighted(&mut browser, &mut server, Fetch::get(API).force_preflight()).await);
}

#[tokio::test]
async fn a_kept_wildcard_does_not_cover_authorization() {
    let mut browser = Browser::at(PAGE);
    let any = ("access-control-allow-headers", "*, authorization");
    let mut server = always(200, &[ORIGIN, ("access-control-allow-headers", "*"), LONG]);
    let get = |name| Fetch::get(API).header(name, "1");
    assert!(is_preflighted(&mut browser, &mut server, get("x-a")).await);
    assert!(!is_preflighted(&mut browser, &mut server, get("x-b")).await);
    let mut server = always(200, &[ORIGIN, any, LONG]);
    assert!(is_preflighted(&mut browser, &mut server, get("authorization")).await);
    assert!(!is_preflighted(&mut browser, &mut server, get("authorization")).await);
}

#[tokio::test]
async fn a_failure_clears_what_is_kept_for_its_url() {
    let mut browser = Browser::at(PAGE);
    let allowed: Lines<'_> = &[ORIGIN, METHODS, LONG];
    let mut server = answers([(200, allowed), (200, allowed), (200, &[])]);
    assert!(is_preflighted(&mut browser, &mut server, Fetch::put(API)).await);
    // The second PUT has no preflight, and its response no headers.
    browser.clear_log();
    browser
        .fetch(&mut server, Fetch::put(API))
        .await
        .unwrap_err();
    assert_eq!(methods(&browser), ["PUT"]);

    let mut server = always(200, allowed);
    assert!(is_preflighted(&mut browser, &mut server, Fetch::put(API)).await);
}

#[tokio::test]
async fn a_second_preflight_renews_what_is_kept() {
    let mut browser = Browser::at(PAGE);
    let mut short = always(200, &[ORIGIN, METHODS]);
    assert!(is_preflighted(&mut browser, &mut short, Fetch::put(API)).await);
    let headers = ("access-control-allow-headers", "x-a");
    let mut long = always(200, &[ORIGIN, METHODS, headers, LONG]);
    let other = Fetch::put(API).header("x-a", "1");
    assert!(is_preflighted(&mut browser, &mut long, other).await);
    browser.advance(Duration::from_secs(99_999));
    assert!(!is_preflighted(&mut browser, &mut long, Fetch::put(API)).await);
}
