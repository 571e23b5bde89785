//! A policy does not apply to other handlers, scopes or apps.

use std::rc::Rc;

use actix_web::middleware::from_fn;
use actix_web::test::init_service;
use actix_web::{App, get, guard, put, web};
use axum::http::HeaderName as Name;
use cors_runtime::actix_web::{Cors, cors, resource};

use super::{any, any_origin, assert_no_user_code_ran, create, deny, list, run, with_token};
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
async fn a_plain_handler_does_not_get_the_policy_of_another_handler() {
    // The plain pattern is more specific than the annotated pattern, and registered first.
    let app = || App::new().service(plain_special).service(replace);
    let bare = actix(init_service(app()).await);
    let inside_of_auth = app().wrap(from_fn(deny)).wrap(Cors::outermost());
    let inside_of_auth = actix(init_service(inside_of_auth).await);
    preflight("PUT", "/items/special")
        .from(APP)
        .to(&bare)
        .await
        .is_refused_preflight();
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
        .is_allowed_preflight(APP);
    preflight("PUT", "/items/7")
        .from(APP)
        .to(&inside_of_auth)
        .await
        .is_allowed_preflight(APP);
    assert_no_user_code_ran();
    let sent = with_token(request("PUT", "/items/special").from(APP));
    sent.to(&inside_of_auth)
        .await
        .has_body("plain special")
        .is_without_policy();
    // Both handlers have the same pattern.
    for app in [
        App::new().service(plain_put).service(list),
        App::new().service(list).service(plain_put),
    ] {
        let app = actix(init_service(app.wrap(from_fn(deny)).wrap(Cors::outermost())).await);
        preflight("PUT", "/items")
            .from(APP)
            .to(&app)
            .await
            .is_refused_preflight();
        preflight("GET", "/items")
            .from(APP)
            .to(&app)
            .await
            .is_allowed_preflight(APP);
        let reply = with_token(request("PUT", "/items").from(APP))
            .to(&app)
            .await;
        reply.has_body("plain put").is_without_policy();
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
async fn a_scope_does_not_get_the_policies_of_a_scope_with_another_guard() {
    let of = |host: &'static str| guard::Header("x-host", host);
    let admin = || web::scope("/api").guard(of("admin"));
    let public = || web::scope("/api").guard(of("public"));
    let apps = apps![
        // The first scope has a policy for GET and a plain PUT. The second scope has a policy for
        // PUT.
        App::new()
            .service(admin().service(list_of_the_other_host).service(plain_put))
            .service(public().service(open_put))
            .wrap(from_fn(deny))
            .wrap(Cors::outermost()),
        // The first scope does not have policies.
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
        let sent = preflight("PUT", "/api/items")
            .from(STRANGER)
            .header(X_HOST, "admin");
        let reply = app(sent).await;
        reply.is(401).has_no_cors();
        assert_no_user_code_ran();
    }
}

#[cors(origins = ["https://admin.example"])]
#[put("/items/special")]
async fn special_for_admin() -> &'static str {
    "special"
}

#[tokio::test(flavor = "current_thread")]
async fn patterns_of_a_scope_with_another_guard_are_considered() {
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
    // The path leads to the first scope, and the guard to the second scope.
    let sent = preflight("PUT", "/api/items/special").from(APP);
    sent.to(&app).await.is(401).has_no_cors();
    let other = preflight("PUT", "/api/items/7").from(APP);
    other.to(&app).await.is_allowed_preflight(APP);
    assert_no_user_code_ran();
}

#[tokio::test(flavor = "current_thread")]
async fn a_plain_response_does_not_get_the_headers_of_another_handler() {
    // `Cors` does not evaluate the guards of scopes before auth. The response shows which handler
    // has served the request.
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
    reply.is(200).has_body("plain put").is_without_policy();
    let reply = request("PUT", "/api/items")
        .from(STRANGER)
        .header(X_HOST, "public")
        .to(&app)
        .await;
    reply.is(200).has_body("open put").allows("*");
}

#[tokio::test(flavor = "current_thread")]
async fn a_cors_of_a_scope_only_answers_for_its_own_handlers() {
    // The scope takes all paths below `/api`, so the handlers after it are never reached.
    let app = App::new()
        .service(
            web::scope("/api")
                .service(plain_put)
                .wrap(from_fn(deny))
                .wrap(Cors::outermost()),
        )
        .route("/api/items", web::delete().to(any))
        .service(web::scope("").service(resource("/api/items").put(any_origin)));
    let app = actix(init_service(app).await);
    preflight("PUT", "/api/items")
        .from(STRANGER)
        .to(&app)
        .await
        .is(401)
        .has_no_cors();
    assert_no_user_code_ran();
}

#[tokio::test(flavor = "current_thread")]
async fn apps_with_clones_of_one_cors_are_separate() {
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
        .is_allowed_preflight(APP);
    let other = App::new().service(create).wrap(from_fn(deny)).wrap(cors);
    let other = actix(init_service(other).await);
    preflight("GET", "/items")
        .from(APP)
        .to(&other)
        .await
        .is_refused_preflight();
    preflight("POST", "/items")
        .from(ADMIN)
        .to(&other)
        .await
        .is_allowed_preflight(ADMIN);
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
