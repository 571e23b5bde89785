//! CORS stays outside of every layer that is added to the router, and clones never see each other's
//! changes.

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

/// How often the auth layer was asked, and what.
#[derive(Clone, Default)]
struct Calls(Arc<AtomicUsize>);

impl Calls {
    fn take(&self) -> usize {
        self.0.swap(0, Ordering::SeqCst)
    }
}

/// 401 for everything without a token.
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
        let asked = preflight(method, "/items").from(origin).to(app).await;
        asked.is_permission_for(origin);
        let denied = request(method, "/items").from(origin).to(app).await;
        denied.is(401).says("a token, please").allows(origin);
        denied.vary(&["origin"]);
    }
    for (method, origin) in [("PUT", APP), ("GET", STRANGER), ("POST", APP)] {
        let asked = preflight(method, "/items").from(origin).to(app).await;
        asked.is_refusal();
    }
    assert_eq!(calls.take(), 2, "preflights are not the auth layer's");
    let token = request("GET", "/items").header(AUTHORIZATION, "token");
    let got = token.from(APP).to(app).await;
    got.is(200).says("list").allows(APP).credentials();
    let denied = request("GET", "/items").from(STRANGER).to(app).await;
    denied.is(401).is_unreadable();
    let denied = request("GET", "/items").to(app).await;
    denied.is(401).is_unreadable();
    assert_eq!(calls.take(), 3);
}

#[tokio::test]
async fn auth_never_sees_a_preflight() {
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
        let asked = preflight("GET", "/in/items").from(APP).to(&nested).await;
        asked.is_permission_for(APP);
        assert_eq!(calls.take(), 0);
    }
}

#[tokio::test]
async fn auth_in_a_converted_method_router_never_sees_a_preflight() {
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
        let asked = preflight("GET", path).from(APP).to(&app).await;
        asked.is_permission_for(APP);
    }
    let denied = request("GET", "/guarded").from(APP).to(&app).await;
    denied.is(401).allows(APP);
    assert_eq!(calls.take(), 1);
}

#[tokio::test]
async fn auth_of_tower_http_never_sees_a_preflight() {
    #[allow(deprecated, reason = "the simplest one that there is")]
    let layer = ValidateRequestHeaderLayer::bearer("token");
    let app = items().layer(layer);
    let asked = preflight("GET", "/items").from(APP);
    let asked = asked.with_headers("authorization").to(&app).await;
    asked.is_permission_for(APP);
    let denied = request("GET", "/items").from(APP).to(&app).await;
    denied.is(401).allows(APP).credentials();
    let token = request("GET", "/items").header(AUTHORIZATION, "Bearer token");
    token.from(APP).to(&app).await.is(200).allows(APP);
}

#[tokio::test]
async fn auth_denies_unknown_paths_without_a_header() {
    let calls = Calls::default();
    let app = items().layer(auth!(calls));
    let denied = request("GET", "/unknown").from(APP).to(&app).await;
    denied.is(401).is_untouched();
    let denied = preflight("GET", "/unknown").from(APP).to(&app).await;
    denied.is(401).is_untouched();
    assert_eq!(calls.take(), 2);
    let app = items().fallback(lost).layer(auth!(calls));
    let denied = request("GET", "/unknown").from(APP).to(&app).await;
    denied.is(401).allows(APP);
    let asked = preflight("GET", "/unknown").from(APP).to(&app).await;
    asked.is_permission_for(APP);
    assert_eq!(calls.take(), 1);
}

#[tokio::test]
async fn the_preflight_of_a_plain_handler_is_the_auth_layers() {
    let calls = Calls::default();
    let app: Router = Router::new()
        .route("/items", get(list).post(plain))
        .layer(auth!(calls));
    let denied = preflight("POST", "/items").from(APP).to(&app).await;
    denied.is(401).is_untouched();
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
    reply.is(500).is_unreadable();
}

#[tokio::test]
async fn a_layer_outside_of_the_converted_router_sees_preflights() {
    let calls = Calls::default();
    let count = |State(calls): State<Calls>, request: Request, next: Next| async move {
        calls.0.fetch_add(1, Ordering::SeqCst);
        next.run(request).await
    };
    let app = axum::Router::from(items().layer(TraceLayer::new_for_http()))
        .layer(TraceLayer::new_for_http())
        .layer(from_fn_with_state(calls.clone(), count));
    let asked = preflight("GET", "/items").from(APP).to(&app).await;
    asked.is_permission_for(APP);
    assert_eq!(calls.take(), 1);
}

#[tokio::test]
async fn a_layer_that_changes_the_request_does_not_change_whose_policy_it_is() {
    let rewrite = from_fn(async |mut request: Request, next: Next| {
        *request.method_mut() = axum::http::Method::PATCH;
        request.headers_mut().remove(ORIGIN);
        next.run(request).await
    });
    let app: Router = Router::new().route("/items", any(list)).layer(rewrite);
    let got = request("GET", "/items").from(APP).to(&app).await;
    got.is(200).says("list").allows(APP);
}

#[tokio::test]
async fn a_layer_that_sets_cors_headers_itself_is_overruled() {
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
    got.is_unreadable();
}

#[test]
fn a_route_layer_without_routes_does_not_start() {
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
