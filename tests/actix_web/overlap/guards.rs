//! Tests plain handlers with the path and method of an annotated handler, distinguished by a guard.

use actix_web::{App, Resource, get, guard, put, web};
use axum::http::header::{ACCEPT, HOST};
use cors_runtime::actix_web::cors;

use super::{in_every_mode, plain};
use crate::common::{APP, preflight, request};

const ADMIN_HOST: &str = "admin.example.com";

#[cors(origins = ["https://app.example"], credentials)]
#[put("/items")]
async fn replace() -> &'static str {
    "replaced"
}

fn admin_resource() -> Resource {
    web::resource("/items").guard(guard::Host(ADMIN_HOST))
}

#[tokio::test(flavor = "current_thread")]
async fn an_earlier_plain_resource_receives_its_preflights() {
    let apps = || {
        let admin_resource = admin_resource().route(web::put().to(plain));
        App::new().service(admin_resource).service(replace)
    };
    in_every_mode!(apps(), |app| {
        let sent = preflight("PUT", "/items")
            .from(APP)
            .header(HOST, ADMIN_HOST);
        let reply = sent.to(&app).await;
        assert!(!reply.status.is_success(), "{reply:#?}");
        reply.has_no_cors();
        let sent = preflight("PUT", "/items").from(APP);
        sent.to(&app).await.is_allowed_preflight(APP);
        let sent = request("PUT", "/items").from(APP).header(HOST, ADMIN_HOST);
        sent.to(&app).await.has_body("plain").has_no_cors();
    });
}

#[tokio::test(flavor = "current_thread")]
async fn the_response_of_a_plain_route_macro_is_unreadable() {
    let apps = || {
        let admin_resource = admin_resource().guard(guard::Put()).to(plain);
        App::new().service(admin_resource).service(replace)
    };
    in_every_mode!(apps(), |app| {
        // A limitation: the tree of paths does not contain guards and methods.
        let sent = preflight("PUT", "/items")
            .from(APP)
            .header(HOST, ADMIN_HOST);
        sent.to(&app).await.is_allowed_preflight(APP);
        let sent = request("PUT", "/items").from(APP).header(HOST, ADMIN_HOST);
        sent.to(&app).await.has_body("plain").has_no_cors();
    });
}

#[cors(origins = ["https://app.example"], credentials)]
#[get("")]
async fn report() -> &'static str {
    "report"
}

#[tokio::test(flavor = "current_thread")]
async fn a_plain_response_at_the_root_of_a_scope_is_unreadable() {
    let apps = || {
        let html = guard::Header("accept", "text/html");
        let internal = web::resource("").guard(guard::Get()).guard(html).to(plain);
        App::new().service(web::scope("/report").service(internal).service(report))
    };
    in_every_mode!(apps(), |app| {
        let sent = request("GET", "/report").from(APP);
        sent.header(ACCEPT, "text/html")
            .to(&app)
            .await
            .has_body("plain")
            .has_no_cors();
        let reply = request("GET", "/report").from(APP).to(&app).await;
        reply.has_body("report").allows(APP);
    });
}

#[tokio::test(flavor = "current_thread")]
async fn a_default_service_is_unreadable_if_the_guards_of_a_scope_fail() {
    let apps = || {
        let scope = web::scope("/s")
            .guard(guard::Host(ADMIN_HOST))
            .service(replace);
        App::new().service(scope).default_service(web::to(plain))
    };
    in_every_mode!(apps(), |app| {
        let reply = request("PUT", "/s/items").from(APP).to(&app).await;
        reply.has_body("plain").has_no_cors();
        let sent = request("PUT", "/s/items")
            .from(APP)
            .header(HOST, ADMIN_HOST);
        sent.to(&app).await.has_body("replaced").allows(APP);
    });
}
