//! Tests that CORS runs outside of every layer of the router, and that clones are independent.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, HeaderName, ORIGIN};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use cors_runtime::axum::routing::{any, get, post};
use cors_runtime::axum::{Router, cors};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::trace::TraceLayer;
use tower_http::validate_request::ValidateRequestHeaderLayer;

use crate::common::{ADMIN, APP, App, STRANGER, panic_of, preflight, request};

#[cors(origins = ["https://app.example"], headers = ["authorization"], credentials)]
async fn list() -> &'static str {
    "list"
}

#[cors(origins = ["https://admin.example"])]
async fn create() -> &'static str {
    "create"
}

#[cors(origins = ["https://app.example"])]
async fn lost() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "lost")
}

async fn plain() -> &'static str {
    "plain"
}

/// The number of calls of the auth layer.
#[derive(Clone, Default)]
struct Calls(Arc<AtomicUsize>);

impl Calls {
    fn take(&self) -> usize {
        self.0.swap(0, Ordering::SeqCst)
    }
}

/// Responds with 401 to requests without a token.
async fn auth(State(calls): State<Calls>, request: Request, next: Next) -> Response {
    calls.0.fetch_add(1, Ordering::SeqCst);
    if request.headers().contains_key(AUTHORIZATION) {
        next.run(request).await
    } else {
        (StatusCode::UNAUTHORIZED, "a token, please").into_response()
    }
}

macro_rules! auth {
    ($calls:ident) => {
        from_fn_with_state($calls.clone(), auth)
    };
}

fn items() -> Router {
    Router::new().route("/items", get(list).post(create))
}

async fn auth_is_inside(app: &impl App, calls: &Calls) {
    for (method, origin) in [("GET", APP), ("POST", ADMIN)] {
        let sent = preflight(method, "/items").from(origin).to(app).await;
        sent.is_allowed_preflight(origin);
        let denied = request(method, "/items").from(origin).to(app).await;
        denied.is(401).has_body("a token, please").allows(origin);
        denied.vary(&["origin"]);
    }
    for (method, origin) in [("PUT", APP), ("GET", STRANGER), ("POST", APP)] {
        let sent = preflight(method, "/items").from(origin).to(app).await;
        sent.is_refused_preflight();
    }
    assert_eq!(calls.take(), 2, "preflights are not the auth layer's");
    let token = request("GET", "/items").header(AUTHORIZATION, "token");
    let got = token.from(APP).to(app).await;
    got.is(200).has_body("list").allows(APP).credentials();
    let denied = request("GET", "/items").from(STRANGER).to(app).await;
    denied.is(401).is_denied();
    let denied = request("GET", "/items").to(app).await;
    denied.is(401).is_denied();
    assert_eq!(calls.take(), 3);
}

#[tokio::test]
async fn auth_does_not_receive_preflights() {
    let calls = Calls::default();
    for app in [
        items().layer(auth!(calls)),
        items().route_layer(auth!(calls)),
        Router::new().route("/items", get(list).post(create).layer(auth!(calls))),
        Router::new().route("/items", get(list).post(create).route_layer(auth!(calls))),
        Router::new().merge(items().layer(auth!(calls))),
        items().layer(auth!(calls)).fallback(plain),
        Router::new().route(
            "/items",
            get(list)
                .layer(auth!(calls))
                .merge(post(create).layer(auth!(calls))),
        ),
    ] {
        auth_is_inside(&app, &calls).await;
        auth_is_inside(&axum::Router::from(app.clone()), &calls).await;
        let nested = axum::Router::new().nest("/in", app.into());
        let sent = preflight("GET", "/in/items").from(APP).to(&nested).await;
        sent.is_allowed_preflight(APP);
        assert_eq!(calls.take(), 0);
    }
}

#[tokio::test]
async fn auth_in_a_converted_method_router_does_not_receive_preflights() {
    let calls = Calls::default();
    let routes = get(list).post(create).layer(auth!(calls));
    let app = axum::Router::new().route("/items", routes.into());
    auth_is_inside(&app, &calls).await;
}

#[tokio::test]
async fn auth_that_was_added_before_the_routes_does_not_cover_them() {
    let calls = Calls::default();
    let app: Router = Router::new()
        .route("/guarded", get(list))
        .layer(auth!(calls))
        .route("/items", get(list).post(create));
    let got = request("GET", "/items").from(APP).to(&app).await;
    got.is(200).allows(APP);
    assert_eq!(calls.take(), 0, "as in axum");
    for path in ["/items", "/guarded"] {
        let sent = preflight("GET", path).from(APP).to(&app).await;
        sent.is_allowed_preflight(APP);
    }
    let denied = request("GET", "/guarded").from(APP).to(&app).await;
    denied.is(401).allows(APP);
    assert_eq!(calls.take(), 1);
}

#[tokio::test]
async fn auth_of_tower_http_does_not_receive_preflights() {
    #[allow(deprecated, reason = "the simplest one that there is")]
    let layer = ValidateRequestHeaderLayer::bearer("token");
    let app = items().layer(layer);
    let sent = preflight("GET", "/items").from(APP);
    let sent = sent.with_headers("authorization").to(&app).await;
    sent.is_allowed_preflight(APP);
    let denied = request("GET", "/items").from(APP).to(&app).await;
    denied.is(401).allows(APP).credentials();
    let token = request("GET", "/items").header(AUTHORIZATION, "Bearer token");
    token.from(APP).to(&app).await.is(200).allows(APP);
}

#[tokio::test]
async fn auth_on_unmatched_paths_has_no_headers() {
    let calls = Calls::default();
    let app = items().layer(auth!(calls));
    let denied = request("GET", "/unknown").from(APP).to(&app).await;
    denied.is(401).is_without_policy();
    let denied = preflight("GET", "/unknown").from(APP).to(&app).await;
    denied.is(401).is_without_policy();
    assert_eq!(calls.take(), 2);
    let app = items().fallback(lost).layer(auth!(calls));
    let denied = request("GET", "/unknown").from(APP).to(&app).await;
    denied.is(401).allows(APP);
    let sent = preflight("GET", "/unknown").from(APP).to(&app).await;
    sent.is_allowed_preflight(APP);
    assert_eq!(calls.take(), 1);
}

#[tokio::test]
async fn auth_receives_the_preflights_of_plain_handlers() {
    let calls = Calls::default();
    let app: Router = Router::new()
        .route("/items", get(list).post(plain))
        .layer(auth!(calls));
    let denied = preflight("POST", "/items").from(APP).to(&app).await;
    denied.is(401).is_without_policy();
    assert_eq!(calls.take(), 1);
}

#[tokio::test]
async fn a_panic_that_a_layer_catches_is_readable() {
    #[cors(origins = ["https://app.example"])]
    async fn broken() -> &'static str {
        panic!("on purpose")
    }

    let app: Router = Router::new()
        .route("/broken", get(broken))
        .layer(CatchPanicLayer::new());
    let reply = request("GET", "/broken").from(APP).to(&app).await;
    reply.is(500).allows(APP);
    let reply = request("GET", "/broken").from(STRANGER).to(&app).await;
    reply.is(500).is_denied();
}

#[tokio::test]
async fn a_layer_outside_of_a_converted_router_receives_preflights() {
    let calls = Calls::default();
    let count = |State(calls): State<Calls>, request: Request, next: Next| async move {
        calls.0.fetch_add(1, Ordering::SeqCst);
        next.run(request).await
    };
    let app = axum::Router::from(items().layer(TraceLayer::new_for_http()))
        .layer(TraceLayer::new_for_http())
        .layer(from_fn_with_state(calls.clone(), count));
    let sent = preflight("GET", "/items").from(APP).to(&app).await;
    sent.is_allowed_preflight(APP);
    assert_eq!(calls.take(), 1);
}

#[tokio::test]
async fn a_layer_that_changes_the_request_does_not_change_the_policy() {
    let rewrite = from_fn(async |mut request: Request, next: Next| {
        *request.method_mut() = axum::http::Method::PATCH;
        request.headers_mut().remove(ORIGIN);
        next.run(request).await
    });
    let app: Router = Router::new().route("/items", any(list)).layer(rewrite);
    let got = request("GET", "/items").from(APP).to(&app).await;
    got.is(200).has_body("list").allows(APP);
}

#[tokio::test]
async fn cors_headers_of_a_layer_are_replaced() {
    let theirs = from_fn(async |request: Request, next: Next| {
        let mut response = next.run(request).await;
        for name in [
            "access-control-allow-origin",
            "access-control-allow-credentials",
        ] {
            let name = HeaderName::from_static(name);
            response
                .headers_mut()
                .append(name, "true".parse().expect("a value"));
        }
        response
    });
    let app: Router = Router::new().route("/items", get(create)).layer(theirs);
    let got = request("GET", "/items").from(ADMIN).to(&app).await;
    got.allows(ADMIN);
    got.lacks(&axum::http::header::ACCESS_CONTROL_ALLOW_CREDENTIALS);
    let got = request("GET", "/items").from(APP).to(&app).await;
    got.is_denied();
}

#[test]
fn a_route_layer_without_routes_panics() {
    let calls = Calls::default();
    let panic = panic_of(AssertUnwindSafe(|| {
        Router::<()>::new().route_layer(auth!(calls))
    }));
    assert_eq!(panic.file, file!());
    let message = panic.message;
    assert!(
        message.contains("before any routes is a no-op"),
        "{message}"
    );
}
