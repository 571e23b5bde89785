//! Cookies.

use std::time::Duration;

use cors_runtime::testing::{Browser, Credentials, Fetch};

use crate::server::{PAGE, always, sent};

/// Sets a cookie by a response of one URL, and returns what is sent to another one.
async fn cookie(line: &str, from: &str, to: &str) -> Option<String> {
    let mut browser = Browser::at(PAGE);
    get(&mut browser, from, &[("set-cookie", line)]).await;
    get(&mut browser, to, &[]).await;
    sent(&browser, "cookie").map(str::to_owned)
}

async fn get(browser: &mut Browser, url: &str, headers: &[(&'static str, &str)]) {
    let cors = [
        ("access-control-allow-origin", PAGE),
        ("access-control-allow-credentials", "true"),
    ];
    let fetch = Fetch::get(url).credentials(Credentials::Include);
    browser
        .fetch(&mut always(200, &[&cors, headers].concat()), fetch)
        .await
        .unwrap();
}

const API: &str = "https://api.example.com/a/b";

#[tokio::test]
async fn a_cookie_is_for_its_host_and_path() {
    let some = Some("a=1".to_owned());
    assert_eq!(cookie("a=1", API, API).await, some);
    assert_eq!(
        cookie("a=1", API, "https://api.example.com:444/a/c").await,
        some
    );
    assert_eq!(cookie("a=1", API, "https://api.example.com/ab").await, None);
    assert_eq!(
        cookie("a=1; Path=/", API, "https://api.example.com/").await,
        some
    );
    assert_eq!(
        cookie("a=1; Path=/", API, "https://other.example.com/").await,
        None
    );
    let domain = "a=1; Path=/; Domain=.example.com";
    assert_eq!(
        cookie(domain, API, "https://other.example.com/").await,
        some
    );
    let address = "http://127.0.0.1/";
    assert_eq!(
        cookie("a=1; Domain=0.0.1; Secure", address, address).await,
        None
    );
    for refused in ["a=1; Domain=other.example.com", "a=1; Domain=com"] {
        assert_eq!(cookie(refused, API, API).await, None);
    }
}

#[tokio::test]
async fn same_site_decides_at_another_site() {
    let other = "https://api.example.org/";
    assert_eq!(cookie("a=1; Secure", other, other).await, None);
    assert_eq!(cookie("a=1; SameSite=None", other, other).await, None);
    let none = cookie("a=1; samesite=none; secure", other, other).await;
    assert_eq!(none, Some("a=1".to_owned()));

    let mut browser = Browser::at(PAGE);
    browser.set_cookie(other, "lax=1");
    browser.set_cookie(other, "none=1; SameSite=None; Secure");
    get(&mut browser, other, &[]).await;
    assert_eq!(sent(&browser, "cookie"), Some("none=1"));
}

#[tokio::test]
async fn secure_cookies_need_tls_or_this_machine() {
    let mut browser = Browser::at("http://example.com");
    for url in ["http://example.com/", "http://localhost/"] {
        browser.set_cookie(url, "a=1; Secure");
        browser.set_cookie(url, "__Host-b=1; Path=/");
        browser.set_cookie(url, "__Secure-c=1");
    }
    let fetch = |url: &str| Fetch::get(url).mode(cors_runtime::testing::Mode::NoCors);
    browser
        .fetch(&mut always(200, &[]), fetch("http://example.com/"))
        .await
        .unwrap();
    assert_eq!(sent(&browser, "cookie"), None);

    let mut browser = Browser::at("http://localhost:3000");
    browser.set_cookie("http://localhost", "a=1; Secure");
    browser.set_cookie("http://localhost", "__Host-b=1; Path=/; Secure");
    browser
        .fetch(&mut always(200, &[]), fetch("/"))
        .await
        .unwrap();
    assert_eq!(sent(&browser, "cookie"), Some("a=1; __Host-b=1"));
}

#[tokio::test]
async fn cookies_expire() {
    let mut browser = Browser::at(PAGE);
    get(
        &mut browser,
        API,
        &[("set-cookie", "a=1; Max-Age=60"), ("set-cookie", "b=2")],
    )
    .await;
    browser.advance(Duration::from_secs(59));
    get(&mut browser, API, &[]).await;
    assert_eq!(sent(&browser, "cookie"), Some("a=1; b=2"));
    browser.advance(Duration::from_secs(1));
    get(&mut browser, API, &[]).await;
    assert_eq!(sent(&browser, "cookie"), Some("b=2"));

    let expired = "b=; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
    get(&mut browser, API, &[("set-cookie", expired)]).await;
    get(&mut browser, API, &[("set-cookie", "b=3; Max-Age=0")]).await;
    assert_eq!(sent(&browser, "cookie"), None);
    get(&mut browser, API, &[]).await;
    assert_eq!(sent(&browser, "cookie"), None);
}

#[tokio::test]
async fn credentials_decide() {
    let mut browser = Browser::at(PAGE);
    browser.set_cookie(API, "a=1");
    browser.set_cookie(PAGE, "b=2");
    let cors = [("access-control-allow-origin", "*")];
    for (url, credentials, expected) in [
        (API, Credentials::Omit, None),
        (API, Credentials::SameOrigin, None),
        (PAGE, Credentials::Omit, None),
        (PAGE, Credentials::SameOrigin, Some("b=2")),
        (PAGE, Credentials::Include, Some("b=2")),
    ] {
        let fetch = Fetch::get(url).credentials(credentials);
        browser.fetch(&mut always(200, &cors), fetch).await.unwrap();
        assert_eq!(sent(&browser, "cookie"), expected);
    }
}

#[tokio::test]
async fn a_blocked_response_sets_cookies() {
    let mut browser = Browser::at(PAGE);
    let fetch = Fetch::get(API).credentials(Credentials::Include);
    let mut server = always(200, &[("set-cookie", "a=1")]);
    browser.fetch(&mut server, fetch.clone()).await.unwrap_err();
    browser.fetch(&mut server, fetch).await.unwrap_err();
    assert_eq!(sent(&browser, "cookie"), Some("a=1"));
}

#[tokio::test]
async fn an_expired_date_deletes_a_cookie() {
    for date in [
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Thu, 01-Jan-1970 00:00:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 UTC",
        "Thursday, 01-Jan-70 00:00:00 GMT",
    ] {
        let mut browser = Browser::at(PAGE);
        browser.set_cookie(API, "a=1");
        browser.set_cookie(API, &format!("a=; Expires={date}"));
        get(&mut browser, API, &[]).await;
        assert_eq!(sent(&browser, "cookie"), None, "{date}");
    }
    let line = "a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Expires=never";
    assert_eq!(cookie(line, API, API).await, None);
    for (line, is_kept) in [
        ("a=1; Max-Age=+0", true),
        ("a=1; Max-Age=99999999999999999999", true),
        (
            "a=1; Max-Age=99999999999999999999; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            true,
        ),
        ("a=1; Max-Age=-99999999999999999999", false),
        ("a=1; Max-Age=-", true),
    ] {
        let sent = cookie(line, API, API).await;
        assert_eq!(sent, is_kept.then(|| "a=1".to_owned()), "{line}");
    }
}

/// The cookies that are sent after these lines.
async fn cookies(lines: &[&str]) -> Option<String> {
    let mut browser = Browser::at(PAGE);
    for line in lines {
        browser.set_cookie(API, line);
    }
    get(&mut browser, API, &[]).await;
    sent(&browser, "cookie").map(str::to_owned)
}

#[tokio::test]
async fn a_cookie_keeps_its_place() {
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(cookies(&["a=1", "b=2", "a=3"]).await, some("a=3; b=2"));
    let deleted = ["a=1", "b=2", "a=; Max-Age=0", "a=3"];
    assert_eq!(cookies(&deleted).await, some("b=2; a=3"));
    let domain = "a=2; Domain=api.example.com";
    assert_eq!(cookies(&["a=1", domain]).await, some("a=1; a=2"));
    assert_eq!(cookies(&["=", ""]).await, None);
}

#[tokio::test]
async fn a_deleted_secure_cookie_does_not_stay() {
    let mut browser = Browser::at(PAGE);
    for line in ["a=1; Secure; Path=/", "a=; Max-Age=0; Secure; Path=/"] {
        browser.set_cookie(API, line);
    }
    browser.set_cookie("http://api.example.com/", "a=2");
    get(&mut browser, API, &[]).await;
    assert_eq!(sent(&browser, "cookie"), Some("a=2"));
}

#[tokio::test]
async fn this_machine_may_overwrite_a_secure_cookie() {
    let local = "http://localhost:3000/";
    let mut browser = Browser::at("http://localhost:5173");
    browser.set_cookie(local, "a=1; Secure");
    browser.set_cookie(local, "a=2");
    let headers = [
        ("access-control-allow-origin", "http://localhost:5173"),
        ("access-control-allow-credentials", "true"),
    ];
    let fetch = Fetch::get(local).credentials(Credentials::Include);
    browser
        .fetch(&mut always(200, &headers), fetch)
        .await
        .unwrap();
    assert_eq!(sent(&browser, "cookie"), Some("a=2"));
}

#[tokio::test]
async fn a_secure_cookie_is_not_overwritten_without_tls() {
    let mut browser = Browser::at(PAGE);
    browser.set_cookie("https://api.example.com/a/", "a=1; Secure; Path=/a");
    for hidden in ["a=2; Path=/a/b", "a=2; Path=/a/b; Domain=example.com"] {
        browser.set_cookie("http://api.example.com/a/b/", hidden);
    }
    for other in ["b=2; Path=/a", "a=3; Path=/"] {
        browser.set_cookie("http://api.example.com/a/b/", other);
    }
    browser.set_cookie("https://api.example.com/a/", "c=4; Path=/a; Secure");
    get(&mut browser, "https://api.example.com/a/b/", &[]).await;
    assert_eq!(sent(&browser, "cookie"), Some("a=1; b=2; c=4; a=3"));
}
