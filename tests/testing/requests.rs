//! What the browser sends, and what it refuses to send.

use cors_runtime::testing::{Browser, Fetch, Mode, Reason, ResponseType};

use crate::server::{API, PAGE, always, last, methods, sent};

const ANY: [(&str, &str); 3] = [
    ("access-control-allow-origin", "*"),
    ("access-control-allow-methods", "*"),
    ("access-control-allow-headers", "*"),
];

async fn browser(page: &str, fetch: Fetch) -> Browser {
    let mut browser = Browser::at(page);
    browser.fetch(&mut always(200, &ANY), fetch).await.unwrap();
    browser
}

#[tokio::test]
async fn methods_are_normalized() {
    for (written, method) in [("put", "PUT"), ("Options", "OPTIONS"), ("pAtCh", "pAtCh")] {
        let browser = browser(PAGE, Fetch::new(written, API)).await;
        assert_eq!(last(&browser).method(), method);
        assert_eq!(
            browser.log()[0].request_header("access-control-request-method"),
            Some(method)
        );
    }
}

#[tokio::test]
async fn impossible_fetches_are_not_sent() {
    for fetch in [
        Fetch::new("TRACE", API),
        Fetch::new("connect", API),
        Fetch::new("a b", API),
        Fetch::new("", API),
        Fetch::get("https://["),
        Fetch::get("https://user:password@api.example.com"),
        Fetch::get(API).body("text"),
        Fetch::head(API).body("text"),
        Fetch::get(API).header("a b", "c"),
        Fetch::get(API).header("", "c"),
        Fetch::get(API).header("a", "b\nc"),
        Fetch::get(API).header("a", "b\0c"),
        Fetch::put(API).mode(Mode::NoCors),
    ] {
        let mut browser = Browser::at(PAGE);
        let blocked = browser
            .fetch(&mut always(200, &ANY), fetch)
            .await
            .unwrap_err();
        assert!(
            matches!(blocked.reason(), Reason::InvalidFetch(_)),
            "{blocked}"
        );
        assert!(browser.log().is_empty());
    }
    let blocked = Browser::opaque()
        .send(Fetch::get("/relative"))
        .await
        .unwrap_err();
    assert!(
        matches!(blocked.reason(), Reason::InvalidFetch(_)),
        "{blocked}"
    );
}

#[tokio::test]
async fn forbidden_headers_are_left_out() {
    let mut fetch = Fetch::get(API);
    for name in [
        "Accept-Charset",
        "Accept-Encoding",
        "Access-Control-Request-Headers",
        "Access-Control-Request-Method",
        "Connection",
        "Cookie",
        "Cookie2",
        "Date",
        "DNT",
        "Expect",
        "Keep-Alive",
        "Set-Cookie",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        "Via",
        "Proxy-Authorization",
        "Sec-Anything",
    ] {
        fetch = fetch.header(name, "x");
    }
    let fetch = fetch.header("X-HTTP-Method-Override", "GET, trace");
    let fetch = fetch
        .header("Origin", "https://admin.example.com")
        .header("Host", "x");
    let browser = browser(PAGE, fetch.header("X-HTTP-Method", "PUT")).await;
    let names = last(&browser)
        .request_headers()
        .keys()
        .map(http::HeaderName::as_str);
    let names: std::collections::BTreeSet<_> = names.collect();
    let expected = [
        "accept",
        "host",
        "origin",
        "referer",
        "sec-fetch-dest",
        "sec-fetch-mode",
        "sec-fetch-site",
        "user-agent",
        "x-http-method",
    ];
    assert_eq!(names.into_iter().collect::<Vec<_>>(), expected);
    assert_eq!(sent(&browser, "host"), Some("api.example.com"));
    assert_eq!(sent(&browser, "origin"), Some(PAGE));
}

#[tokio::test]
async fn values_are_normalized() {
    let browser = browser(PAGE, Fetch::get(API).header("x-a", "\t a  b \n")).await;
    assert_eq!(sent(&browser, "x-a"), Some("a  b"));
}

#[tokio::test]
async fn a_value_with_control_bytes_takes_part_in_the_preflight_only() {
    let browser = browser(PAGE, Fetch::get(API).header("accept", "a\u{1}b")).await;
    let [preflight, get] = browser.log() else {
        panic!("{:?}", browser.log());
    };
    assert_eq!(
        preflight.request_header("access-control-request-headers"),
        Some("accept")
    );
    assert_eq!(get.request_header("accept"), None);
}

#[tokio::test]
async fn origin_is_sent_across_origins_and_with_other_methods() {
    let sent = |fetch| async {
        let browser = browser(PAGE, fetch).await;
        sent(&browser, "origin").map(str::to_owned)
    };
    let origin = Some(PAGE.to_owned());
    assert_eq!(sent(Fetch::get(API)).await, origin);
    assert_eq!(sent(Fetch::get("/")).await, None);
    assert_eq!(sent(Fetch::head("/")).await, None);
    assert_eq!(sent(Fetch::post("/")).await, origin);
    assert_eq!(
        sent(Fetch::delete("/").mode(Mode::SameOrigin)).await,
        origin
    );
    assert_eq!(sent(Fetch::get(API).mode(Mode::NoCors)).await, None);
    assert_eq!(sent(Fetch::post(API).mode(Mode::NoCors)).await, origin);
    // From `https` to `http`, only with CORS.
    let local = || Fetch::post("http://localhost/");
    assert_eq!(sent(local()).await, origin);
    assert_eq!(
        sent(local().mode(Mode::NoCors)).await,
        Some("null".to_owned())
    );
}

#[tokio::test]
async fn fetch_metadata_tells_the_site() {
    for (page, url, site) in [
        (PAGE, "https://app.example.com/", "same-origin"),
        (PAGE, "https://app.example.com:444/", "same-site"),
        (PAGE, "https://example.com/", "same-site"),
        (PAGE, "https://example.org/", "cross-site"),
        ("https://a.co.uk", "https://b.co.uk/", "cross-site"),
        ("https://a.github.io", "https://b.github.io/", "cross-site"),
        (
            "http://localhost:3000",
            "http://localhost:4000/",
            "same-site",
        ),
        (
            "http://localhost:3000",
            "http://127.0.0.1:4000/",
            "cross-site",
        ),
        (
            "http://app.example.com",
            "https://api.example.com/",
            "cross-site",
        ),
        (
            "tauri://localhost",
            "https://api.example.com/",
            "cross-site",
        ),
    ] {
        let browser = browser(page, Fetch::get(url)).await;
        assert_eq!(sent(&browser, "sec-fetch-site"), Some(site), "{page} {url}");
        assert_eq!(sent(&browser, "sec-fetch-mode"), Some("cors"));
        assert_eq!(sent(&browser, "sec-fetch-dest"), Some("empty"));
    }
    // Only to a server with TLS, or on this machine.
    let browser = browser("http://app.example.com", Fetch::get("http://example.com/")).await;
    assert_eq!(sent(&browser, "sec-fetch-site"), None);
}

#[tokio::test]
async fn the_referrer_is_the_origin_for_other_origins() {
    let page = "https://app.example.com/list?page=1#top";
    let same = browser(page, Fetch::get("details")).await;
    assert_eq!(last(&same).url(), "https://app.example.com/details");
    assert_eq!(
        sent(&same, "referer"),
        Some("https://app.example.com/list?page=1")
    );
    let other = browser(page, Fetch::get(API)).await;
    assert_eq!(sent(&other, "referer"), Some("https://app.example.com/"));
    let down = browser(page, Fetch::get("http://localhost/")).await;
    assert_eq!(sent(&down, "referer"), Some("https://app.example.com/"));
}

#[tokio::test]
async fn pages_of_webviews_and_extensions_have_an_origin() {
    for page in [
        "tauri://localhost",
        "capacitor://localhost",
        "chrome-extension://abcdef",
    ] {
        let browser = browser(&format!("{page}/index.html"), Fetch::get(API)).await;
        assert_eq!(sent(&browser, "origin"), Some(page));
    }
    let browser = browser("file:///index.html", Fetch::get(API)).await;
    assert_eq!(sent(&browser, "origin"), Some("null"));
}

#[tokio::test]
async fn a_page_of_an_opaque_origin_is_of_no_origin() {
    let mut browser = Browser::opaque();
    let page = browser
        .fetch(&mut always(200, &ANY), Fetch::get(API))
        .await
        .unwrap();
    assert_eq!(page.response_type(), ResponseType::Cors);
    assert_eq!(sent(&browser, "origin"), Some("null"));
    assert_eq!(sent(&browser, "sec-fetch-site"), Some("cross-site"));
    let post = Fetch::post(API).mode(Mode::SameOrigin);
    let blocked = browser
        .fetch(&mut always(200, &ANY), post)
        .await
        .unwrap_err();
    assert_eq!(blocked.reason(), &Reason::SameOriginMode);
}

#[tokio::test]
async fn bodies_have_a_type_and_a_length() {
    let text = browser(PAGE, Fetch::post(API).body("tea")).await;
    assert_eq!(
        sent(&text, "content-type"),
        Some("text/plain;charset=UTF-8")
    );
    assert_eq!(sent(&text, "content-length"), Some("3"));
    assert_eq!(methods(&text), ["POST"]);
    let bytes = browser(PAGE, Fetch::post(API).body(b"tea".to_vec())).await;
    assert_eq!(sent(&bytes, "content-type"), None);
    let json = browser(PAGE, Fetch::post(API).json(serde_json::json!({ "a": 1 }))).await;
    assert_eq!(sent(&json, "content-type"), Some("application/json"));
    assert_eq!(sent(&json, "content-length"), Some("7"));
    assert_eq!(methods(&json), ["OPTIONS", "POST"]);
    let empty = browser(PAGE, Fetch::post(API)).await;
    assert_eq!(sent(&empty, "content-length"), Some("0"));
    let get = browser(PAGE, Fetch::get(API)).await;
    assert_eq!(sent(&get, "content-length"), None);
}

#[tokio::test]
async fn no_cors_requests_have_only_safelisted_headers() {
    let fetch = Fetch::post(API)
        .mode(Mode::NoCors)
        .header("x-token", "1")
        .header("authorization", "1")
        .header("range", "bytes=0-1")
        .header("content-type", "application/json")
        .header("accept-language", "de")
        .header("accept", "a".repeat(100))
        // Both lines together have more than 128 bytes.
        .header("accept", "a".repeat(100))
        .body("text");
    let mut browser = Browser::at(PAGE);
    let page = browser
        .fetch(&mut always(200, &[("x-a", "1")]), fetch)
        .await
        .unwrap();
    assert_eq!(methods(&browser), ["POST"]);
    for name in ["x-token", "authorization", "range"] {
        assert_eq!(sent(&browser, name), None, "{name}");
    }
    assert_eq!(
        sent(&browser, "content-type"),
        Some("text/plain;charset=UTF-8")
    );
    assert_eq!(sent(&browser, "accept-language"), Some("de"));
    assert_eq!(
        last(&browser)
            .request_headers()
            .get_all("accept")
            .iter()
            .count(),
        1
    );
    assert_eq!(sent(&browser, "sec-fetch-mode"), Some("no-cors"));
    assert_eq!(page.response_type(), ResponseType::Opaque);
    assert_eq!(
        (page.status(), page.url(), page.headers().count()),
        (0, "", 0)
    );
    assert_eq!(page.text().await, "");
}

#[tokio::test]
async fn an_xml_http_request_combines_lines_and_ignores_the_body_of_a_get() {
    let fetch = Fetch::get("https://user:password@api.example.com/")
        .header("x-a", "1")
        .header("X-A", "2")
        .body("text")
        .xhr();
    let browser = browser(PAGE, fetch).await;
    assert_eq!(sent(&browser, "x-a"), Some("1, 2"));
    assert_eq!(sent(&browser, "content-type"), None);
    assert_eq!(sent(&browser, "host"), Some("api.example.com"));
    assert_eq!(sent(&browser, "authorization"), None);
}

#[tokio::test]
async fn fetch_sends_two_lines() {
    let browser = browser(PAGE, Fetch::get(API).header("x-a", "1").header("X-A", "2")).await;
    let values = last(&browser).request_headers().get_all("x-a");
    assert_eq!(values.iter().collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(
        browser.log()[0].request_header("access-control-request-headers"),
        Some("x-a")
    );
}

#[tokio::test]
async fn mixed_content_is_blocked() {
    let mut browser = Browser::at(PAGE);
    let fetch = Fetch::get("http://api.example.com/");
    let blocked = browser
        .fetch(&mut always(200, &ANY), fetch)
        .await
        .unwrap_err();
    assert_eq!(blocked.reason(), &Reason::MixedContent);
    assert!(browser.log().is_empty());
    for local in [
        "http://localhost:3000/",
        "http://127.0.0.1/",
        "http://[::1]/",
    ] {
        browser
            .fetch(&mut always(200, &ANY), Fetch::get(local))
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn other_schemes_are_not_fetched() {
    for url in [
        "file:///etc/passwd",
        "ftp://example.com/",
        "blob:https://app.example.com/1",
    ] {
        let mut browser = Browser::at(PAGE);
        let blocked = browser
            .fetch(&mut always(200, &ANY), Fetch::get(url))
            .await
            .unwrap_err();
        assert!(matches!(blocked.reason(), Reason::Scheme(_)), "{blocked}");
    }
}

#[tokio::test]
async fn a_data_url_is_its_own_response() {
    for mut browser in [Browser::at(PAGE), Browser::opaque()] {
        for mode in [Mode::Cors, Mode::NoCors, Mode::SameOrigin] {
            let fetch = Fetch::get("data:text/html;charset=utf-8;base64,dGVh#part").mode(mode);
            let page = browser.send(fetch).await.unwrap();
            page.assert_status(200)
                .assert_header("content-type", "text/html;charset=utf-8");
            assert_eq!(page.response_type(), ResponseType::Basic);
            assert_eq!(page.url(), "data:text/html;charset=utf-8;base64,dGVh");
            assert_eq!(page.text().await, "tea");
        }
        assert!(browser.log().is_empty());
    }
}

#[tokio::test]
async fn an_invalid_data_url_is_an_error() {
    for url in ["data:text", "data:;base64,%%%"] {
        let fetched = Browser::at(PAGE).send(Fetch::get(url)).await;
        let blocked = fetched.unwrap_err();
        assert!(matches!(blocked.reason(), Reason::InvalidFetch(_)));
    }
}

#[tokio::test]
async fn xml_http_request_sends_a_text_as_utf_8() {
    for (value, expected) in [
        (
            "text/plain;charset=windows-1252",
            "text/plain;charset=UTF-8",
        ),
        (
            "TEXT/html ; Charset=\"ascii\";a=\"b c\"",
            "text/html;charset=UTF-8;a=\"b c\"",
        ),
        ("text/plain; charset=utf-8", "text/plain; charset=utf-8"),
        ("text/plain", "text/plain"),
        ("text", "text"),
    ] {
        let fetch = Fetch::post("/").header("content-type", value).xhr();
        let text = browser(PAGE, fetch.clone().body("x")).await;
        assert_eq!(sent(&text, "content-type"), Some(expected));
        let bytes = browser(PAGE, fetch.body(b"x".to_vec())).await;
        assert_eq!(sent(&bytes, "content-type"), Some(value));
    }
    let quoted = Fetch::post(API)
        .header("content-type", "text/plain;charset=\"ascii\"")
        .body("x");
    assert_eq!(
        methods(&browser(PAGE, quoted.clone()).await),
        ["OPTIONS", "POST"]
    );
    assert_eq!(methods(&browser(PAGE, quoted.xhr()).await), ["POST"]);
}

#[tokio::test]
async fn a_long_referrer_is_the_origin() {
    for (length, expected) in [
        (4000, "https://app.example.com/aaa"),
        (5000, "https://app.example.com/"),
    ] {
        let page = format!("{PAGE}/{}", "a".repeat(length));
        let browser = browser(&page, Fetch::get("/")).await;
        let referrer = sent(&browser, "referer").unwrap();
        assert!(referrer.starts_with(expected));
        assert_eq!(referrer.len() < 30, length == 5000);
    }
}

#[tokio::test]
async fn the_origin_of_a_blob_is_that_of_its_page() {
    for (page, origin) in [
        ("blob:https://app.example.com/9115d58c", PAGE),
        ("blob:null/9115d58c", "null"),
        ("blob:file:///9115d58c", "null"),
    ] {
        let browser = browser(page, Fetch::get(API)).await;
        assert_eq!(sent(&browser, "origin"), Some(origin));
    }
}

#[tokio::test]
async fn a_dot_at_the_end_is_part_of_the_site() {
    let browser = browser("https://app.example.com.", Fetch::get(API)).await;
    assert_eq!(sent(&browser, "sec-fetch-site"), Some("cross-site"));
    let other = "https://api.example.com./items";
    let browser = self::browser("https://app.example.com.", Fetch::get(other)).await;
    assert_eq!(sent(&browser, "sec-fetch-site"), Some("same-site"));
}

#[tokio::test]
async fn a_range_is_not_compressed() {
    let browser = browser(PAGE, Fetch::get(API).header("range", "bytes=0-9")).await;
    assert_eq!(sent(&browser, "accept-encoding"), Some("identity"));
    assert_eq!(methods(&browser), ["GET"]);
}

#[tokio::test]
async fn the_handshake_of_a_web_socket_has_origin_and_cookies() {
    let mut browser = Browser::at(PAGE);
    browser.set_cookie(API, "a=1; SameSite=None; Secure");
    let fetch = Fetch::websocket("wss://api.example.com/items");
    let page = browser
        .fetch(&mut always(101, &[]), fetch.clone())
        .await
        .unwrap();
    page.assert_status(101);
    assert_eq!(last(&browser).url(), API);
    let expected = [
        ("origin", PAGE),
        ("cookie", "a=1"),
        ("accept", "*/*"),
        ("connection", "Upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-fetch-mode", "websocket"),
        ("sec-fetch-site", "same-site"),
    ];
    for (name, value) in expected {
        assert_eq!(sent(&browser, name), Some(value), "{name}");
    }
    for status in [200, 302, 403] {
        let headers = [("location", API)];
        let blocked = browser
            .fetch(&mut always(status, &headers), fetch.clone())
            .await;
        assert_eq!(
            blocked.unwrap_err().reason(),
            &Reason::WebSocketStatus(status)
        );
    }
    let plain = Fetch::websocket("ws://api.example.com/");
    let blocked = browser
        .fetch(&mut always(101, &[]), plain)
        .await
        .unwrap_err();
    assert_eq!(blocked.reason(), &Reason::MixedContent);
}
