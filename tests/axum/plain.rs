//! Tests plain handlers on an annotated path. Plain handlers do not get a policy, and their
//! preflights are not answered.

use axum::http::header::{ACCESS_CONTROL_MAX_AGE, ALLOW};
use axum::routing as plainly;
use cors_runtime::axum::routing::{any, delete, get, post, put};
use cors_runtime::axum::{MethodRouter, Router, cors};

use crate::common::{ADMIN, APP, App, Reply, preflight, request};

#[cors(origins = ["https://app.example"])]
async fn list() -> &'static str {
    "list"
}

#[cors(origins = ["https://admin.example"])]
async fn create() -> &'static str {
    "create"
}

async fn plain() -> &'static str {
    "plain"
}

async fn options() -> &'static str {
    "options"
}

fn router(routes: impl Into<MethodRouter>) -> Router {
    Router::new().route("/items", routes)
}

/// GET is `list`, and POST is `plain`. Preflights for POST are not answered.
async fn get_is_annotated_and_post_is_plain(app: &impl App) {
    post_is_plain(app, |sent| _ = sent.is(405).is_without_policy()).await;
}

async fn post_is_plain(app: &impl App, is_unanswered: fn(&Reply)) {
    let got = request("GET", "/items").from(APP).to(app).await;
    got.is(200).has_body("list").allows(APP).vary(&["origin"]);
    let read = preflight("GET", "/items").from(APP).to(app).await;
    read.is(204).allows(APP).methods(&["GET"]);
    let refused = preflight("GET", "/items").from(ADMIN).to(app).await;
    refused.is(403).has_no_cors();
    for origin in [APP, ADMIN] {
        let made = request("POST", "/items").from(origin).to(app).await;
        made.is(200).has_body("plain").is_without_policy();
        let sent = preflight("POST", "/items").from(origin).to(app).await;
        is_unanswered(&sent);
    }
}

/// Returns routers with a plain POST next to the annotated GET, where both are known.
fn plain_siblings() -> Vec<(&'static str, Router)> {
    let ours = || router(post(plain));
    let annotated = || router(get(list));
    vec![
        ("chained after", router(get(list).post(plain))),
        ("chained before", router(post(plain).get(list))),
        (
            "as a service",
            router(get(list).post_service(plainly::post(plain))),
        ),
        ("merged method router", router(get(list).merge(post(plain)))),
        (
            "merged into method router",
            router(post(plain).merge(get(list))),
        ),
        (
            "second route after",
            annotated().route("/items", post(plain)),
        ),
        ("second route before", ours().route("/items", get(list))),
        ("merge after", annotated().merge(ours())),
        ("merge before", ours().merge(annotated())),
        (
            "nested",
            Router::new().merge(Router::new().merge(annotated()).merge(ours())),
        ),
    ]
}

/// Returns routers where the plain POST is in a type of axum's own.
fn axum_siblings() -> Vec<(&'static str, Router)> {
    let theirs = || plainly::post(plain);
    let annotated = || router(get(list));
    vec![
        ("merged method router", router(get(list).merge(theirs()))),
        (
            "into method router",
            router(MethodRouter::from(theirs()).get(list)),
        ),
        ("second route after", annotated().route("/items", theirs())),
        (
            "second route before",
            router(theirs()).route("/items", get(list)),
        ),
    ]
}

/// Returns a router where the plain POST is in a router of axum's own, whose handlers are not
/// known.
fn axum_router_siblings() -> Vec<(&'static str, Router)> {
    let annotated = || router(get(list));
    let theirs = || axum::Router::new().route("/items", plainly::post(plain));
    vec![
        ("merge after", annotated().merge(theirs())),
        ("merge before", Router::from(theirs()).merge(annotated())),
    ]
}

#[tokio::test]
async fn a_plain_sibling_has_no_policy() {
    for (way, app) in plain_siblings() {
        println!("{way}");
        get_is_annotated_and_post_is_plain(&app).await;
        get_is_annotated_and_post_is_plain(&axum::Router::from(app)).await;
    }
}

#[tokio::test]
async fn a_plain_sibling_of_axum_has_no_policy() {
    for (way, app) in axum_siblings() {
        println!("{way}");
        get_is_annotated_and_post_is_plain(&app).await;
    }
    for (way, app) in axum_router_siblings() {
        println!("{way}");
        post_is_plain(&app, |sent| _ = sent.is_refused_preflight()).await;
    }
}

#[tokio::test]
async fn a_plain_sibling_has_no_policy_in_a_nested_router() {
    for (way, app) in plain_siblings().into_iter().chain(axum_siblings()) {
        println!("{way}");
        let app: Router = Router::new().nest("/api", app);
        let read = preflight("GET", "/api/items").from(APP).to(&app).await;
        read.is(204).allows(APP);
        let made = request("POST", "/api/items").from(APP).to(&app).await;
        made.is(200).has_body("plain").is_without_policy();
    }
}

#[tokio::test]
async fn a_method_that_is_not_served_is_refused_beside_a_plain_handler() {
    for (way, app) in plain_siblings() {
        println!("{way}");
        let refused = preflight("DELETE", "/items").from(APP).to(&app).await;
        refused.is_refused_preflight();
        let nobody = request("DELETE", "/items").from(APP).to(&app).await;
        nobody.is(405).allows(APP);
        nobody.lists(&ALLOW, &["GET", "HEAD", "POST"]);
    }
}

#[tokio::test]
async fn preflights_do_not_get_allow() {
    for (way, app) in plain_siblings() {
        println!("{way}");
        for (method, origin) in [("GET", APP), ("GET", ADMIN), ("PUT", APP)] {
            let reply = preflight(method, "/items").from(origin).to(&app).await;
            reply.lacks(&ALLOW);
        }
    }
}

#[tokio::test]
async fn preflights_are_answered_beside_an_axum_method_router() {
    let theirs = || plainly::post(plain);
    for app in [
        router(get(list).merge(theirs())),
        router(get(list)).route("/items", theirs()),
        router(theirs()).route("/items", get(list)),
    ] {
        let reply = preflight("GET", "/items").from(APP).to(&app).await;
        reply.is(204).allows(APP);
    }
}

#[tokio::test]
async fn preflights_do_not_get_allow_beside_an_axum_router() {
    let theirs = || axum::Router::new().route("/other", plainly::post(plain));
    for app in [
        router(get(list)).merge(theirs()),
        Router::from(theirs()).merge(router(get(list))),
        router(get(list)).nest("/their", theirs()),
    ] {
        let reply = preflight("GET", "/items").from(APP).to(&app).await;
        reply.is_allowed_preflight(APP);
        let reply = preflight("GET", "/items").from(ADMIN).to(&app).await;
        reply.is_refused_preflight();
    }
}

#[tokio::test]
async fn an_annotated_any_does_not_apply_to_a_plain_method() {
    for app in [
        router(any(list).post(plain)),
        router(any(list).merge(post(plain))),
        router(any(list)).merge(router(post(plain))),
        router(post(plain).fallback(list)),
    ] {
        post_has_no_policy(&app).await;
    }
}

#[test]
#[should_panic(expected = "the methods of axum's own method router are not known")]
fn an_annotated_any_beside_an_axum_method_router_panics() {
    let _ = router(any(list).merge(plainly::post(plain)));
}

#[test]
#[should_panic(expected = "the methods of axum's own method router are not known")]
fn an_annotated_any_before_an_axum_method_router_panics() {
    let _ = router(any(list)).route("/items", plainly::post(plain));
}

async fn post_has_no_policy(app: &Router) {
    let read = preflight("GET", "/items").from(APP).to(app).await;
    read.is(204).allows(APP);
    let made = request("POST", "/items").from(APP).to(app).await;
    made.is(200).has_body("plain").is_without_policy();
    let sent = preflight("POST", "/items").from(APP).to(app).await;
    sent.has_no_cors();
    assert_ne!(sent.status, 204, "{sent:#?}");
}

#[tokio::test]
async fn the_preflight_of_a_plain_handler_reaches_the_users_options() {
    for app in [
        router(get(list).post(plain).options(options)),
        router(get(list).post(plain)).merge(router(plainly::options(options))),
        router(get(list).post(plain).merge(plainly::options(options))),
    ] {
        let sent = preflight("POST", "/items").from(APP).to(&app).await;
        sent.is(200).has_body("options").is_without_policy();
        let read = preflight("GET", "/items").from(APP).to(&app).await;
        read.is_allowed_preflight(APP).has_body("");
        let refused = preflight("GET", "/items").from(ADMIN).to(&app).await;
        refused.is_refused_preflight();
    }
}

#[tokio::test]
async fn a_plain_path_beside_a_parameter_has_no_policy() {
    let app: Router = Router::new()
        .route("/api/{id}", get(list).put(create))
        .route("/api/special", get(plain).options(options))
        .route("/api/{id}/{*rest}", get(create));
    let got = request("GET", "/api/special").from(APP).to(&app).await;
    got.is(200).has_body("plain").is_without_policy();
    for method in ["GET", "PUT"] {
        let sent = preflight(method, "/api/special").from(APP).to(&app).await;
        sent.is(200).has_body("options").is_without_policy();
    }
    let read = preflight("GET", "/api/1").from(APP).to(&app).await;
    read.is_allowed_preflight(APP);
    let rest = preflight("GET", "/api/special/x")
        .from(ADMIN)
        .to(&app)
        .await;
    rest.is_allowed_preflight(ADMIN);
}

#[tokio::test]
async fn a_path_of_plain_handlers_behaves_as_in_axum() {
    let app: Router = Router::new()
        .route("/items", get(list))
        .route("/plain", get(plain).post(plain))
        .route("/text", get("text"));
    for origin in [APP, ADMIN] {
        let got = request("GET", "/plain").from(origin).to(&app).await;
        got.is(200).has_body("plain").is_without_policy();
        let sent = preflight("POST", "/plain").from(origin).to(&app).await;
        sent.is(405).is_without_policy();
        sent.lists(&ALLOW, &["GET", "HEAD", "POST"]);
    }
    let got = request("GET", "/text").from(APP).to(&app).await;
    got.is(200).has_body("text").is_without_policy();
}

#[tokio::test]
async fn a_converted_method_router_answers_preflights_in_axums_router() {
    let routes: plainly::MethodRouter = get(list).put(create).post(plain).into();
    let app = axum::Router::new()
        .route("/items", routes)
        .route("/plain", plainly::get(plain));
    get_is_annotated_and_post_is_plain(&app).await;
    let write = preflight("PUT", "/items").from(ADMIN).to(&app).await;
    write.is_allowed_preflight(ADMIN).methods(&["PUT"]);
    for (method, origin) in [("PUT", APP), ("DELETE", APP)] {
        let refused = preflight(method, "/items").from(origin).to(&app).await;
        refused.is_refused_preflight();
    }
    let nobody = request("DELETE", "/items").from(ADMIN).to(&app).await;
    nobody.is(405).allows(ADMIN);
    nobody.lists(&ALLOW, &["GET", "HEAD", "POST", "PUT"]);
    let got = request("GET", "/plain").from(APP).to(&app).await;
    got.is(200).is_without_policy();
}

#[tokio::test]
async fn a_converted_method_router_can_be_nested_and_take_state() {
    #[cors(origins = ["https://app.example"])]
    async fn number(axum::extract::State(number): axum::extract::State<u8>) -> String {
        number.to_string()
    }

    let inner = axum::Router::new().route("/number", any(number).into());
    let app = axum::Router::new().nest("/in", inner).with_state(7);
    let got = request("GET", "/in/number").from(APP).to(&app).await;
    got.is(200).has_body("7").allows(APP);
    let read = preflight("POST", "/in/number").from(APP).to(&app).await;
    read.is_allowed_preflight(APP);
}

#[test]
#[should_panic(expected = "Overlapping method route")]
fn two_converted_method_routers_on_one_path_panic() {
    let _: axum::Router = axum::Router::new()
        .route("/items", get(list).into())
        .route("/items", post(create).into());
}

#[test]
#[should_panic(expected = "Overlapping method route")]
fn two_handlers_for_one_method_panic() {
    let _ = router(get(list)).route("/items", get(plain));
}

#[tokio::test]
async fn a_plain_method_router_converts_without_changes() {
    let routes: plainly::MethodRouter = put(plain).into();
    let app = axum::Router::new().route("/items", routes.options(options));
    let sent = preflight("PUT", "/items").from(APP).to(&app).await;
    sent.is(200).has_body("options").is_without_policy();
    sent.lacks(&ACCESS_CONTROL_MAX_AGE);
}

#[tokio::test]
async fn an_annotated_path_keeps_its_preflight_when_axum_adds_methods_later() {
    let app = axum::Router::from(router(get(list)));
    let app = app.route("/items", plainly::post(plain));
    let read = preflight("GET", "/items").from(APP).to(&app).await;
    read.is_allowed_preflight(APP);
    let made = request("POST", "/items").from(APP).to(&app).await;
    made.is(200).has_body("plain").is_without_policy();
    let gone: Router = router(delete(list));
    let reply = preflight("DELETE", "/items").from(APP).to(&gone).await;
    reply.is_allowed_preflight(APP);
}
