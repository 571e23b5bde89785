//! Sends the same requests to each adapter.

use axum::http::header::HOST;
use cors_runtime::axum::routing::any;
use cors_runtime::axum::{MethodRouter, Router, without_preflight};
use cors_runtime::tower::CorsLayer;
use tower::{Layer as _, service_fn};

use super::{
    POLICY, RUNS, SEC_FETCH_SITE, function, handler, is_refused, is_served, plain, shared, stranger,
};
use crate::common::{APP, App, STRANGER, TestRequest, preflight, request};

/// Runs a block with each adapter.
macro_rules! in_every_adapter {
    (|$app:ident| $($body:tt)*) => {{
        {
            let $app = service_fn(function);
            $($body)*
        }
        {
            let $app = CorsLayer::new(&POLICY).layer(service_fn(plain));
            $($body)*
        }
        {
            let $app: Router = Router::new().route("/", any(handler));
            $($body)*
        }
        {
            let $app: Router = Router::new().fallback(shared);
            $($body)*
        }
        {
            let handlers: MethodRouter = any(handler);
            let $app = axum::Router::new().route("/", handlers.into());
            $($body)*
        }
        {
            let handler = axum::routing::any(without_preflight(handler));
            let $app = axum::Router::new().route("/", handler);
            $($body)*
        }
    }};
}

fn site(site: &str) -> TestRequest {
    stranger("POST").header(SEC_FETCH_SITE, site)
}

fn host(host: &str) -> TestRequest {
    stranger("POST").header(HOST, host)
}

#[tokio::test]
async fn an_origin_that_is_not_allowed_is_refused_with_every_method() {
    in_every_adapter!(|app| {
        for method in ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"] {
            is_refused(&stranger(method).to(&app).await);
            let reply = request(method, "/").from(APP).to(&app).await;
            is_served(&reply).allows(APP);
        }
    });
}

#[tokio::test]
async fn a_request_without_an_origin_passes() {
    in_every_adapter!(|app| {
        for site in ["none", "same-origin", "cross-site"] {
            let reply = request("GET", "/")
                .header(SEC_FETCH_SITE, site)
                .to(&app)
                .await;
            is_served(&reply).is_denied();
        }
        is_served(&request("GET", "/").to(&app).await).is_denied();
    });
}

#[tokio::test]
async fn sec_fetch_site_decides_if_present() {
    in_every_adapter!(|app| {
        for value in ["same-origin", "none"] {
            is_served(&site(value).to(&app).await).is_denied();
            let other_host = site(value).header(HOST, "other.example");
            is_served(&other_host.to(&app).await).is_denied();
        }
        for value in [
            "cross-site",
            "same-site",
            "",
            "Same-Origin",
            "same-origin, none",
        ] {
            is_refused(&site(value).to(&app).await);
            let same_host = site(value).header(HOST, "stranger.example");
            is_refused(&same_host.to(&app).await);
        }
        for (first, second) in [("same-origin", "same-origin"), ("cross-site", "none")] {
            let twice = site(first).header(SEC_FETCH_SITE, second);
            is_refused(&twice.header(HOST, "stranger.example").to(&app).await);
        }
    });
}

#[tokio::test]
async fn without_sec_fetch_site_the_host_decides() {
    in_every_adapter!(|app| {
        for same in [
            "stranger.example",
            "stranger.example:443",
            "STRANGER.Example",
        ] {
            is_served(&host(same).to(&app).await).is_denied();
        }
        for other in [
            "stranger.example:80",
            "stranger.example:8443",
            "stranger.example.",
            "x.stranger.example",
            "example",
            "",
        ] {
            is_refused(&host(other).to(&app).await);
        }
        is_refused(&stranger("POST").to(&app).await);
        let twice = host("stranger.example").header(HOST, "stranger.example");
        is_refused(&twice.to(&app).await);
    });
}

#[tokio::test]
async fn the_default_port_depends_on_the_scheme_of_the_origin() {
    in_every_adapter!(|app| {
        for (origin, host) in [
            ("http://one.example", "one.example:80"),
            ("http://one.example:8080", "one.example:8080"),
            ("https://one.example:80", "one.example:80"),
            ("http://[::1]", "[::1]:80"),
            ("http://[::1]:3000", "[::1]:3000"),
        ] {
            let reply = request("POST", "/")
                .from(origin)
                .header(HOST, host)
                .to(&app)
                .await;
            is_served(&reply).is_denied();
        }
        for (origin, host) in [
            ("http://one.example", "one.example:443"),
            ("http://one.example:8080", "one.example"),
            ("https://one.example:8443", "one.example"),
            ("http://[::1]:3000", "[::1]"),
            // A server cannot have this scheme.
            ("tauri://localhost", "localhost"),
        ] {
            is_refused(
                &request("POST", "/")
                    .from(origin)
                    .header(HOST, host)
                    .to(&app)
                    .await,
            );
        }
    });
}

/// In HTTP/2 and for a proxy, the authority is a part of the URI, and takes precedence.
#[tokio::test]
async fn an_authority_in_the_uri_takes_precedence_over_host() {
    in_every_adapter!(|app| {
        for same in ["https://stranger.example/", "https://stranger.example:443/"] {
            is_served(&request("POST", same).from(STRANGER).to(&app).await).is_denied();
            let sent = request("POST", same)
                .from(STRANGER)
                .header(HOST, "other.example");
            is_served(&sent.to(&app).await).is_denied();
        }
        let sent = request("POST", "https://other.example/").from(STRANGER);
        is_refused(&sent.header(HOST, "stranger.example").to(&app).await);
    });
}

/// Browsers send `null` from sandboxed frames, after redirects, and for forms of pages that hide
/// their referrer.
#[tokio::test]
async fn an_opaque_origin_is_refused_unless_the_site_is_same_origin() {
    in_every_adapter!(|app| {
        let null = || request("POST", "/").from("null");
        is_refused(&null().to(&app).await);
        is_refused(&null().header(HOST, "null").to(&app).await);
        is_refused(&null().header(SEC_FETCH_SITE, "cross-site").to(&app).await);
        let own = null().header(SEC_FETCH_SITE, "same-origin");
        is_served(&own.to(&app).await).is_denied();
    });
}

#[tokio::test]
async fn malformed_origins_are_refused() {
    let long = format!("https://{}.app.example", "a.".repeat(200));
    in_every_adapter!(|app| {
        for origin in ["", "*", "stranger.example", "https://\u{e4}.example", &long] {
            let own = origin.split("://").last().unwrap_or_default();
            is_refused(
                &request("POST", "/")
                    .from(origin)
                    .header(HOST, own)
                    .to(&app)
                    .await,
            );
        }
        for second in [APP, STRANGER] {
            is_refused(&stranger("POST").from(second).to(&app).await);
            let own = request("POST", "/").from(APP).from(second);
            is_refused(&own.header(HOST, "app.example").to(&app).await);
        }
    });
}

async fn answers_preflights(app: &impl App) {
    let reply = preflight("GET", "/").from(APP).to(app).await;
    reply.is_allowed_preflight(APP);
    let sent = preflight("GET", "/").from(STRANGER);
    sent.to(app).await.is_refused_preflight();
    // Pages do not send preflights to their own server.
    let own = preflight("GET", "/").from(STRANGER);
    let own = own.header(SEC_FETCH_SITE, "same-origin");
    own.to(app).await.is_refused_preflight();
    assert_eq!(RUNS.take(), 0);
}

#[tokio::test]
async fn preflights_are_unchanged_by_enforce() {
    answers_preflights(&service_fn(function)).await;
    answers_preflights(&CorsLayer::new(&POLICY).layer(service_fn(plain))).await;
    answers_preflights(&Router::new().route("/", any(handler))).await;
    answers_preflights(&Router::new().fallback(shared)).await;
}
