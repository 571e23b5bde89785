//! Plain handlers that only a guard tells apart from annotated ones.

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

fn of_admin() -> Resource {
    web::resource("/items").guard(guard::Host(ADMIN_HOST))
}

#[tokio::test(flavor = "current_thread")]
async fn a_plain_resource_in_front_keeps_its_preflights() {
    let apps = || {
        let of_admin = of_admin().route(web::put().to(plain));
        App::new().service(of_admin).service(replace)
    };
    in_every_mode!(apps(), |app| {
        let asked = preflight("PUT", "/items")
            .from(APP)
            .header(HOST, ADMIN_HOST);
        let reply = asked.to(&app).await;
        assert!(!reply.status.is_success(), "{reply:#?}");
        reply.has_no_cors();
        let asked = preflight("PUT", "/items").from(APP);
        asked.to(&app).await.is_permission_for(APP);
        let sent = request("PUT", "/items").from(APP).header(HOST, ADMIN_HOST);
        sent.to(&app).await.says("plain").has_no_cors();
    });
}

#[tokio::test(flavor = "current_thread")]
async fn what_a_plain_route_macro_answers_stays_unreadable() {
    let apps = || {
        let of_admin = of_admin().guard(guard::Put()).to(plain);
        App::new().service(of_admin).service(replace)
    };
    in_every_mode!(apps(), |app| {
        // The limit: the tree of paths has no guards and no methods.
        let asked = preflight("PUT", "/items")
            .from(APP)
            .header(HOST, ADMIN_HOST);
        asked.to(&app).await.is_permission_for(APP);
        let sent = request("PUT", "/items").from(APP).header(HOST, ADMIN_HOST);
        sent.to(&app).await.says("plain").has_no_cors();
    });
}

#[cors(origins = ["https://app.example"], credentials)]
#[get("")]
async fn report() -> &'static str {
    "report"
}

#[tokio::test(flavor = "current_thread")]
async fn at_the_root_of_a_scope_a_plain_response_stays_unreadable() {
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
            .says("plain")
            .has_no_cors();
        let reply = request("GET", "/report").from(APP).to(&app).await;
        reply.says("report").allows(APP);
    });
}

#[tokio::test(flavor = "current_thread")]
async fn a_default_service_is_not_read_where_the_guards_of_a_scope_fail() {
    let apps = || {
        let scope = web::scope("/s")
            .guard(guard::Host(ADMIN_HOST))
            .service(replace);
        App::new().service(scope).default_service(web::to(plain))
    };
    in_every_mode!(apps(), |app| {
        let reply = request("PUT", "/s/items").from(APP).to(&app).await;
        reply.says("plain").has_no_cors();
        let sent = request("PUT", "/s/items")
            .from(APP)
            .header(HOST, ADMIN_HOST);
        sent.to(&app).await.says("replaced").allows(APP);
    });
}
