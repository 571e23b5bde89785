//! Tests `ask(..)`: origins that an async function decides about.

use std::convert::Infallible;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use cors_runtime::axum::routing::{get, post};
use cors_runtime::axum::{Router, cors, without_preflight};
use cors_runtime::tower::CorsLayer;
use cors_runtime::{AsyncOriginSource, OriginFuture, OriginRequest, Policy, policy};
use tower::{Layer, Service, service_fn};

use crate::common::{ADMIN, APP, STRANGER, TestRequest, preflight, request};

const SLOW: &str = "https://slow.example";
const BROKEN: &str = "https://broken.example";
const PANICS: &str = "https://panics.example";

/// Allows one origin, after it has yielded.
async fn tenants(request: OriginRequest) -> Result<bool, std::io::Error> {
    tokio::task::yield_now().await;
    match request.origin() {
        BROKEN => Err(std::io::Error::other("no database")),
        PANICS => panic!("on purpose"),
        origin => Ok(origin == APP),
    }
}

/// Never completes.
struct Slow;

impl AsyncOriginSource for Slow {
    fn allows(&self, request: OriginRequest) -> OriginFuture {
        Box::pin(async move {
            if request.origin() == SLOW {
                tokio::time::sleep(Duration::from_secs(3600)).await;
            }
            Ok(request.origin() == SLOW)
        })
    }

    fn timeout(&self) -> Duration {
        Duration::from_millis(10)
    }
}

static SLOW_TENANTS: Slow = Slow;

#[cors(
    origins = ["https://admin.example", ask(tenants), ask(SLOW_TENANTS)],
    headers = ["content-type"],
    credentials,
)]
async fn create(Json(number): Json<u32>) -> String {
    number.to_string()
}

const NOBODY: [&str; 5] = [STRANGER, SLOW, BROKEN, PANICS, "null"];

fn app() -> Router {
    Router::new().route("/", post(create))
}

#[tokio::test]
async fn preflights_wait_for_ask() {
    for origin in [APP, ADMIN] {
        let sent = preflight("POST", "/")
            .from(origin)
            .with_headers("content-type");
        let sent = sent.to(&app()).await;
        sent.is_allowed_preflight(origin).credentials();
    }
    for origin in NOBODY {
        preflight("POST", "/")
            .from(origin)
            .to(&app())
            .await
            .is_refused_preflight();
    }
    let refused = preflight("POST", "/").with_headers("x-other").from(APP);
    refused.to(&app()).await.is_refused_preflight();
    preflight("PUT", "/")
        .from(APP)
        .to(&app())
        .await
        .is_refused_preflight();
}

#[tokio::test]
async fn actual_requests_wait_for_ask() {
    for origin in [APP, ADMIN] {
        let reply = request("POST", "/").json("7").from(origin).to(&app()).await;
        reply.is(200).has_body("7").allows(origin).credentials();
        reply.vary(&["origin"]);
    }
    for origin in NOBODY {
        let reply = request("POST", "/").json("7").from(origin).to(&app()).await;
        reply.is(200).has_body("7").is_denied();
    }
    request("POST", "/")
        .json("7")
        .to(&app())
        .await
        .is(200)
        .is_denied();
}

#[tokio::test]
async fn errors_are_readable() {
    let rejected = request("POST", "/").json("x").from(APP).to(&app()).await;
    rejected.is(400).allows(APP);
    request("PUT", "/")
        .from(APP)
        .to(&app())
        .await
        .is(405)
        .allows(APP);
    request("PUT", "/")
        .from(STRANGER)
        .to(&app())
        .await
        .is(405)
        .is_denied();
}

static CALLED_WITH: AtomicUsize = AtomicUsize::new(0);
static LAST: Mutex<Option<OriginRequest>> = Mutex::new(None);

async fn counted(request: OriginRequest) -> bool {
    CALLED_WITH.fetch_add(1, Ordering::SeqCst);
    *LAST.lock().expect("no panic under the lock") = Some(request);
    true
}

#[tokio::test]
async fn ask_is_called_only_for_undecided_and_well_formed_origins() {
    #[cors(origins = ["https://admin.example", ask(counted)])]
    async fn list() {}

    let app: Router = Router::new().route("/items/{id}", get(list));
    let long = format!("https://{}.example", "a".repeat(400));
    for unasked in [
        ADMIN,
        "null",
        "",
        "https://evil.example/x",
        "HTTPS://APP.EXAMPLE",
        &long,
    ] {
        request("GET", "/items/1")
            .from(unasked)
            .to(&app)
            .await
            .is(200);
        preflight("GET", "/items/1").from(unasked).to(&app).await;
    }
    let two = request("GET", "/items/1").from(APP).from(APP);
    two.to(&app).await.is_denied();
    request("GET", "/items/1").to(&app).await.is(200);
    assert_eq!(CALLED_WITH.load(Ordering::SeqCst), 0);

    let sent = preflight("GET", "/items/1?page=2").from(APP);
    let sent = sent.header(axum::http::header::HOST, "api.example");
    sent.to(&app).await.is_allowed_preflight(APP);
    assert_eq!(CALLED_WITH.load(Ordering::SeqCst), 1);
    let request = LAST.lock().expect("no panic under the lock").take();
    let request = request.expect("it was asked");
    assert_eq!(request.origin(), APP);
    assert_eq!(request.method(), "GET");
    assert_eq!(request.path(), "/items/1");
    assert_eq!(request.host(), Some("api.example"));
}

/// Only an origin source can allow an extension whose host differs between installations.
#[tokio::test]
async fn a_source_receives_the_origins_of_extensions_and_webviews() {
    async fn allow_all(_: OriginRequest) -> bool {
        true
    }

    #[cors(origins = [ask(allow_all)])]
    async fn list() {}

    let app: Router = Router::new().route("/items", get(list));
    for origin in [
        "app://.",
        "capacitor-electron://-",
        "moz-extension://1b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9",
        "safari-web-extension://D9F1A2B3-0C4D-4E5F-8A6B-7C8D9E0F1A2B",
        "http://7nas",
        "https://foo-.example.com",
    ] {
        let sent = preflight("GET", "/items").from(origin).to(&app).await;
        sent.is_allowed_preflight(origin);
    }
}

#[tokio::test]
async fn ask_is_not_called_for_other_refusals() {
    static CALLED_WITH: AtomicUsize = AtomicUsize::new(0);
    async fn count(_: OriginRequest) -> bool {
        CALLED_WITH.fetch_add(1, Ordering::SeqCst);
        true
    }
    #[cors(origins = [ask(count)])]
    async fn list() {}

    let app: Router = Router::new().route("/", get(list));
    let unserved = preflight("PATCH", "/").from(APP).to(&app).await;
    unserved.is_refused_preflight();
    let two = preflight("GET", "/")
        .from(APP)
        .header(axum::http::header::ACCESS_CONTROL_REQUEST_METHOD, "POST");
    two.to(&app).await.is_refused_preflight();
    assert_eq!(CALLED_WITH.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_fallback_calls_ask_once() {
    static CALLED_WITH: AtomicUsize = AtomicUsize::new(0);
    async fn count(_: OriginRequest) -> bool {
        CALLED_WITH.fetch_add(1, Ordering::SeqCst);
        true
    }
    #[cors(origins = [ask(count)])]
    async fn lost() {}

    let app: Router = Router::new().fallback(lost);
    request("GET", "/").from(APP).to(&app).await.allows(APP);
    assert_eq!(CALLED_WITH.load(Ordering::SeqCst), 1);
    preflight("GET", "/").from(APP).to(&app).await.allows(APP);
    assert_eq!(CALLED_WITH.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn enforce_waits_before_the_handler_runs() {
    static RAN: AtomicUsize = AtomicUsize::new(0);

    #[cors(origins = [ask(tenants)], enforce)]
    async fn pay() {
        RAN.fetch_add(1, Ordering::SeqCst);
    }

    let app: Router = Router::new().route("/", post(pay));
    for origin in NOBODY {
        let reply = request("POST", "/").from(origin).to(&app).await;
        reply
            .is(403)
            .has_no_cors()
            .vary(&["origin", "sec-fetch-site"]);
    }
    assert_eq!(RAN.load(Ordering::SeqCst), 0);
    request("POST", "/")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .allows(APP);
    assert_eq!(RAN.load(Ordering::SeqCst), 1);
}

static TENANTS: Policy = policy! { origins = [ask(tenants)], methods = [PUT] };

#[tokio::test]
async fn fallbacks_defaults_and_conversions_wait_for_ask() {
    #[cors(policy = TENANTS)]
    async fn annotated() {}
    async fn plain() {}

    let others = axum::Router::new().route("/axum", axum::routing::put(plain));
    let default: Router = Router::new().merge(others).cors(&TENANTS);
    let fallback: Router = Router::new().fallback(annotated);
    let beside: Router = Router::new().fallback(annotated).merge(axum::Router::new());
    let converted = axum::Router::new().route(
        "/axum",
        axum::routing::MethodRouter::from(cors_runtime::axum::routing::put(annotated)),
    );
    let routers = [default.into(), fallback.into(), beside.into(), converted];
    for app in &routers {
        let sent = preflight("PUT", "/axum").from(APP).to(app).await;
        sent.is(204).allows(APP);
        preflight("PUT", "/axum")
            .from(STRANGER)
            .to(app)
            .await
            .is(403)
            .has_no_cors();
        request("PUT", "/axum")
            .from(APP)
            .to(app)
            .await
            .is(200)
            .allows(APP);
        request("PUT", "/axum")
            .from(STRANGER)
            .to(app)
            .await
            .is_denied();
    }
    let app = axum::Router::new().route("/", axum::routing::get(without_preflight(annotated)));
    request("GET", "/").from(APP).to(&app).await.allows(APP);
    request("GET", "/")
        .from(STRANGER)
        .to(&app)
        .await
        .is_denied();
}

/// Sends the same requests to a whole service.
async fn assert_waits<S>(service: S)
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone,
{
    let sent = preflight("PUT", "/").from(APP).to(&service).await;
    sent.is_allowed_preflight(APP).methods(&["PUT"]);
    for origin in NOBODY {
        preflight("PUT", "/")
            .from(origin)
            .to(&service)
            .await
            .is_refused_preflight();
        let reply = request("PUT", "/").from(origin).to(&service).await;
        reply.is(200).is_denied();
    }
    let reply = request("PUT", "/").from(APP).to(&service).await;
    reply.is(200).allows(APP).vary(&["origin"]);
}

#[tokio::test]
async fn whole_services_wait_for_ask() {
    #[cors_runtime::http::cors(policy = TENANTS)]
    async fn shared(_: http::Request<Body>) -> Result<http::Response<Body>, Infallible> {
        Ok(Response::default())
    }
    #[cors_runtime::http::cors(origins = [ask(tenants)], methods = [PUT])]
    async fn inline(_: http::Request<Body>) -> Result<http::Response<Body>, Infallible> {
        Ok(Response::default())
    }
    assert_waits(service_fn(shared)).await;
    assert_waits(service_fn(inline)).await;
}

#[tokio::test]
async fn a_layer_waits_and_does_not_call_the_service_for_a_preflight() {
    let calls = std::sync::Arc::new(AtomicUsize::new(0));
    let counter = calls.clone();
    let inner = service_fn(move |_: Request| {
        counter.fetch_add(1, Ordering::SeqCst);
        async { Ok(Response::default()) }
    });
    let service = CorsLayer::new(&TENANTS).layer(inner);
    preflight("PUT", "/")
        .from(APP)
        .to(&service)
        .await
        .is_allowed_preflight(APP);
    preflight("PUT", "/")
        .from(STRANGER)
        .to(&service)
        .await
        .is_refused_preflight();
    assert_eq!(calls.load(Ordering::SeqCst), 0);
    assert_waits(service).await;
}

#[tokio::test]
async fn an_annotated_handler_in_a_layer_with_ask_keeps_its_policy() {
    #[cors(origins = ["https://admin.example"])]
    async fn strict() {}

    let router: axum::Router = Router::new().route("/", get(strict)).into();
    let app = CorsLayer::new(&TENANTS).layer(router);
    // The layer would allow the origin, but the handler does not.
    let reply = request("GET", "/").from(APP).to(&app).await;
    reply.is(403).has_no_cors();
    let reply = request("GET", "/").from(ADMIN).to(&app).await;
    reply.is(200).allows(ADMIN);
}

#[tokio::test]
async fn a_layer_waits_before_it_enforces() {
    static BOTH: Policy = policy! { origins = [ask(tenants)], enforce };
    let handler = service_fn(|_: Request| async { Ok::<_, Infallible>(Response::default()) });
    let app = CorsLayer::new(&BOTH).layer(handler);
    let reply = request("PUT", "/").from(STRANGER).to(&app).await;
    reply.is(403).has_no_cors();
    request("PUT", "/")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .allows(APP);
}

/// An error whose message cannot be formatted.
struct Unprintable;

impl std::fmt::Display for Unprintable {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        panic!("no message");
    }
}

impl std::fmt::Debug for Unprintable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Unprintable")
    }
}

impl std::error::Error for Unprintable {}

async fn unprintable(_: OriginRequest) -> Result<bool, Unprintable> {
    Err(Unprintable)
}

#[tokio::test]
async fn an_error_that_panics_denies_the_origin() {
    #[cors(origins = [ask(unprintable)])]
    async fn list() {}

    let app: Router = Router::new().route("/", get(list));
    let reply = request("GET", "/").from(APP).to(&app).await;
    reply.is(200).is_denied();
}

/// Without a timer, the source cannot be awaited, so the origin is denied.
#[test]
fn ask_without_a_timer_denies_the_origin() {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let reply = runtime.expect("a runtime").block_on(async {
        let sent: TestRequest = preflight("POST", "/").from(APP);
        sent.to(&app()).await
    });
    reply.is_refused_preflight();
}

#[test]
fn the_default_timeout_is_five_seconds() {
    assert_eq!(AsyncOriginSource::timeout(&tenants), Duration::from_secs(5));
}

#[tokio::test]
async fn requests_are_handled_concurrently() {
    let (app, other) = (app(), app());
    let ask = |app: &Router| {
        let sent = preflight("POST", "/").from(APP);
        let app = app.clone();
        async move { sent.to(&app).await }
    };
    let (one, two) = tokio::join!(ask(&app), ask(&other));
    one.is_allowed_preflight(APP);
    two.is_allowed_preflight(APP);
}

#[test]
fn the_table_lists_ask() {
    let table = app().policies().to_string();
    assert!(
        table.contains("https://admin.example, ask(tenants), ask(SLOW_TENANTS)"),
        "{table}"
    );
}
