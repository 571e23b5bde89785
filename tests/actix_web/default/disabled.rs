//! Tests `disabled`, in the attribute and in a configuration.

use std::sync::LazyLock;

use actix_web::test::init_service;
use actix_web::{App, HttpResponse, get, web};
use cors_runtime::Policy;
use cors_runtime::actix_web::{Cors, cors, resource};

use super::{DEFAULT, RUNS, any};
use crate::app::actix;
use crate::common::{self, APP, STRANGER, preflight, request};

static OFF: LazyLock<Policy> = LazyLock::new(|| {
    let policy = serde_json::from_str(r#"{ "disabled": true }"#);
    policy.expect("a valid policy")
});

fn work() -> HttpResponse {
    RUNS.set(RUNS.get() + 1);
    HttpResponse::Ok()
        .insert_header(("access-control-allow-origin", "*"))
        .finish()
}

#[cors(disabled)]
#[get("/written")]
async fn disabled_route() -> HttpResponse {
    work()
}

#[cors(policy = OFF)]
#[get("/configured")]
async fn configured_route() -> HttpResponse {
    work()
}

#[cors(disabled)]
async fn disabled_handler() -> HttpResponse {
    work()
}

/// The policy is not known at compile time, and does not need `content-type` when it is mounted.
#[cors(policy = OFF)]
async fn configured_handler(_: Option<web::Json<u8>>) -> HttpResponse {
    work()
}

async fn assert_disabled(app: &impl common::App, path: &str) {
    for origin in [APP, STRANGER, "null", ""] {
        let reply = preflight("GET", path).from(origin).to(app).await;
        reply.is_refused_preflight();
        assert_eq!(RUNS.take(), 0);
        let reply = request("GET", path).from(origin).to(app).await;
        reply.is(200).is_without_policy();
        assert_eq!(RUNS.take(), 1);
    }
    let reply = request("GET", path).to(app).await;
    reply.is(200).is_without_policy();
    assert_eq!(RUNS.take(), 1);
}

#[tokio::test(flavor = "current_thread")]
async fn disabled_in_a_configuration_is_the_same_as_in_the_attribute() {
    let app = || {
        App::new()
            .service(disabled_route)
            .service(configured_route)
            .service(resource("/r/written").get(disabled_handler))
            .service(resource("/r/configured").get(configured_handler))
    };
    let plain = actix(init_service(app()).await);
    let outermost = actix(init_service(app().wrap(Cors::outermost())).await);
    let default = actix(init_service(app().wrap(Cors::new(&DEFAULT))).await);
    for path in ["/written", "/configured", "/r/written", "/r/configured"] {
        assert_disabled(&plain, path).await;
        assert_disabled(&outermost, path).await;
        assert_disabled(&default, path).await;
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_disabled_policy_can_be_the_default_of_an_app() {
    let app = App::new().route("/any", web::to(any));
    let app = actix(init_service(app.wrap(Cors::new(&OFF))).await);
    assert_disabled(&app, "/any").await;
}
