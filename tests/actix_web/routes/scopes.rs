//! Tests that scopes and apps only use the policies of their own handlers.

use actix_web::test::init_service;
use actix_web::{App, Error, delete, get, put, web};
use axum::http::HeaderName as Name;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, AUTHORIZATION, CONTENT_TYPE};
use cors_runtime::actix_web::cors;

use super::{both, create, list};
use crate::app::actix;
use crate::common::{ADMIN, APP, get_allowed, preflight, request};

#[tokio::test(flavor = "current_thread")]
async fn handlers_in_scopes_keep_their_policies() {
    let inner = || web::scope("/inner").service(list).service(both);
    let app = App::new()
        .service(web::scope("/outer").service(inner()))
        .service(
            web::scope("/{tenant}/dynamic")
                .service(list)
                .service(create),
        )
        .service(web::scope("/again").service(create))
        .service(web::scope("").service(list));
    let app = actix(init_service(app).await);
    for path in ["/outer/inner/items", "/x/dynamic/items", "/items"] {
        get_allowed(&app, path).await.has_body("list");
    }
    get_allowed(&app, "/outer/inner/one").await;
    preflight("POST", "/x/dynamic/items")
        .from(ADMIN)
        .to(&app)
        .await
        .is_allowed_preflight(ADMIN);
    preflight("POST", "/again/items")
        .from(ADMIN)
        .to(&app)
        .await
        .is_allowed_preflight(ADMIN);
    // Only the handlers of the same scope count.
    for (method, path, origin) in [
        ("POST", "/items", ADMIN),
        ("GET", "/again/items", APP),
        ("POST", "/outer/inner/items", ADMIN),
    ] {
        let reply = preflight(method, path).from(origin).to(&app).await;
        reply.is(404).is_without_policy();
    }
}

#[cors(origins = ["https://admin.example"])]
#[get("/items")]
async fn list_for_admin() -> &'static str {
    "list for admin"
}

#[cors(origins = ["https://admin.example"])]
#[put("/items")]
async fn replace_for_admin() -> &'static str {
    "replaced"
}

#[tokio::test(flavor = "current_thread")]
async fn scopes_with_different_guards_have_separate_policies() {
    let admin_resource = actix_web::guard::Header("x-host", "admin");
    let app = App::new()
        .service(
            web::scope("/a")
                .guard(admin_resource)
                .service(list_for_admin)
                .service(replace_for_admin),
        )
        .service(web::scope("/a").service(list).service(create));
    let app = actix(init_service(app).await);
    let admin = |method| preflight(method, "/a/items").header(Name::from_static("x-host"), "admin");
    admin("GET")
        .from(ADMIN)
        .to(&app)
        .await
        .is_allowed_preflight(ADMIN);
    admin("PUT")
        .from(ADMIN)
        .to(&app)
        .await
        .is_allowed_preflight(ADMIN)
        .methods(&["PUT"]);
    admin("GET").from(APP).to(&app).await.is_refused_preflight();
    let plain = |method| preflight(method, "/a/items");
    plain("GET")
        .from(APP)
        .to(&app)
        .await
        .is_allowed_preflight(APP);
    plain("GET")
        .from(ADMIN)
        .to(&app)
        .await
        .is_refused_preflight();
    plain("POST")
        .from(ADMIN)
        .to(&app)
        .await
        .is_allowed_preflight(ADMIN);
    let reply = plain("PUT").from(ADMIN).to(&app).await;
    reply.is(404).is_without_policy();
    // Only the other scope serves POST, so no handler answers.
    admin("POST").from(ADMIN).to(&app).await.has_no_cors();
}

#[tokio::test(flavor = "current_thread")]
async fn two_apps_on_one_thread_are_separate() {
    let one = actix(init_service(App::new().service(list)).await);
    let other = actix(init_service(App::new().service(list_for_admin).service(create)).await);
    preflight("GET", "/items")
        .from(APP)
        .to(&one)
        .await
        .is_allowed_preflight(APP);
    preflight("GET", "/items")
        .from(APP)
        .to(&other)
        .await
        .is_refused_preflight();
    let reply = preflight("POST", "/items").from(ADMIN).to(&one).await;
    reply.is(404).is_without_policy();
    preflight("POST", "/items")
        .from(ADMIN)
        .to(&other)
        .await
        .is_allowed_preflight(ADMIN);
    drop(one);
    let third = actix(init_service(App::new().service(create)).await);
    preflight("POST", "/items")
        .from(ADMIN)
        .to(&third)
        .await
        .is_allowed_preflight(ADMIN);
    let reply = preflight("GET", "/items").from(ADMIN).to(&third).await;
    reply.is(404).is_without_policy();
}

#[cors(origins = ["https://app.example"], headers = ["authorization"])]
#[delete("")]
async fn remove() -> Result<String, Error> {
    let mut answer = "removed".to_owned();
    answer.push('!');
    Ok(answer)
}

#[tokio::test(flavor = "current_thread")]
async fn a_handler_at_the_path_of_its_scope() {
    let app = actix(init_service(App::new().service(web::scope("/items").service(remove))).await);
    let sent = preflight("DELETE", "/items")
        .from(APP)
        .with_headers("authorization");
    sent.to(&app)
        .await
        .is_allowed_preflight(APP)
        .allowed_headers(&["authorization"]);
    let sent = request("DELETE", "/items")
        .from(APP)
        .header(AUTHORIZATION, "x");
    let sent = sent.header(CONTENT_TYPE, "text/plain");
    let reply = sent.to(&app).await;
    reply
        .is(200)
        .has_body("removed!")
        .has(&ACCESS_CONTROL_ALLOW_ORIGIN, APP);
}
