//! Tests routers of axum's own next to annotated handlers. No policy applies to unknown handlers.

use axum::http::StatusCode;
use axum::http::header::ALLOW;
use axum::response::Response;
use axum::routing as plainly;
use cors_runtime::axum::routing::{any, get, put};
use cors_runtime::axum::{Router, cors};
use cors_runtime::{Policy, policy};

use crate::common::{ADMIN, APP, App, STRANGER, panic_of, preflight, request};

static DEFAULT: Policy = policy! {
    origins = ["https://app.example"],
    methods = [PUT],
    credentials,
};
static OTHERS: Policy = policy! { origins = ["https://admin.example"], methods = [PUT] };

#[cors(origins = ["https://app.example"], credentials)]
async fn annotated() -> &'static str {
    "annotated"
}

#[cors(origins = ["https://admin.example"])]
async fn admins() -> &'static str {
    "of admins"
}

#[cors(disabled)]
async fn disabled() -> &'static str {
    "disabled"
}

async fn secret() -> &'static str {
    "secret"
}

async fn plain() -> &'static str {
    "plain"
}

fn axums(path: &str) -> axum::Router {
    axum::Router::new().route(path, plainly::get(secret).put(secret))
}

/// Asserts that the response is unreadable, and that no preflight passes.
async fn is_private(app: &impl App, path: &str, body: &str) {
    for origin in [APP, ADMIN, STRANGER] {
        let reply = request("GET", path).from(origin).to(app).await;
        reply.is(200).has_body(body).has_no_cors();
        for method in ["GET", "PUT"] {
            let sent = preflight(method, path).from(origin).to(app).await;
            sent.has_no_cors();
            assert!(!sent.body.starts_with(b"annotated"), "{sent:#?}");
        }
    }
}

#[tokio::test]
async fn a_nested_handler_on_an_annotated_path_has_no_policy() {
    let theirs = || axum::Router::new().route("/items", plainly::get(secret));
    let outer = |method_router| Router::<()>::new().route("/api/items", method_router);
    let ways = [
        outer(put(annotated)).nest("/api", theirs()),
        outer(put(annotated)).nest("/api", Router::new().merge(theirs())),
        Router::new()
            .nest("/api", theirs())
            .route("/api/items", put(annotated)),
        Router::new().nest("/api", outer(put(annotated)).nest("/api", theirs())),
    ];
    for (way, app) in ways.into_iter().enumerate() {
        let path = if way == 3 {
            "/api/api/items"
        } else {
            "/api/items"
        };
        for origin in [APP, STRANGER] {
            let reply = request("GET", path).from(origin).to(&app).await;
            reply.is(200).has_body("secret").is_without_policy();
            let sent = preflight("GET", path).from(origin).to(&app).await;
            sent.is_refused_preflight();
        }
        let sent = preflight("PUT", path).from(APP).to(&app).await;
        sent.is_allowed_preflight(APP).methods(&["PUT"]);
    }
}

/// An annotated `any` would answer the preflights of the other handlers of its path.
#[tokio::test]
async fn preflights_for_an_annotated_any_on_a_shared_path_are_refused() {
    let theirs = || axum::Router::new().route("/x", plainly::get(secret));
    let app: Router = Router::new().route("/x", any(annotated)).merge(theirs());
    is_private(&app, "/x", "secret").await;
    let sent = preflight("POST", "/x").from(APP).to(&app).await;
    let reason = sent.is_refused_preflight().headers["cors-denied"]
        .to_str()
        .unwrap();
    assert!(reason.contains("not by `any`"), "{reason}");
    let reply = request("POST", "/x").from(APP).to(&app).await;
    reply.is(200).has_body("annotated").allows(APP);
    // A separate path does not have this limitation.
    let app: Router = Router::new().route("/y", any(annotated)).merge(theirs());
    let sent = preflight("POST", "/y").from(APP).to(&app).await;
    sent.is_allowed_preflight(APP);
}

#[tokio::test]
async fn a_route_below_the_prefix_of_a_nested_router() {
    let nested = || Router::new().route("/x", get(annotated));
    let new = Router::new;
    let ways = [
        Router::from(axums("/api/plain")).nest("/api", nested().cors(&DEFAULT)),
        new()
            .merge(axums("/api/plain"))
            .nest("/api", nested().cors(&DEFAULT)),
        new()
            .nest("/api", nested().cors(&DEFAULT))
            .merge(axums("/api/plain")),
        new()
            .merge(axums("/api/plain"))
            .nest("/api", nested().fallback(annotated)),
        new()
            .route("/api/plain", get(secret).put(secret))
            .nest("/api", nested().cors(&DEFAULT)),
    ];
    for app in ways {
        is_private(&app, "/api/plain", "secret").await;
    }
}

#[tokio::test]
async fn a_service_under_a_nested_fallback_keeps_its_own_paths() {
    let app = || {
        let app = Router::<()>::new().route("/api-keys", get(disabled).put(disabled));
        app.route("/items", get(annotated))
            .route("/api/items", get(admins))
            .cors(&DEFAULT)
    };
    let new = axum::Router::<()>::new;
    let layered = || tower::ServiceBuilder::new().service(app());
    let ways = [
        new().nest("/api", new().fallback_service(app())),
        new().nest("/api", new().route_service("/{*path}", app())),
        new().nest_service("/api", app()),
        new().nest("/api", new().route_service("/{*path}", layered())),
        new().nest("/api", new().fallback_service(axum::Router::from(app()))),
    ];
    for mounted in ways {
        for origin in [APP, ADMIN] {
            let path = "/api/api-keys";
            let reply = request("GET", path).from(origin).to(&mounted).await;
            reply.is(200).has_body("disabled").has_no_cors();
            let sent = preflight("PUT", path).from(origin).to(&mounted).await;
            sent.is_refused_preflight();
        }
        let path = "/api/api/items";
        let reply = request("GET", path).from(ADMIN).to(&mounted).await;
        reply.is(200).has_body("of admins").allows(ADMIN);
        let reply = request("GET", path).from(APP).to(&mounted).await;
        reply.is_denied();
        let sent = preflight("GET", path).from(APP).to(&mounted).await;
        sent.is_refused_preflight();
    }
}

/// axum routes `/api/` to the fallback of the outer router.
#[tokio::test]
async fn the_prefix_with_a_slash_has_the_policy_of_the_outer_fallback() {
    let inner = || {
        Router::new()
            .route("/x", get(annotated))
            .fallback(annotated)
    };
    let app = Router::<()>::new().nest("/api", inner()).fallback(secret);
    is_private(&app, "/api/", "secret").await;
    let app = Router::<()>::new().nest("/api", inner()).fallback(admins);
    let reply = request("GET", "/api/").from(APP).to(&app).await;
    reply.has_body("of admins").is_denied();
    let reply = request("GET", "/api/").from(ADMIN).to(&app).await;
    reply.has_body("of admins").allows(ADMIN);
    let sent = preflight("GET", "/api/").from(ADMIN).to(&app).await;
    sent.is_allowed_preflight(ADMIN);
    let reply = request("GET", "/api/none").from(APP).to(&app).await;
    reply.has_body("annotated").allows(APP);
}

#[tokio::test]
async fn a_converted_router_under_a_layer_on_a_route() {
    let app = || {
        let app = Router::<()>::new().route("/admin", put(admins));
        app.route("/off", get(disabled).put(disabled))
            .cors(&DEFAULT)
    };
    let layer = tower::ServiceBuilder::new().layer(axum::Extension(1));
    let service = layer.service(axum::Router::from(app()));
    let app = axum::Router::<()>::new().route_service("/{*path}", service);
    for (path, own) in [("/admin", Some(ADMIN)), ("/off", None)] {
        for origin in [APP, ADMIN] {
            let reply = request("PUT", path).from(origin).to(&app).await;
            let sent = preflight("PUT", path).from(origin).to(&app).await;
            if own == Some(origin) {
                reply.is(200).allows(origin);
                sent.is_allowed_preflight(origin);
            } else {
                reply.is(200).has_no_cors();
                sent.is_refused_preflight();
            }
        }
    }
}

/// A merged default does not spread to a method router of axum's own on the same path.
#[tokio::test]
async fn a_default_of_one_method_beside_an_unknown_one() {
    let known = || Router::<()>::new().route("/a", get(plain)).cors(&DEFAULT);
    let app = Router::new()
        .merge(known())
        .route("/a", plainly::post(secret));
    let reply = request("POST", "/a").from(APP).to(&app).await;
    reply.is(200).has_body("secret").has_no_cors();
    let sent = preflight("POST", "/a").from(APP).to(&app).await;
    sent.has_no_cors();
    let reply = request("GET", "/a").from(APP).to(&app).await;
    reply.is(200).allows(APP);
}

/// Which method router serves a method is not known, so neither policy applies.
#[tokio::test]
async fn two_defaults_for_unknown_handlers_of_one_path() {
    let one = || {
        Router::<()>::new()
            .route("/a", plainly::get(secret))
            .cors(&DEFAULT)
    };
    let other = || {
        Router::<()>::new()
            .route("/a", plainly::put(secret))
            .cors(&OTHERS)
    };
    let bare = || Router::<()>::new().route("/a", plainly::put(secret));
    let both =
        |one: Router, other: Router| Router::<()>::new().merge(one).merge(other).cors(&OTHERS);
    for app in [
        both(one(), other()),
        both(one(), bare()),
        both(bare(), one()),
    ] {
        is_private(&app, "/a", "secret").await;
    }
    let same = || {
        Router::<()>::new()
            .route("/a", plainly::put(secret))
            .cors(&DEFAULT)
    };
    let app = both(one(), same());
    let reply = request("GET", "/a").from(APP).to(&app).await;
    reply.is(200).allows(APP);
}

/// The preflight of our PUT must not reach an endpoint under the default of another router.
#[tokio::test]
async fn a_preflight_is_not_answered_by_another_router_on_the_path() {
    let theirs = |method_router| {
        let router = axum::Router::new().route("/x", method_router);
        Router::<()>::from(router).cors(&DEFAULT)
    };
    let ours = || Router::<()>::new().route("/x", put(admins));
    for app in [
        ours().merge(theirs(plainly::any(secret))),
        theirs(plainly::any(secret)).merge(ours()),
        ours().merge(theirs(plainly::get(secret))),
    ] {
        preflight("PUT", "/x")
            .from(APP)
            .to(&app)
            .await
            .is_refused_preflight();
        let sent = preflight("PUT", "/x").from(ADMIN).to(&app).await;
        sent.is_allowed_preflight(ADMIN);
        let reply = request("GET", "/x").from(APP).to(&app).await;
        reply.is(200).has_body("secret").allows(APP);
    }
}

/// axum alone accepts these routers. The panic must happen before the first connection.
#[test]
fn conflicts_panic_at_start_up() {
    let theirs = || axum::Router::<()>::new().route("/x", plainly::options(plain));
    let ours = || Router::<()>::new().route("/x", get(annotated));
    let plainly_ours = || Router::<()>::new().route("/x", get(plain));
    for panic in [
        panic_of(|| ours().merge(theirs())),
        panic_of(|| Router::from(theirs()).merge(ours())),
        panic_of(|| Router::from(theirs()).route("/x", get(annotated))),
        panic_of(|| {
            Router::<()>::new()
                .route("/a/x", get(annotated))
                .nest("/a", theirs())
        }),
        panic_of(|| plainly_ours().merge(theirs()).cors(&DEFAULT)),
        panic_of(|| plainly_ours().cors(&DEFAULT).merge(theirs())),
        panic_of(|| {
            Router::from(theirs())
                .cors(&DEFAULT)
                .route("/x", get(plain))
        }),
    ] {
        let overlap = "Overlapping method route. Handler for `OPTIONS";
        assert!(panic.message.starts_with(overlap), "{}", panic.message);
        assert_eq!(panic.file, file!(), "{}", panic.message);
    }
    drop(axum::Router::from(plainly_ours().merge(theirs())));
    let theirs = || axum::Router::<()>::new().route("/x", plainly::put(plain));
    let panic = panic_of(|| ours().merge(theirs()).method_not_allowed_fallback(plain));
    assert_eq!(panic.file, file!(), "{}", panic.message);
}

/// `Allow` is the same as in axum on a path that is shared with a router of axum's own.
#[tokio::test]
async fn allow_beside_an_axum_router() {
    let theirs = || axum::Router::<()>::new().route("/x", plainly::put(plain));
    let app = Router::new()
        .route("/x", get(annotated))
        .route("/y", get(annotated));
    let app = app.merge(theirs());
    let reply = request("PATCH", "/x").to(&app).await;
    reply
        .is(405)
        .lists(&ALLOW, &["GET", "HEAD", "OPTIONS", "PUT"]);
    let reply = request("PATCH", "/y").to(&app).await;
    reply.is(405).lists(&ALLOW, &["GET", "HEAD"]);
    let reply = request("OPTIONS", "/x").to(&app).await;
    reply.is(405).lists(&ALLOW, &["GET", "HEAD"]);
}

/// HEAD falls back to GET, unless an unknown handler serves HEAD.
#[tokio::test]
async fn a_head_handler_of_axum_beside_an_annotated_get() {
    let theirs = || plainly::head(secret);
    let ours = || Router::<()>::new().route("/x", get(annotated));
    let router = axum::Router::new().route("/x", theirs());
    for app in [ours().route("/x", theirs()), ours().merge(router)] {
        let reply = request("HEAD", "/x").from(APP).to(&app).await;
        reply.is(200).has_no_cors();
        let sent = preflight("HEAD", "/x").from(APP).to(&app).await;
        sent.has_no_cors();
        let reply = request("GET", "/x").from(APP).to(&app).await;
        reply.is(200).has_body("annotated").allows(APP);
    }
}

/// A router of axum's own keeps the layers of its 404.
#[tokio::test]
async fn the_404_of_an_axum_router_keeps_its_layers() {
    let teapot = || axum::middleware::map_response(async |_: Response| StatusCode::IM_A_TEAPOT);
    let theirs = || axum::Router::<()>::new().layer(teapot());
    let ours = || Router::new().route("/x", get(annotated));
    for app in [Router::from(theirs()), ours().merge(theirs())] {
        request("GET", "/none").to(&app).await.is(418);
    }
    // axum keeps the 404 of the second router.
    let app = Router::from(theirs()).merge(ours());
    request("GET", "/none").to(&app).await.is(404);
}
