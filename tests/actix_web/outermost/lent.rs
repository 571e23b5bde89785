//! No policy is lent: to a handler, a scope or an app of another.

use std::rc::Rc;

use actix_web::middleware::from_fn;
use actix_web::test::init_service;
use actix_web::{App, get, guard, put, web};
use axum::http::HeaderName as Name;
use cors_runtime::actix_web::{Cors, cors, resource};

use super::{any, create, deny, list, nothing_ran, of_everybody, run, with_token};
use crate::app::actix;
use crate::common::{ADMIN, APP, Reply, STRANGER, TestRequest, preflight, request};

const X_HOST: Name = Name::from_static("x-host");

#[cors(origins = ["https://app.example"])]
#[put("/items/{id}")]
async fn replace(_: web::Path<String>) -> &'static str {
    run();
    "replace"
}

#[put("/items")]
async fn plain_put() -> &'static str {
    run();
    "plain put"
}

#[put("/items/special")]
async fn plain_special() -> &'static str {
    run();
    "plain special"
}

#[tokio::test(flavor = "current_thread")]
async fn a_handler_without_policy_gets_none_lent() {
    // More special than an annotated pattern, and in front of it.
    let app = || App::new().service(plain_special).service(replace);
    let bare = actix(init_service(app()).await);
    let inside_of_auth = app().wrap(from_fn(deny)).wrap(Cors::outermost());
    let inside_of_auth = actix(init_service(inside_of_auth).await);
    preflight("PUT", "/items/special")
        .from(APP)
        .to(&bare)
        .await
        .is_refusal();
    preflight("PUT", "/items/special")
        .from(APP)
        .to(&inside_of_auth)
        .await
        .is(401)
        .has_no_cors();
    preflight("PUT", "/items/7")
        .from(APP)
        .to(&bare)
        .await
        .is_permission_for(APP);
    preflight("PUT", "/items/7")
        .from(APP)
        .to(&inside_of_auth)
        .await
        .is_permission_for(APP);
    nothing_ran();
    let sent = with_token(request("PUT", "/items/special").from(APP));
    sent.to(&inside_of_auth)
        .await
        .says("plain special")
        .is_untouched();
    // Of the same pattern.
    for app in [
        App::new().service(plain_put).service(list),
        App::new().service(list).service(plain_put),
    ] {
        let app = actix(init_service(app.wrap(from_fn(deny)).wrap(Cors::outermost())).await);
        preflight("PUT", "/items")
            .from(APP)
            .to(&app)
            .await
            .is_refusal();
        preflight("GET", "/items")
            .from(APP)
            .to(&app)
            .await
            .is_permission_for(APP);
        let reply = with_token(request("PUT", "/items").from(APP))
            .to(&app)
            .await;
        reply.says("plain put").is_untouched();
    }
}

#[cors(origins = ["https://app.example"])]
#[get("/items")]
async fn list_of_the_other_host() -> &'static str {
    "other host"
}

#[cors(origins = "*")]
#[put("/items")]
async fn open_put() -> &'static str {
    "open put"
}

#[tokio::test(flavor = "current_thread")]
async fn scopes_that_guards_tell_apart_lend_nothing() {
    let of = |host: &'static str| guard::Header("x-host", host);
    let admin = || web::scope("/api").guard(of("admin"));
    let public = || web::scope("/api").guard(of("public"));
    let apps = apps![
        // The first has a policy for GET only, the second one for PUT: the PUT of the first is
        // plain.
        App::new()
            .service(admin().service(list_of_the_other_host).service(plain_put))
            .service(public().service(open_put))
            .wrap(from_fn(deny))
            .wrap(Cors::outermost()),
        // The first has no policies at all.
        App::new()
            .service(admin().service(plain_put))
            .service(public().service(open_put))
            .wrap(from_fn(deny))
            .wrap(Cors::outermost()),
        App::new()
            .service(
                admin()
                    .wrap(from_fn(deny))
                    .wrap(Cors::outermost())
                    .service(plain_put)
            )
            .service(public().service(open_put)),
    ];
    for app in apps {
        let asked = preflight("PUT", "/api/items")
            .from(STRANGER)
            .header(X_HOST, "admin");
        let reply = app(asked).await;
        reply.is(401).has_no_cors();
        nothing_ran();
    }
}

#[cors(origins = ["https://admin.example"])]
#[put("/items/special")]
async fn special_for_admin() -> &'static str {
    "special"
}

#[tokio::test(flavor = "current_thread")]
async fn a_pattern_of_a_scope_that_only_guards_lead_to_is_seen() {
    let app = App::new()
        .service(
            web::scope("/api")
                .guard(guard::Header("x-host", "public"))
                .service(replace),
        )
        .service(web::scope("/api").service(special_for_admin))
        .wrap(from_fn(deny))
        .wrap(Cors::outermost());
    let app = actix(init_service(app).await);
    // By path it is the first scope's, by the guard the second one's.
    let asked = preflight("PUT", "/api/items/special").from(APP);
    asked.to(&app).await.is(401).has_no_cors();
    let other = preflight("PUT", "/api/items/7").from(APP);
    other.to(&app).await.is_permission_for(APP);
    nothing_ran();
}

#[tokio::test(flavor = "current_thread")]
async fn what_a_plain_handler_answers_is_not_read_under_the_policy_of_another() {
    // The one limit: guards of scopes are not asked in front of auth. What comes back tells who has
    // served.
    let app = App::new()
        .service(
            web::scope("/api")
                .guard(guard::Header("x-host", "public"))
                .service(open_put),
        )
        .service(
            web::scope("/api")
                .guard(guard::Header("x-host", "admin"))
                .service(plain_put),
        )
        .wrap(Cors::outermost());
    let app = actix(init_service(app).await);
    let reply = request("PUT", "/api/items")
        .from(STRANGER)
        .header(X_HOST, "admin")
        .to(&app)
        .await;
    reply.is(200).says("plain put").is_untouched();
    let reply = request("PUT", "/api/items")
        .from(STRANGER)
        .header(X_HOST, "public")
        .to(&app)
        .await;
    reply.is(200).says("open put").allows("*");
}

#[tokio::test(flavor = "current_thread")]
async fn a_scope_speaks_for_its_own_handlers_only() {
    // The scope takes all of `/api`: the handler behind it is never reached.
    let app = App::new()
        .service(
            web::scope("/api")
                .service(plain_put)
                .wrap(from_fn(deny))
                .wrap(Cors::outermost()),
        )
        .route("/api/items", web::delete().to(any))
        .service(web::scope("").service(resource("/api/items").put(of_everybody)));
    let app = actix(init_service(app).await);
    preflight("PUT", "/api/items")
        .from(STRANGER)
        .to(&app)
        .await
        .is(401)
        .has_no_cors();
    nothing_ran();
}

#[tokio::test(flavor = "current_thread")]
async fn apps_of_one_value_of_cors_do_not_mix() {
    let cors = Cors::outermost();
    let one = App::new()
        .service(list)
        .wrap(from_fn(deny))
        .wrap(cors.clone());
    let one = actix(init_service(one).await);
    preflight("GET", "/items")
        .from(APP)
        .to(&one)
        .await
        .is_permission_for(APP);
    let other = App::new().service(create).wrap(from_fn(deny)).wrap(cors);
    let other = actix(init_service(other).await);
    preflight("GET", "/items")
        .from(APP)
        .to(&other)
        .await
        .is_refusal();
    preflight("POST", "/items")
        .from(ADMIN)
        .to(&other)
        .await
        .is_permission_for(ADMIN);
    let empty = App::new()
        .route("/items", web::to(any))
        .wrap(from_fn(deny))
        .wrap(Cors::outermost());
    let empty = actix(init_service(empty).await);
    preflight("GET", "/items")
        .from(APP)
        .to(&empty)
        .await
        .is(401)
        .has_no_cors();
}
