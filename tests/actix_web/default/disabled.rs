//! `disabled`, in the attribute and in a configuration.

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
async fn written() -> HttpResponse {
    work()
}

#[cors(policy = OFF)]
#[get("/configured")]
async fn configured() -> HttpResponse {
    work()
}

#[cors(disabled)]
async fn of_resource_written() -> HttpResponse {
    work()
}

/// The policy is not known at compile time, and needs no `content-type` when it is mounted.
#[cors(policy = OFF)]
async fn of_resource_configured(_: Option<web::Json<u8>>) -> HttpResponse {
    work()
}

async fn behaves_as_disabled(app: &impl common::App, path: &str) {
    for origin in [APP, STRANGER, "null", ""] {
        let reply = preflight("GET", path).from(origin).to(app).await;
        reply.is_refusal();
        assert_eq!(RUNS.take(), 0);
        let reply = request("GET", path).from(origin).to(app).await;
        reply.is(200).is_untouched();
        assert_eq!(RUNS.take(), 1);
    }
    let reply = request("GET", path).to(app).await;
    reply.is(200).is_untouched();
    assert_eq!(RUNS.take(), 1);
}

#[tokio::test(flavor = "current_thread")]
async fn at_run_time_it_is_what_it_is_in_the_attribute() {
    let app = || {
        App::new()
            .service(written)
            .service(configured)
            .service(resource("/r/written").get(of_resource_written))
            .service(resource("/r/configured").get(of_resource_configured))
    };
    let plain = actix(init_service(app()).await);
    let outermost = actix(init_service(app().wrap(Cors::outermost())).await);
    let default = actix(init_service(app().wrap(Cors::new(&DEFAULT))).await);
    for path in ["/written", "/configured", "/r/written", "/r/configured"] {
        behaves_as_disabled(&plain, path).await;
        behaves_as_disabled(&outermost, path).await;
        behaves_as_disabled(&default, path).await;
    }
}

#[tokio::test(flavor = "current_thread")]
async fn at_run_time_it_can_be_the_default_of_an_app() {
    let app = App::new().route("/any", web::to(any));
    let app = actix(init_service(app.wrap(Cors::new(&OFF))).await);
    behaves_as_disabled(&app, "/any").await;
}
