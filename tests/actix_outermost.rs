//! `Cors::outermost()` outside of the bearer middleware of actix-web-httpauth: preflights get past it, and nothing else does.

mod actix_common;
mod common;

use std::cell::Cell;
use std::rc::Rc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::ErrorUnauthorized;
use actix_web::guard::{self, GuardContext};
use actix_web::middleware::{Next, NormalizePath, from_fn};
use actix_web::test::init_service;
use actix_web::{App, Error, HttpResponse, Scope, delete, get, post, put, web};
use actix_web_httpauth::extractors::bearer::BearerAuth;
use actix_web_httpauth::middleware::HttpAuthentication;
use axum::http::HeaderName as Name;
use axum::http::header::AUTHORIZATION;
use cors_runtime::actix_web::{Cors, cors, resource};

use actix_common::actix;
use common::{ADMIN, APP, Ask, Reply, STRANGER, ask, preflight};

const X_HOST: Name = Name::from_static("x-host");

thread_local! {
    /// How often code of the user's ran, less that of auth. Every test has a thread of its own.
    static RUNS: Cell<usize> = const { Cell::new(0) };
}

fn run() {
    RUNS.set(RUNS.get() + 1);
}

#[cors(origins = ["https://app.example"], credentials)]
#[get("/items")]
async fn list() -> &'static str {
    run();
    "list"
}

#[cors(origins = ["https://admin.example"], headers = ["content-type"])]
#[post("/items")]
async fn create(name: web::Json<String>) -> String {
    run();
    name.into_inner()
}

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

async fn any() -> HttpResponse {
    run();
    HttpResponse::Ok().body("USER CODE")
}

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

async fn check(
    request: ServiceRequest,
    auth: BearerAuth,
) -> Result<ServiceRequest, (Error, ServiceRequest)> {
    match auth.token() {
        "token" => Ok(request),
        _ => Err((ErrorUnauthorized("no"), request)),
    }
}

/// Auth whose refusal is an `Err`, with no request in it.
async fn deny(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    match request.headers().get("authorization") {
        Some(_) => next.call(request).await,
        None => Err(ErrorUnauthorized("deny")),
    }
}

fn with_token(asked: Ask) -> Ask {
    asked.header(AUTHORIZATION, "Bearer token")
}

fn items() -> Scope {
    web::scope("/api")
        .service(list)
        .service(create)
        .service(web::resource("/any").to(any))
        .service(web::resource("/{tail:.*}").to(any))
}

#[track_caller]
fn nothing_ran() {
    assert_eq!(RUNS.get(), 0, "code of the user's ran");
}

macro_rules! apps {
    ($($app:expr),* $(,)?) => {
        vec![$({
            let service = actix(init_service($app).await);
            let service: Rc<dyn Fn(Ask) -> _> = Rc::new(move |asked: Ask| {
                let service = service.clone();
                Box::pin(async move { asked.to(&service).await })
                    as std::pin::Pin<Box<dyn Future<Output = Reply>>>
            });
            service
        }),*]
    };
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
        let reply = app(ask("GET", "/api/items").from(APP)).await;
        reply.is(401).allows(APP).credentials().vary(&["origin"]);
        let reply = app(ask("POST", "/api/items").from(ADMIN)).await;
        reply.is(401).allows(ADMIN).vary(&["origin"]);
        app(ask("GET", "/api/items").from(STRANGER))
            .await
            .is(401)
            .is_unreadable();
        app(ask("GET", "/api/items")).await.is(401).is_unreadable();
        nothing_ran();
        let reply = app(with_token(ask("GET", "/api/items").from(APP))).await;
        reply.is(200).says("list").allows(APP).vary(&["origin"]);
        let reply = app(with_token(ask("POST", "/api/items").from(ADMIN).json("7"))).await;
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
            app(ask("GET", path).from(APP)).await.is(401).has_no_cors();
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
    ask("DELETE", "/guarded")
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
    let sent = with_token(ask("PUT", "/items/special").from(APP));
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
        let reply = with_token(ask("PUT", "/items").from(APP)).to(&app).await;
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
        // The first has a policy for GET only, the second one for PUT: the PUT of the first is plain.
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
    // The one limit: guards of scopes are not asked in front of auth. What comes back tells who has served.
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
    let reply = ask("PUT", "/api/items")
        .from(STRANGER)
        .header(X_HOST, "admin")
        .to(&app)
        .await;
    reply.is(200).says("plain put").is_untouched();
    let reply = ask("PUT", "/api/items")
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

#[cors(origins = "*")]
async fn of_everybody() -> &'static str {
    run();
    "of everybody"
}

#[cors(origins = ["https://app.example"], headers = ["content-type"])]
async fn of_the_app() -> &'static str {
    run();
    "of the app"
}

#[tokio::test(flavor = "current_thread")]
async fn resources_are_known_too() {
    let app = App::new()
        .service(
            resource("/items/{id}")
                .get(of_everybody)
                .put(of_the_app)
                .delete(any),
        )
        .service(web::scope("/s").service(resource("").put(of_the_app)))
        .wrap(HttpAuthentication::with_fn(check))
        .wrap(Cors::outermost());
    let app = actix(init_service(app).await);
    preflight("GET", "/items/7")
        .from(STRANGER)
        .to(&app)
        .await
        .is_permission_for("*");
    preflight("PUT", "/items/7")
        .from(APP)
        .to(&app)
        .await
        .is_permission_for(APP);
    preflight("PUT", "/s")
        .from(APP)
        .to(&app)
        .await
        .is_permission_for(APP);
    preflight("PUT", "/items/7")
        .from(STRANGER)
        .to(&app)
        .await
        .is_refusal();
    preflight("PATCH", "/items/7")
        .from(APP)
        .to(&app)
        .await
        .is_refusal();
    preflight("DELETE", "/items/7")
        .from(APP)
        .to(&app)
        .await
        .is(401)
        .has_no_cors();
    ask("GET", "/items/7").to(&app).await.is(401).allows("*");
    ask("PUT", "/s")
        .from(APP)
        .to(&app)
        .await
        .is(401)
        .allows(APP);
    ask("PATCH", "/items/7")
        .from(APP)
        .to(&app)
        .await
        .is(401)
        .allows("*");
    ask("DELETE", "/items/7")
        .from(APP)
        .to(&app)
        .await
        .is(401)
        .has_no_cors();
    nothing_ran();
    with_token(ask("PATCH", "/items/7").from(APP))
        .to(&app)
        .await
        .is(405)
        .allows("*");
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
