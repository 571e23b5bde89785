//! Tests which requests reach auth and the inner services.

use std::rc::Rc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::guard::GuardContext;
use actix_web::middleware::{Next, NormalizePath, from_fn};
use actix_web::test::init_service;
use actix_web::{App, Error, HttpResponse, Scope, delete, web};
use actix_web_httpauth::middleware::HttpAuthentication;
use cors_runtime::actix_web::{Cors, cors};

use super::{RUNS, any, assert_no_user_code_ran, check, create, deny, list, run, with_token};
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
async fn preflights_are_answered_before_auth_and_401s_are_readable() {
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
        reply
            .is_allowed_preflight(APP)
            .methods(&["GET"])
            .credentials();
        let reply = app(preflight("POST", "/api/items").from(ADMIN)).await;
        reply
            .is_allowed_preflight(ADMIN)
            .allowed_headers(&["content-type"]);
        app(preflight("POST", "/api/items").from(APP))
            .await
            .is_refused_preflight();
        app(preflight("PUT", "/api/items").from(APP))
            .await
            .is_refused_preflight();
        let reply = app(request("GET", "/api/items").from(APP)).await;
        reply.is(401).allows(APP).credentials().vary(&["origin"]);
        let reply = app(request("POST", "/api/items").from(ADMIN)).await;
        reply.is(401).allows(ADMIN).vary(&["origin"]);
        app(request("GET", "/api/items").from(STRANGER))
            .await
            .is(401)
            .is_denied();
        app(request("GET", "/api/items")).await.is(401).is_denied();
        assert_no_user_code_ran();
        let reply = app(with_token(request("GET", "/api/items").from(APP))).await;
        reply.is(200).has_body("list").allows(APP).vary(&["origin"]);
        let reply = app(with_token(
            request("POST", "/api/items").from(ADMIN).json("7"),
        ))
        .await;
        reply.is(400).allows(ADMIN);
    }
}

#[tokio::test(flavor = "current_thread")]
async fn preflights_without_a_policy_are_refused_by_auth() {
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
        assert_no_user_code_ran();
    }
}

#[tokio::test(flavor = "current_thread")]
async fn catch_all_handlers_receive_no_preflights_without_auth() {
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
        assert_no_user_code_ran();
    }
}

#[tokio::test(flavor = "current_thread")]
async fn guards_do_not_run_before_auth() {
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
        .is_allowed_preflight(APP);
    request("DELETE", "/guarded")
        .from(APP)
        .to(&app)
        .await
        .is(401)
        .has_no_cors();
    assert_no_user_code_ran();
    // The handler answers the preflight once auth has accepted it.
    let sent = with_token(preflight("DELETE", "/guarded").from(APP));
    sent.to(&app).await.is_allowed_preflight(APP);
}

/// Replaces the response of the handler. The new response varies, but has no other CORS headers.
async fn replace(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let response = next.call(request).await?;
    let replaced = HttpResponse::Accepted()
        .insert_header(("vary", "Origin"))
        .body("replaced");
    Ok(response.into_response(replaced))
}

#[tokio::test(flavor = "current_thread")]
async fn a_replaced_response_has_the_headers_of_the_handler() {
    let app = App::new()
        .service(list)
        .wrap(from_fn(replace))
        .wrap(Cors::outermost());
    let app = actix(init_service(app).await);
    let reply = request("GET", "/items").from(APP).to(&app).await;
    reply.is(202).has_body("replaced").allows(APP).credentials();
    let reply = request("GET", "/items").from(STRANGER).to(&app).await;
    reply.is(202).is_denied();
}
