//! `enforce`: the requests that are refused, the same in each adapter, and what passes.

mod common;

use std::cell::Cell;
use std::convert::Infallible;

use axum::body::Body;
use axum::extract::{FromRequestParts, Query, Request};
use axum::http::header::{AUTHORIZATION, HOST, HeaderName};
use axum::http::request::Parts;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use common::{APP, App, Ask, Reply, STRANGER, ask, preflight};
use cors_runtime::axum::routing::{any, get};
use cors_runtime::axum::{MethodRouter, Router, cors, without_preflight};
use cors_runtime::tower::CorsLayer;
use cors_runtime::{Policy, policy};
use tower::{Layer as _, service_fn};

const DENIED: HeaderName = HeaderName::from_static("cors-denied");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

static POLICY: Policy = policy! { origins = ["https://app.example"], enforce };

thread_local! {
    /// How often code of the user's ran.
    static RUNS: Cell<usize> = const { Cell::new(0) };
}

fn work() -> Response {
    RUNS.set(RUNS.get() + 1);
    Response::new(Body::from("work"))
}

#[cors_runtime::http::cors(origins = ["https://app.example"], enforce)]
async fn function(_: http::Request<Body>) -> Result<http::Response<Body>, Infallible> {
    Ok(work())
}

async fn plain(_: Request) -> Result<Response, Infallible> {
    Ok(work())
}

#[cors(origins = ["https://app.example"], enforce)]
async fn handler() -> Response {
    work()
}

#[cors(policy = POLICY)]
async fn shared() -> Response {
    work()
}

/// With the same requests to each adapter.
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

fn stranger(method: &str) -> Ask {
    ask(method, "/").from(STRANGER)
}

fn site(site: &str) -> Ask {
    stranger("POST").header(SEC_FETCH_SITE, site)
}

fn host(host: &str) -> Ask {
    stranger("POST").header(HOST, host)
}

#[track_caller]
fn is_refused(reply: &Reply) {
    reply.is(403).says("").has_no_cors();
    reply.vary(&["origin", "sec-fetch-site"]);
    let said = reply.lines(&DENIED).join(", ");
    assert!(said.contains("(policy at tests/enforce.rs:"), "{said}");
    assert_eq!(RUNS.take(), 0, "nobody ran");
}

#[track_caller]
fn is_served(reply: &Reply) -> &Reply {
    assert_eq!(RUNS.take(), 1, "{reply:#?}");
    reply.is(200).says("work").vary(&["origin"])
}

#[tokio::test]
async fn an_origin_that_is_not_allowed_is_refused_with_every_method() {
    in_every_adapter!(|app| {
        for method in ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"] {
            is_refused(&stranger(method).to(&app).await);
            let reply = ask(method, "/").from(APP).to(&app).await;
            is_served(&reply).allows(APP);
        }
    });
}

#[tokio::test]
async fn a_request_without_an_origin_passes() {
    in_every_adapter!(|app| {
        for site in ["none", "same-origin", "cross-site"] {
            let reply = ask("GET", "/").header(SEC_FETCH_SITE, site).to(&app).await;
            is_served(&reply).is_unreadable();
        }
        is_served(&ask("GET", "/").to(&app).await).is_unreadable();
    });
}

#[tokio::test]
async fn what_the_browser_says_of_the_site_decides() {
    in_every_adapter!(|app| {
        for value in ["same-origin", "none"] {
            is_served(&site(value).to(&app).await).is_unreadable();
            let other_host = site(value).header(HOST, "other.example");
            is_served(&other_host.to(&app).await).is_unreadable();
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
async fn without_it_the_authority_decides() {
    in_every_adapter!(|app| {
        for same in [
            "stranger.example",
            "stranger.example:443",
            "STRANGER.Example",
        ] {
            is_served(&host(same).to(&app).await).is_unreadable();
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
async fn default_ports_are_those_of_the_origins_scheme() {
    in_every_adapter!(|app| {
        for (origin, host) in [
            ("http://one.example", "one.example:80"),
            ("http://one.example:8080", "one.example:8080"),
            ("https://one.example:80", "one.example:80"),
            ("http://[::1]", "[::1]:80"),
            ("http://[::1]:3000", "[::1]:3000"),
        ] {
            let reply = ask("POST", "/")
                .from(origin)
                .header(HOST, host)
                .to(&app)
                .await;
            is_served(&reply).is_unreadable();
        }
        for (origin, host) in [
            ("http://one.example", "one.example:443"),
            ("http://one.example:8080", "one.example"),
            ("https://one.example:8443", "one.example"),
            ("http://[::1]:3000", "[::1]"),
        ] {
            is_refused(
                &ask("POST", "/")
                    .from(origin)
                    .header(HOST, host)
                    .to(&app)
                    .await,
            );
        }
    });
}

/// As in HTTP/2, and to a proxy: the authority is part of the URI, and counts.
#[tokio::test]
async fn an_authority_in_the_uri_goes_before_host() {
    in_every_adapter!(|app| {
        for same in ["https://stranger.example/", "https://stranger.example:443/"] {
            is_served(&ask("POST", same).from(STRANGER).to(&app).await).is_unreadable();
            let asked = ask("POST", same)
                .from(STRANGER)
                .header(HOST, "other.example");
            is_served(&asked.to(&app).await).is_unreadable();
        }
        let asked = ask("POST", "https://other.example/").from(STRANGER);
        is_refused(&asked.header(HOST, "stranger.example").to(&app).await);
    });
}

/// What sandboxed frames send, requests that were redirected, and forms of pages that hide their referrer.
#[tokio::test]
async fn an_opaque_origin_is_nobodys_own_unless_the_browser_says_so() {
    in_every_adapter!(|app| {
        let null = || ask("POST", "/").from("null");
        is_refused(&null().to(&app).await);
        is_refused(&null().header(HOST, "null").to(&app).await);
        is_refused(&null().header(SEC_FETCH_SITE, "cross-site").to(&app).await);
        let own = null().header(SEC_FETCH_SITE, "same-origin");
        is_served(&own.to(&app).await).is_unreadable();
    });
}

#[tokio::test]
async fn odd_origins_are_refused() {
    let long = format!("https://{}.app.example", "a.".repeat(200));
    in_every_adapter!(|app| {
        for origin in ["", "*", "stranger.example", "https://\u{e4}.example", &long] {
            let own = origin.split("://").last().unwrap_or_default();
            is_refused(
                &ask("POST", "/")
                    .from(origin)
                    .header(HOST, own)
                    .to(&app)
                    .await,
            );
        }
        for second in [APP, STRANGER] {
            is_refused(&stranger("POST").from(second).to(&app).await);
            let own = ask("POST", "/").from(APP).from(second);
            is_refused(&own.header(HOST, "app.example").to(&app).await);
        }
    });
}

async fn answers_preflights(app: &impl App) {
    let reply = preflight("GET", "/").from(APP).to(app).await;
    reply.is_permission_for(APP);
    let asked = preflight("GET", "/").from(STRANGER);
    asked.to(app).await.is_refusal();
    // No page asks its own server.
    let own = preflight("GET", "/").from(STRANGER);
    let own = own.header(SEC_FETCH_SITE, "same-origin");
    own.to(app).await.is_refusal();
    assert_eq!(RUNS.take(), 0);
}

#[tokio::test]
async fn preflights_are_what_they_are_without_it() {
    answers_preflights(&service_fn(function)).await;
    answers_preflights(&CorsLayer::new(&POLICY).layer(service_fn(plain))).await;
    answers_preflights(&Router::new().route("/", any(handler))).await;
    answers_preflights(&Router::new().fallback(shared)).await;
}

/// Counts, and rejects everybody.
struct Rejecting;

impl<S: Sync> FromRequestParts<S> for Rejecting {
    type Rejection = Response;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Response> {
        Err(work())
    }
}

#[cors(origins = ["https://app.example"], enforce)]
async fn extracting(_: Query<()>, _: Rejecting) {}

#[tokio::test]
async fn in_axum_nobody_extracts_before() {
    let app = Router::new().route("/", get(extracting));
    is_refused(&stranger("GET").to(&app).await);
    is_served(&ask("GET", "/").from(APP).to(&app).await).allows(APP);
}

async fn auth(request: Request, next: Next) -> Response {
    if request.headers().contains_key(AUTHORIZATION) {
        return next.run(request).await;
    }
    work()
}

#[tokio::test]
async fn in_axum_no_layer_runs_before() {
    let app = Router::new().route("/", get(handler)).layer(from_fn(auth));
    let app = Router::new().nest("/api", app).layer(from_fn(auth));
    let asked = || ask("GET", "/api").from(STRANGER);
    is_refused(&asked().to(&app).await);
    is_refused(&asked().header(AUTHORIZATION, "token").to(&app).await);
    is_served(&ask("GET", "/api").from(APP).to(&app).await).allows(APP);
    let own = asked().header(SEC_FETCH_SITE, "same-origin");
    is_served(&own.to(&app).await).is_unreadable();
}

#[tokio::test]
async fn in_axum_it_is_about_its_own_handler() {
    #[cors(origins = ["https://app.example"])]
    async fn lenient() -> Response {
        work()
    }
    let handlers = get(handler).post(lenient).put(async || work());
    let app = Router::new().route("/", handlers);
    is_refused(&stranger("GET").to(&app).await);
    is_refused(&stranger("HEAD").to(&app).await);
    is_served(&stranger("POST").to(&app).await).is_unreadable();
    stranger("PUT").to(&app).await.is(200).is_untouched();
    assert_eq!(RUNS.take(), 1);
    // Nobody serves it, and nobody runs.
    stranger("DELETE").to(&app).await.is(405).is_unreadable();
    ask("DELETE", "/")
        .from(APP)
        .to(&app)
        .await
        .is(405)
        .allows(APP);
}

#[tokio::test]
async fn a_default_of_the_app_can_enforce() {
    let app = Router::new()
        .route("/plain", get(async || work()))
        .route("/open", get(open))
        .cors(&POLICY);
    is_refused(&ask("GET", "/plain").from(STRANGER).to(&app).await);
    is_served(&ask("GET", "/plain").from(APP).to(&app).await).allows(APP);
    // Its own policy replaces the default, with all that it says.
    let reply = ask("GET", "/open").from(STRANGER).to(&app).await;
    reply.is(200).allows("*");
}

#[cors(origins = "*")]
async fn open() {}

#[tokio::test]
async fn a_handler_inside_of_a_layer_enforces_its_own() {
    static LOOSE: Policy = policy! { origins = ["https://stranger.example"] };
    let app = CorsLayer::new(&LOOSE).layer(service_fn(function));
    preflight("GET", "/")
        .from(STRANGER)
        .to(&app)
        .await
        .is_permission_for(STRANGER);
    is_refused(&stranger("GET").to(&app).await);
    is_served(&ask("GET", "/").from(APP).to(&app).await).allows(APP);
    let app = CorsLayer::new(&LOOSE).layer(Router::new().route("/", get(handler)));
    is_refused(&stranger("GET").to(&app).await);
    is_served(&ask("GET", "/").from(APP).to(&app).await).allows(APP);
}

/// A layer does not know what a handler inside would allow, unless it is told.
#[tokio::test]
async fn a_layer_enforces_its_own_before_anybody_inside() {
    #[cors_runtime::http::cors(origins = ["https://stranger.example"])]
    async fn other(_: http::Request<Body>) -> Result<http::Response<Body>, Infallible> {
        Ok(work())
    }
    static OTHER: Policy = policy! { origins = ["https://stranger.example"] };
    let app = CorsLayer::new(&POLICY).layer(service_fn(other));
    is_refused(&stranger("GET").to(&app).await);
    let told = CorsLayer::new(&POLICY).policies_inside(|_, _| Some(&OTHER));
    let app = told.layer(service_fn(other));
    is_served(&stranger("GET").to(&app).await).allows(STRANGER);
}
