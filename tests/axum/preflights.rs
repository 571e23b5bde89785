//! Tests the requested headers of preflights, and origins that match a pattern.

use axum::http::HeaderName;
use cors_runtime::axum::routing::get;
use cors_runtime::axum::{Router, cors};

use crate::common::{APP, STRANGER, preflight, request};

#[cors(origins = ["https://app.example"])]
async fn list() {}

#[cors(origins = "*", headers = ["x-one"])]
async fn open() {}

fn app() -> Router {
    Router::new()
        .route("/items", get(list))
        .route("/open", get(open))
}

#[tokio::test]
async fn a_refused_preflight_has_no_cors_headers() {
    let app = app();
    for (path, method, headers) in [
        ("/items", "PUT", ""),
        ("/items", "GET", "x-one"),
        ("/open", "DELETE", ""),
        ("/open", "GET", "x-two"),
        ("/open", "GET", "x-one, x-two"),
    ] {
        let sent = preflight(method, path).from(APP).with_headers(headers);
        sent.to(&app).await.is_refused_preflight();
    }
    for origin in [STRANGER, "null", ""] {
        let sent = preflight("GET", "/items").from(origin);
        sent.to(&app).await.is_refused_preflight();
    }
    let twice = preflight("GET", "/items").from(APP).from(APP);
    twice.to(&app).await.is_refused_preflight();
}

#[tokio::test]
async fn a_refusal_names_the_policy_in_debug_builds() {
    let denied = HeaderName::from_static("cors-denied");
    let reply = preflight("GET", "/items").from(STRANGER).to(&app()).await;
    let reason = reply.is_refused_preflight().lines(&denied).join("");
    for part in ["origin", &format!("{}:", file!())] {
        assert!(reason.contains(part), "{part} is not in {reason:?}");
    }
    let reply = preflight("GET", "/items").from(APP).to(&app()).await;
    reply.is_allowed_preflight(APP).lacks(&denied);
}

#[tokio::test]
async fn patterns_repeat_the_origin_of_the_request() {
    #[cors(origins = ["https://*.example", "http://localhost:*", "https://one.test"], credentials)]
    async fn wide() {}

    let app: Router = Router::new().route("/", get(wide));
    for origin in [
        "https://a.example",
        "https://a.b.example",
        "http://localhost",
        "http://localhost:5173",
        "https://one.test",
    ] {
        let reply = request("GET", "/").from(origin).to(&app).await;
        reply.allows(origin).credentials().vary(&["origin"]);
        let reply = preflight("GET", "/").from(origin).to(&app).await;
        reply.is_allowed_preflight(origin).credentials();
    }
    for origin in [
        "https://example",
        "https://.example",
        "http://a.example",
        "https://a.example:8443",
        "https://evil.test/.example",
        "https://evil.test#.example",
        "https://aexample",
        "http://localhost:",
        "http://localhost:0",
        "http://localhost:65536",
        "http://localhost.evil.test",
        "https://localhost",
        "https://A.example",
        "https://a.example ",
        "null",
        "https://one.test, https://a.example",
    ] {
        let origin = origin.trim_end_matches('~');
        let reply = request("GET", "/").from(origin).to(&app).await;
        reply.is(200).is_denied();
        let reply = preflight("GET", "/").from(origin).to(&app).await;
        reply.is_refused_preflight();
    }
    let long = format!("https://{}.example", "a".repeat(400));
    request("GET", "/")
        .from(&long)
        .to(&app)
        .await
        .is(200)
        .is_denied();
}

#[tokio::test]
async fn requested_headers_are_accepted_in_any_form() {
    #[cors(origins = ["https://app.example"], headers = ["Content-Type", "x-one", "x-two"])]
    async fn handler() {}

    let app: Router = Router::new().route("/", get(handler));
    for names in [
        "",
        "content-type",
        "X-ONE,x-two",
        "x-two , , content-type,",
        "x-one,x-one",
    ] {
        let reply = preflight("GET", "/").from(APP).with_headers(names);
        let reply = reply.to(&app).await;
        reply
            .is_allowed_preflight(APP)
            .allowed_headers(&["content-type", "x-one", "x-two"]);
    }
    let lines = preflight("GET", "/")
        .from(APP)
        .with_headers("x-one")
        .with_headers("x-two");
    lines.to(&app).await.is_allowed_preflight(APP);
    let many = |count| {
        preflight("GET", "/")
            .from(APP)
            .with_headers(&vec!["x-one"; count].join(","))
    };
    many(64).to(&app).await.is_allowed_preflight(APP);
    many(65).to(&app).await.is_refused_preflight();
    let long = preflight("GET", "/")
        .from(APP)
        .with_headers(&" ".repeat(4097).replace("  ", ", "));
    long.to(&app).await.is_refused_preflight();
    for names in ["authorization", "x-one, x-three", "x-one x-two", "*"] {
        let reply = preflight("GET", "/").from(APP).with_headers(names);
        reply.to(&app).await.is_refused_preflight();
    }
}

#[tokio::test]
async fn a_star_in_headers_does_not_cover_authorization() {
    #[cors(origins = ["https://app.example"], headers = "*")]
    async fn all() {}
    #[cors(origins = ["https://app.example"], headers = ["*", "authorization"])]
    async fn all_and_authorization() {}

    let app: Router = Router::new()
        .route("/", get(all))
        .route("/all", get(all_and_authorization));
    let sent = |path, names| preflight("GET", path).from(APP).with_headers(names);
    let reply = sent("/", "x-one, content-type").to(&app).await;
    reply.is_allowed_preflight(APP).allowed_headers(&["*"]);
    let refused = sent("/", "Authorization").to(&app).await;
    refused.is_refused_preflight();
    let reasons = refused.lines(&HeaderName::from_static("cors-denied"));
    let spelling = r#"write `headers = ["*", "authorization"]`"#;
    assert!(reasons[0].contains(spelling), "{reasons:?}");
    let reply = sent("/all", "x-one, Authorization").to(&app).await;
    reply
        .is_allowed_preflight(APP)
        .allowed_headers(&["*", "authorization"]);
}
