//! Handlers without a policy on an annotated path: nobody gets a policy that is not theirs, and no
//! preflight is lost.

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

/// GET is `list`, POST is `plain`. Nothing answers the preflights for POST.
async fn get_is_annotated_and_post_is_plain(app: &impl App) {
    post_is_plain(app, |asked| _ = asked.is(405).is_untouched()).await;
}

async fn post_is_plain(app: &impl App, is_unanswered: fn(&Reply)) {
    let got = request("GET", "/items").from(APP).to(app).await;
    got.is(200).says("list").allows(APP).vary(&["origin"]);
    let read = preflight("GET", "/items").from(APP).to(app).await;
    read.is(204).allows(APP).methods(&["GET"]);
    let refused = preflight("GET", "/items").from(ADMIN).to(app).await;
    refused.is(403).has_no_cors();
    for origin in [APP, ADMIN] {
        let made = request("POST", "/items").from(origin).to(app).await;
        made.is(200).says("plain").is_untouched();
        let asked = preflight("POST", "/items").from(origin).to(app).await;
        is_unanswered(&asked);
    }
}

/// Every way to put a plain POST beside the annotated GET by what is known here.
fn beside() -> Vec<(&'static str, Router)> {
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

/// The same with what axum's own types hide.
fn beside_axums() -> Vec<(&'static str, Router)> {
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

/// The same with a router of axum's own, whose handlers are not known.
fn beside_a_router_of_axums() -> Vec<(&'static str, Router)> {
    let annotated = || router(get(list));
    let theirs = || axum::Router::new().route("/items", plainly::post(plain));
    vec![
        ("merge after", annotated().merge(theirs())),
        ("merge before", Router::from(theirs()).merge(annotated())),
    ]
}

#[tokio::test]
async fn a_plain_handler_beside_an_annotated_one_keeps_to_itself() {
    for (way, app) in beside() {
        println!("{way}");
        get_is_annotated_and_post_is_plain(&app).await;
        get_is_annotated_and_post_is_plain(&axum::Router::from(app)).await;
    }
}

#[tokio::test]
async fn a_plain_handler_of_axums_own_keeps_to_itself() {
    for (way, app) in beside_axums() {
        println!("{way}");
        get_is_annotated_and_post_is_plain(&app).await;
    }
    for (way, app) in beside_a_router_of_axums() {
        println!("{way}");
        post_is_plain(&app, |asked| _ = asked.is_refusal()).await;
    }
}

#[tokio::test]
async fn a_plain_handler_beside_an_annotated_one_survives_a_nest() {
    for (way, app) in beside().into_iter().chain(beside_axums()) {
        println!("{way}");
        let app: Router = Router::new().nest("/api", app);
        let read = preflight("GET", "/api/items").from(APP).to(&app).await;
        read.is(204).allows(APP);
        let made = request("POST", "/api/items").from(APP).to(&app).await;
        made.is(200).says("plain").is_untouched();
    }
}

#[tokio::test]
async fn a_method_that_nobody_serves_is_refused_beside_a_plain_handler() {
    for (way, app) in beside() {
        println!("{way}");
        let refused = preflight("DELETE", "/items").from(APP).to(&app).await;
        refused.is_refusal();
        let nobody = request("DELETE", "/items").from(APP).to(&app).await;
        nobody.is(405).allows(APP);
        nobody.lists(&ALLOW, &["GET", "HEAD", "POST"]);
    }
}

#[tokio::test]
async fn no_answer_to_a_preflight_has_allow() {
    for (way, app) in beside() {
        println!("{way}");
        for (method, origin) in [("GET", APP), ("GET", ADMIN), ("PUT", APP)] {
            let reply = preflight(method, "/items").from(origin).to(&app).await;
            reply.lacks(&ALLOW);
        }
    }
}

#[tokio::test]
async fn a_preflight_is_answered_beside_a_method_router_of_axums() {
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
async fn no_answer_to_a_preflight_has_allow_beside_a_router_of_axums() {
    let theirs = || axum::Router::new().route("/other", plainly::post(plain));
    for app in [
        router(get(list)).merge(theirs()),
        Router::from(theirs()).merge(router(get(list))),
        router(get(list)).nest("/their", theirs()),
    ] {
        let reply = preflight("GET", "/items").from(APP).to(&app).await;
        reply.is_permission_for(APP);
        let reply = preflight("GET", "/items").from(ADMIN).to(&app).await;
        reply.is_refusal();
    }
}

#[tokio::test]
async fn an_annotated_any_leaves_a_plain_method_alone() {
    for app in [
        router(any(list).post(plain)),
        router(any(list).merge(post(plain))),
        router(any(list)).merge(router(post(plain))),
        router(post(plain).fallback(list)),
    ] {
        leaves_post_alone(&app).await;
    }
}

#[test]
#[should_panic(expected = "the methods of axum's own method router are not known")]
fn an_annotated_any_beside_a_method_router_of_axums_does_not_start() {
    let _ = router(any(list).merge(plainly::post(plain)));
}

#[test]
#[should_panic(expected = "the methods of axum's own method router are not known")]
fn an_annotated_any_before_a_method_router_of_axums_does_not_start() {
    let _ = router(any(list)).route("/items", plainly::post(plain));
}

async fn leaves_post_alone(app: &Router) {
    let read = preflight("GET", "/items").from(APP).to(app).await;
    read.is(204).allows(APP);
    let made = request("POST", "/items").from(APP).to(app).await;
    made.is(200).says("plain").is_untouched();
    let asked = preflight("POST", "/items").from(APP).to(app).await;
    asked.has_no_cors();
    assert_ne!(asked.status, 204, "{asked:#?}");
}

#[tokio::test]
async fn the_preflight_of_a_plain_handler_reaches_the_users_options() {
    for app in [
        router(get(list).post(plain).options(options)),
        router(get(list).post(plain)).merge(router(plainly::options(options))),
        router(get(list).post(plain).merge(plainly::options(options))),
    ] {
        let asked = preflight("POST", "/items").from(APP).to(&app).await;
        asked.is(200).says("options").is_untouched();
        let read = preflight("GET", "/items").from(APP).to(&app).await;
        read.is_permission_for(APP).says("");
        let refused = preflight("GET", "/items").from(ADMIN).to(&app).await;
        refused.is_refusal();
    }
}

#[tokio::test]
async fn a_plain_path_beside_a_parameter_is_not_annotated() {
    let app: Router = Router::new()
        .route("/api/{id}", get(list).put(create))
        .route("/api/special", get(plain).options(options))
        .route("/api/{id}/{*rest}", get(create));
    let got = request("GET", "/api/special").from(APP).to(&app).await;
    got.is(200).says("plain").is_untouched();
    for method in ["GET", "PUT"] {
        let asked = preflight(method, "/api/special").from(APP).to(&app).await;
        asked.is(200).says("options").is_untouched();
    }
    let read = preflight("GET", "/api/1").from(APP).to(&app).await;
    read.is_permission_for(APP);
    let rest = preflight("GET", "/api/special/x")
        .from(ADMIN)
        .to(&app)
        .await;
    rest.is_permission_for(ADMIN);
}

#[tokio::test]
async fn a_path_of_plain_handlers_is_as_in_axum() {
    let app: Router = Router::new()
        .route("/items", get(list))
        .route("/plain", get(plain).post(plain))
        .route("/text", get("text"));
    for origin in [APP, ADMIN] {
        let got = request("GET", "/plain").from(origin).to(&app).await;
        got.is(200).says("plain").is_untouched();
        let asked = preflight("POST", "/plain").from(origin).to(&app).await;
        asked.is(405).is_untouched();
        asked.lists(&ALLOW, &["GET", "HEAD", "POST"]);
    }
    let got = request("GET", "/text").from(APP).to(&app).await;
    got.is(200).says("text").is_untouched();
}

#[tokio::test]
async fn a_converted_method_router_answers_preflights_in_axums_router() {
    let routes: plainly::MethodRouter = get(list).put(create).post(plain).into();
    let app = axum::Router::new()
        .route("/items", routes)
        .route("/plain", plainly::get(plain));
    get_is_annotated_and_post_is_plain(&app).await;
    let write = preflight("PUT", "/items").from(ADMIN).to(&app).await;
    write.is_permission_for(ADMIN).methods(&["PUT"]);
    for (method, origin) in [("PUT", APP), ("DELETE", APP)] {
        let refused = preflight(method, "/items").from(origin).to(&app).await;
        refused.is_refusal();
    }
    let nobody = request("DELETE", "/items").from(ADMIN).to(&app).await;
    nobody.is(405).allows(ADMIN);
    nobody.lists(&ALLOW, &["GET", "HEAD", "POST", "PUT"]);
    let got = request("GET", "/plain").from(APP).to(&app).await;
    got.is(200).is_untouched();
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
    got.is(200).says("7").allows(APP);
    let read = preflight("POST", "/in/number").from(APP).to(&app).await;
    read.is_permission_for(APP);
}

#[test]
#[should_panic(expected = "Overlapping method route")]
fn two_converted_method_routers_on_one_path_do_not_start() {
    let _: axum::Router = axum::Router::new()
        .route("/items", get(list).into())
        .route("/items", post(create).into());
}

#[test]
#[should_panic(expected = "Overlapping method route")]
fn two_handlers_for_one_method_do_not_start() {
    let _ = router(get(list)).route("/items", get(plain));
}

#[tokio::test]
async fn a_plain_method_router_converts_to_what_it_was() {
    let routes: plainly::MethodRouter = put(plain).into();
    let app = axum::Router::new().route("/items", routes.options(options));
    let asked = preflight("PUT", "/items").from(APP).to(&app).await;
    asked.is(200).says("options").is_untouched();
    asked.lacks(&ACCESS_CONTROL_MAX_AGE);
}

#[tokio::test]
async fn an_annotated_path_keeps_its_preflight_when_axum_adds_to_it_later() {
    let app = axum::Router::from(router(get(list)));
    let app = app.route("/items", plainly::post(plain));
    let read = preflight("GET", "/items").from(APP).to(&app).await;
    read.is_permission_for(APP);
    let made = request("POST", "/items").from(APP).to(&app).await;
    made.is(200).says("plain").is_untouched();
    let gone: Router = router(delete(list));
    let reply = preflight("DELETE", "/items").from(APP).to(&gone).await;
    reply.is_permission_for(APP);
}
