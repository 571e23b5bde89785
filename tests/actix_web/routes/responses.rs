//! Tests the headers of responses, including errors.

use actix_web::test::init_service;
use actix_web::{App, get};
use axum::http::HeaderName as Name;
use cors_runtime::actix_web::cors;

use super::{create, list, several};
use crate::app::actix;
use crate::common::{ADMIN, APP, STRANGER, preflight, request};

const X_FAIL: Name = Name::from_static("x-fail");

#[tokio::test(flavor = "current_thread")]
async fn errors_have_the_headers_once() {
    let app = actix(init_service(App::new().service(list).service(create).service(several)).await);
    let reply = request("POST", "/items")
        .from(ADMIN)
        .json("7")
        .to(&app)
        .await;
    reply.is(400).allows(ADMIN).vary(&["origin"]);
    let reply = request("POST", "/items")
        .from(ADMIN)
        .json("\"taken\"")
        .to(&app)
        .await;
    reply
        .is(409)
        .has_body("taken")
        .allows(ADMIN)
        .vary(&["origin"]);
    let reply = request("PUT", "/item/999").from(APP).to(&app).await;
    reply.is(404).allows(APP).vary(&["origin"]);
    let reply = request("GET", "/items")
        .from(APP)
        .header(X_FAIL, "1")
        .to(&app)
        .await;
    reply
        .is(418)
        .has_body("inside")
        .allows(APP)
        .vary(&["origin"]);
    let reply = request("GET", "/items")
        .from(STRANGER)
        .header(X_FAIL, "1")
        .to(&app)
        .await;
    reply.is(418).is_denied();
}

mod inside {
    use super::{cors, get};

    #[cors(origins = "*")]
    #[get("/inside")]
    pub(super) async fn visible() -> &'static str {
        "visible"
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_wildcard_policy_sets_headers_on_every_response() {
    let app = actix(
        init_service(App::new().configure(|it| {
            it.service(inside::visible);
        }))
        .await,
    );
    let reply = request("GET", "/inside").to(&app).await;
    reply.is(200).allows("*").lacks(&axum::http::header::VARY);
    preflight("GET", "/inside")
        .from("null")
        .to(&app)
        .await
        .is_allowed_preflight("*");
}
