//! Redirects.

use std::convert::Infallible;
use std::future::ready;

use cors_runtime::testing::{Browser, Credentials, Fetch, Mode, Reason, Redirect, ResponseType};

use http::{HeaderValue, Response};
use tower::service_fn;

use crate::server::{API, Lines, PAGE, Sent, always, answers, last, methods, sent};

const ORIGIN: (&str, &str) = ("access-control-allow-origin", PAGE);
const ANY: (&str, &str) = ("access-control-allow-origin", "*");

/// Redirects once to another path of the API.
async fn redirected(status: u16, fetch: Fetch) -> Browser {
    let mut browser = Browser::at(PAGE);
    let mut server = answers([(status, &[ANY, ("location", "/target")]), (200, &[ANY])]);
    let page = browser.fetch(&mut server, fetch).await.unwrap();
    assert!(page.is_redirected());
    assert_eq!(page.url(), "https://api.example.com/target");
    browser
}

#[tokio::test]
async fn post_becomes_get_on_301_302_and_303() {
    for status in [301, 302, 303] {
        let browser = redirected(status, Fetch::post(API).body("text")).await;
        assert_eq!(methods(&browser), ["POST", "GET"]);
        assert_eq!(sent(&browser, "content-type"), None);
        assert_eq!(sent(&browser, "content-length"), None);
    }
    for status in [307, 308] {
        let browser = redirected(status, Fetch::post(API).body("text")).await;
        assert_eq!(methods(&browser), ["POST", "POST"]);
        assert_eq!(
            sent(&browser, "content-type"),
            Some("text/plain;charset=UTF-8")
        );
        assert_eq!(sent(&browser, "content-length"), Some("4"));
    }
}

#[tokio::test]
async fn other_methods_become_get_on_303() {
    let allow: Lines<'_> = &[ANY, ("access-control-allow-methods", "PUT")];
    for (status, last_method) in [(301, "PUT"), (302, "PUT"), (303, "GET"), (307, "PUT")] {
        let mut browser = Browser::at(PAGE);
        let moved: Lines<'_> = &[ANY, ("location", "/target")];
        let mut server = answers([(200, allow), (status, moved), (200, allow), (200, &[ANY])]);
        browser.fetch(&mut server, Fetch::put(API)).await.unwrap();
        assert_eq!(last(&browser).method(), last_method, "{status}");
    }
    for status in [301, 302, 303] {
        let browser = redirected(status, Fetch::head(API)).await;
        assert_eq!(methods(&browser), ["HEAD", "HEAD"]);
    }
}

#[tokio::test]
async fn the_referrer_has_no_path_after_another_origin() {
    let mut browser = Browser::at("https://app.example.com/list");
    let back: Lines<'_> = &[ANY, ("location", "https://app.example.com/details")];
    let mut server = answers([
        (302, back),
        (200, &[("access-control-allow-origin", "null")]),
    ]);
    browser.fetch(&mut server, Fetch::get(API)).await.unwrap();
    assert_eq!(sent(&browser, "referer"), Some("https://app.example.com/"));
}

#[tokio::test]
async fn authorization_is_dropped_at_another_origin() {
    let headers: Lines<'_> = &[ANY, ("access-control-allow-headers", "authorization, x-a")];
    let fetch = || {
        Fetch::get(API)
            .header("authorization", "secret")
            .header("x-a", "1")
    };
    for (location, is_kept) in [("/target", true), ("https://other.example.com/", false)] {
        let mut browser = Browser::at(PAGE);
        let moved = [headers, &[("location", location)]].concat();
        let mut server = answers([(200, headers), (302, &moved), (200, headers), (200, &[ANY])]);
        browser.fetch(&mut server, fetch()).await.unwrap();
        assert_eq!(methods(&browser), ["OPTIONS", "GET", "OPTIONS", "GET"]);
        assert_eq!(sent(&browser, "authorization").is_some(), is_kept);
        assert_eq!(sent(&browser, "x-a"), Some("1"));
    }
}

#[tokio::test]
async fn the_origin_is_null_after_a_second_foreign_origin() {
    let mut browser = Browser::at(PAGE);
    let moved: Lines<'_> = &[ANY, ("location", "https://other.example.com/")];
    let mut server = answers([(302, moved), (200, &[ORIGIN])]);
    let blocked = browser
        .fetch(&mut server, Fetch::get(API))
        .await
        .unwrap_err();
    assert_eq!(sent(&browser, "origin"), Some("null"));
    assert_eq!(sent(&browser, "sec-fetch-site"), Some("same-site"));
    assert_eq!(blocked.expected(), Some("null"));
    assert!(
        blocked
            .to_string()
            .contains(&format!("(redirected from '{API}')"))
    );

    let allows_null: Lines<'_> = &[("access-control-allow-origin", "null")];
    let mut server = answers([(302, moved), (200, allows_null)]);
    browser.fetch(&mut server, Fetch::get(API)).await.unwrap();
}

#[tokio::test]
async fn the_origin_is_kept_from_the_page_to_a_foreign_origin() {
    let mut browser = Browser::at(PAGE);
    let mut server = answers([(302, &[("location", API)]), (200, &[ORIGIN])]);
    let page = browser
        .fetch(&mut server, Fetch::get("/items"))
        .await
        .unwrap();
    assert_eq!(browser.log()[0].request_header("origin"), None);
    assert_eq!(sent(&browser, "origin"), Some(PAGE));
    assert_eq!(page.response_type(), ResponseType::Cors);
}

#[tokio::test]
async fn a_way_back_to_the_page_needs_cors() {
    let mut browser = Browser::at(PAGE);
    let back: Lines<'_> = &[ORIGIN, ("location", PAGE)];
    let mut server = answers([(302, back), (200, &[])]);
    let blocked = browser
        .fetch(&mut server, Fetch::get(API))
        .await
        .unwrap_err();
    assert_eq!(blocked.reason(), &Reason::AllowOriginMissing);
    assert_eq!(sent(&browser, "origin"), Some("null"));
    // It is not the page's own origin any more: no cookies without `include`.
    browser.set_cookie(PAGE, "a=1");
    browser
        .fetch(&mut answers([(302, back), (200, &[ANY])]), Fetch::get(API))
        .await
        .unwrap();
    assert_eq!(sent(&browser, "cookie"), None);
    let include = Fetch::get(API).credentials(Credentials::Include);
    let with: Lines<'_> = &[
        ORIGIN,
        ("access-control-allow-credentials", "true"),
        ("location", PAGE),
    ];
    browser
        .fetch(&mut answers([(302, with), (200, &[])]), include)
        .await
        .unwrap_err();
    assert_eq!(sent(&browser, "cookie"), Some("a=1"));
}

#[tokio::test]
async fn at_most_20_redirects_are_followed() {
    let mut browser = Browser::at(PAGE);
    let moved: Lines<'_> = &[ANY, ("location", API)];
    let blocked = browser
        .fetch(&mut always(302, moved), Fetch::get(API))
        .await
        .unwrap_err();
    assert_eq!(blocked.reason(), &Reason::TooManyRedirects);
    assert_eq!(browser.log().len(), 21);

    let mut redirects = vec![(302, moved); 20];
    redirects.push((200, &[ANY]));
    let answers_20: [(u16, Lines<'_>); 21] = redirects.try_into().unwrap();
    browser
        .fetch(&mut answers(answers_20), Fetch::get(API))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_redirect_with_userinfo_is_an_error_with_cors() {
    let result = |fetch: Fetch, location: &'static str| async move {
        let mut server = answers([(302, &[ANY, ("location", location)]), (200, &[ANY])]);
        let result = Browser::at(PAGE).fetch(&mut server, fetch).await;
        result.err().map(|blocked| blocked.reason().clone())
    };
    for location in ["https://u:p@api.example.com/", "https://u@api.example.com/"] {
        let refused = Some(Reason::RedirectUserinfo(location.to_owned()));
        assert_eq!(result(Fetch::get(API), location).await, refused);
        assert_eq!(result(Fetch::get("/"), location).await, refused);
        // Without CORS.
        assert_eq!(
            result(Fetch::get(API).mode(Mode::NoCors), location).await,
            None
        );
    }
    assert_eq!(
        result(Fetch::get("/"), "https://u:p@app.example.com/").await,
        None
    );
    assert_eq!(
        result(Fetch::get(API), "https://@api.example.com/").await,
        None
    );
    assert_eq!(
        result(Fetch::get(API), "https://:@api.example.com/").await,
        None
    );
}

#[tokio::test]
async fn the_redirect_mode_decides() {
    let moved: Lines<'_> = &[ANY, ("location", "/target")];
    let error = Fetch::get(API).redirect(Redirect::Error);
    let blocked = Browser::at(PAGE)
        .fetch(&mut always(302, moved), error)
        .await
        .unwrap_err();
    assert_eq!(blocked.reason(), &Reason::RedirectModeError);

    let mut browser = Browser::at(PAGE);
    let manual = Fetch::get(API).redirect(Redirect::Manual);
    let page = browser
        .fetch(&mut always(302, moved), manual.clone())
        .await
        .unwrap();
    assert_eq!(page.response_type(), ResponseType::OpaqueRedirect);
    assert_eq!((page.status(), page.header("location")), (0, None));
    assert_eq!(browser.log().len(), 1);
    // The CORS check is first.
    browser
        .fetch(&mut always(302, &[("location", "/")]), manual)
        .await
        .unwrap_err();

    let no_cors = Fetch::get(API)
        .mode(Mode::NoCors)
        .redirect(Redirect::Manual);
    let blocked = Browser::at(PAGE)
        .fetch(&mut always(302, moved), no_cors)
        .await
        .unwrap_err();
    assert_eq!(blocked.reason(), &Reason::NoCorsRedirectMode);
}

#[tokio::test]
async fn a_redirect_needs_one_valid_location() {
    let result = |headers: Lines<'static>| async move {
        let headers = [&[ANY], headers].concat();
        let mut server = answers([(302, &headers), (200, &[ANY])]);
        Browser::at(PAGE).fetch(&mut server, Fetch::get(API)).await
    };
    // Without a location, the redirect is the response.
    assert_eq!(result(&[]).await.unwrap().status(), 302);
    let blocked = result(&[("location", "/a"), ("location", "/a")])
        .await
        .unwrap_err();
    assert_eq!(blocked.reason(), &Reason::RedirectLocation);
    let blocked = result(&[("location", "https://[")]).await.unwrap_err();
    assert_eq!(blocked.reason(), &Reason::RedirectLocation);
    let blocked = result(&[("location", "data:,text")]).await.unwrap_err();
    assert_eq!(blocked.reason(), &Reason::Scheme("data".to_owned()));
}

#[tokio::test]
async fn the_fragment_is_kept() {
    let mut browser = Browser::at(PAGE);
    let fetch = Fetch::get("https://api.example.com/a?b#c");
    let mut server = answers([(302, &[ANY, ("location", "/d?e")]), (200, &[ANY])]);
    let page = browser.fetch(&mut server, fetch).await.unwrap();
    assert_eq!(last(&browser).url(), "https://api.example.com/d?e#c");
    assert_eq!(page.url(), "https://api.example.com/d?e");
}

#[tokio::test]
async fn a_location_of_other_bytes_is_percent_encoded() {
    for (bytes, expected) in [
        (&b"top.txt?\xe2\x98\x83"[..], "top.txt?%E2%98%83"),
        (&b"top.txt?\xff"[..], "top.txt?%FF"),
        (
            &b"https://b\xc3\xbccher.example/"[..],
            "https://xn--bcher-kva.example/",
        ),
    ] {
        let mut browser = Browser::at(PAGE);
        let mut server = service_fn(move |request: Sent| {
            let mut response = Response::new(String::new());
            let headers = response.headers_mut();
            headers.insert("access-control-allow-origin", HeaderValue::from_static("*"));
            if request.uri().path() == "/items" {
                let location = HeaderValue::from_bytes(bytes).unwrap();
                headers.insert("location", location);
                *response.status_mut() = http::StatusCode::FOUND;
            }
            ready(Ok::<_, Infallible>(response))
        });
        let page = browser.fetch(&mut server, Fetch::get(API)).await.unwrap();
        assert!(page.url().ends_with(expected), "{}", page.url());
    }
}

#[tokio::test]
async fn the_mode_same_origin_ends_at_the_origin() {
    let fetch = Fetch::get("/").mode(Mode::SameOrigin);
    let mut server = answers([(302, &[("location", API)]), (200, &[ANY])]);
    let blocked = Browser::at(PAGE)
        .fetch(&mut server, fetch)
        .await
        .unwrap_err();
    assert_eq!(blocked.reason(), &Reason::SameOriginMode);
    assert_eq!(blocked.url(), API);
}
