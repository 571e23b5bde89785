//! What gets past auth, and what does not.

use std::rc::Rc;

use actix_web::guard::GuardContext;
use actix_web::middleware::{NormalizePath, from_fn};
use actix_web::test::init_service;
use actix_web::{App, Scope, delete, web};
use actix_web_httpauth::middleware::HttpAuthentication;
use cors_runtime::actix_web::{Cors, cors};

use super::{RUNS, any, check, create, deny, list, nothing_ran, run, with_token};
use crate::app::actix;
use crate::common::{ADMIN, APP, Reply, STRANGER, TestRequest, preflight, request};

fn counted(_: &GuardContext<'_>) -> bool {
    run();
    true
}

#[cors(origins = ["https://app.example"])]
#[delete("/guarded", guard = "counted")]
async fn guarded() -> &'static str {
    run();
    "guarded"
}

fn items() -> Scope {
    web::scope("/api")
        .service(list)
        .service(create)
        .service(web::resource("/any").to(any))
        .service(web::resource("/{tail:.*}").to(any))
}

#[tokio::test(flavor = "current_thread")]
async fn preflights_get_past_auth_and_401s_can_be_read() {
    let apps = apps![
        App::new()
            .service(items())
            .wrap(HttpAuthentication::with_fn(check))
            .wrap(Cors::outermost()),
        App::new()
            .service(items())
            .wrap(from_fn(deny))
            .wrap(Cors::outermost()),
        App::new().service(
            items()
                .wrap(HttpAuthentication::with_fn(check))
                .wrap(Cors::outermost())
        ),
        App::new()
            .service(items().wrap(HttpAuthentication::with_fn(check)))
            .wrap(Cors::outermost()),
        App::new()
            .service(items().wrap(from_fn(deny)).wrap(Cors::outermost()))
            .wrap(Cors::outermost()),
        App::new()
            .service(
                web::scope("")
                    .wrap(from_fn(deny))
                    .service(web::scope("").service(items())),
            )
            .wrap(Cors::outermost()),
    ];
    for app in apps {
        RUNS.set(0);
        let reply = app(preflight("GET", "/api/items").from(APP)).await;
        reply.is_permission_for(APP).methods(&["GET"]).credentials();
        let reply = app(preflight("POST", "/api/items").from(ADMIN)).await;
        reply
            .is_permission_for(ADMIN)
            .allowed_headers(&["content-type"]);
        app(preflight("POST", "/api/items").from(APP))
            .await
            .is_refusal();
        app(preflight("PUT", "/api/items").from(APP))
            .await
            .is_refusal();
        let reply = app(request("GET", "/api/items").from(APP)).await;
        reply.is(401).allows(APP).credentials().vary(&["origin"]);
        let reply = app(request("POST", "/api/items").from(ADMIN)).await;
        reply.is(401).allows(ADMIN).vary(&["origin"]);
        app(request("GET", "/api/items").from(STRANGER))
            .await
            .is(401)
            .is_unreadable();
        app(request("GET", "/api/items"))
            .await
            .is(401)
            .is_unreadable();
        nothing_ran();
        let reply = app(with_token(request("GET", "/api/items").from(APP))).await;
        reply.is(200).says("list").allows(APP).vary(&["origin"]);
        let reply = app(with_token(
            request("POST", "/api/items").from(ADMIN).json("7"),
        ))
        .await;
        reply.is(400).allows(ADMIN);
    }
}

#[tokio::test(flavor = "current_thread")]
async fn what_has_no_policy_stays_behind_auth() {
    let apps = apps![
        App::new()
            .service(items())
            .wrap(HttpAuthentication::with_fn(check))
            .wrap(Cors::outermost()),
        App::new().service(items().wrap(from_fn(deny)).wrap(Cors::outermost())),
        App::new()
            .service(items())
            .default_service(web::to(any))
            .wrap(from_fn(deny))
            .wrap(Cors::outermost()),
        App::new()
            .service(items())
            .wrap(NormalizePath::trim())
            .wrap(from_fn(deny))
            .wrap(Cors::outermost()),
    ];
    for app in apps {
        for path in [
            "/api/any",
            "/api/none",
            "/api/items/",
            "/api//items",
            "/api/items/x",
            "/api/%00",
            "/api/items/%000/x",
            "/api/%000/x",
        ] {
            for method in ["GET", "PUT", "OPTIONS", ""] {
                let reply = app(preflight(method, path).from(APP)).await;
                reply.is(401).has_no_cors();
            }
            app(request("GET", path).from(APP))
                .await
                .is(401)
                .has_no_cors();
        }
        nothing_ran();
    }
}

#[tokio::test(flavor = "current_thread")]
async fn catch_alls_in_front_get_no_preflight_without_auth() {
    let scopes = || {
        [
            web::scope("/api")
                .service(web::resource("/{tail:.*}").to(any))
                .service(list),
            web::scope("/api")
                .route("/{tail:.*}", web::get().to(any))
                .service(list)
                .service(create),
            web::scope("/api")
                .service(web::resource("/items").to(any))
                .service(list),
            web::scope("/api")
                .guard(counted)
                .service(web::resource("/items").to(any)),
            web::scope("/api").default_service(web::to(any)),
        ]
    };
    for scope in scopes() {
        let app = App::new()
            .service(scope)
            .wrap(from_fn(deny))
            .wrap(Cors::outermost());
        let app = actix(init_service(app).await);
        for method in ["GET", "POST", "PUT"] {
            let reply = preflight(method, "/api/items").from(APP).to(&app).await;
            assert!(
                [401, 403, 204].contains(&reply.status.as_u16()),
                "{reply:#?}"
            );
        }
        nothing_ran();
    }
}

#[tokio::test(flavor = "current_thread")]
async fn guards_are_code_of_the_user_too() {
    let app = App::new()
        .service(guarded)
        .service(list)
        .wrap(from_fn(deny))
        .wrap(Cors::outermost());
    let app = actix(init_service(app).await);
    preflight("DELETE", "/guarded")
        .from(APP)
        .to(&app)
        .await
        .is(401)
        .has_no_cors();
    preflight("GET", "/items")
        .from(APP)
        .to(&app)
        .await
        .is_permission_for(APP);
    request("DELETE", "/guarded")
        .from(APP)
        .to(&app)
        .await
        .is(401)
        .has_no_cors();
    nothing_ran();
    // Behind auth it is answered.
    let asked = with_token(preflight("DELETE", "/guarded").from(APP));
    asked.to(&app).await.is_permission_for(APP);
}
