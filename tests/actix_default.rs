//! `Cors::new(&DEFAULT)`, `disabled` and `enforce`.

mod actix_common;
mod common;

use std::cell::Cell;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::ErrorUnauthorized;
use actix_web::middleware::{Next, NormalizePath, from_fn};
use actix_web::test::init_service;
use actix_web::{App, Error, HttpResponse, get, post, put, web};
use axum::http::HeaderName as Name;
use axum::http::header::{AUTHORIZATION, HOST, ORIGIN};
use cors_runtime::actix_web::{Cors, cors, resource};
use cors_runtime::{Policy, policy};

use actix_common::actix;
use common::{ADMIN, APP, STRANGER, ask, preflight};

const SITE: Name = Name::from_static("sec-fetch-site");

static DEFAULT: Policy = policy! {
    origins = ["https://app.example"],
    methods = [PUT],
    headers = ["x-one"],
};

static OTHER: Policy = policy! { origins = ["https://admin.example"], methods = [PUT] };

static FENCE: Policy = policy! { origins = ["https://app.example"], enforce };

thread_local! {
    static RUNS: Cell<usize> = const { Cell::new(0) };
}

async fn any() -> HttpResponse {
    RUNS.set(RUNS.get() + 1);
    HttpResponse::Ok()
        .insert_header(("access-control-allow-origin", "*"))
        .body("any")
}

#[cors(origins = ["https://admin.example"])]
#[get("/strict")]
async fn strict() -> &'static str {
    RUNS.set(RUNS.get() + 1);
    "strict"
}

#[put("/strict")]
async fn beside_strict() -> &'static str {
    RUNS.set(RUNS.get() + 1);
    "beside"
}

#[cors(disabled)]
#[get("/disabled")]
async fn disabled() -> HttpResponse {
    RUNS.set(RUNS.get() + 1);
    HttpResponse::Ok()
        .insert_header(("access-control-allow-origin", "*"))
        .finish()
}

#[cors(origins = ["https://app.example", "https://shop.example"], enforce)]
#[post("/fence")]
async fn fence(_: web::Bytes) -> &'static str {
    RUNS.set(RUNS.get() + 1);
    "inside"
}

#[cors(origins = ["https://app.example"], enforce)]
async fn fenced() -> &'static str {
    RUNS.set(RUNS.get() + 1);
    "inside"
}

async fn deny(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    RUNS.set(RUNS.get() + 1);
    match request.headers().get("authorization") {
        Some(_) => next.call(request).await,
        None => Err(ErrorUnauthorized("deny")),
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_default_covers_what_has_no_policy() {
    let app = || {
        App::new()
            .service(strict)
            .service(beside_strict)
            .route("/any", web::to(any))
    };
    let inside = actix(init_service(app().wrap(Cors::new(&DEFAULT))).await);
    let reply = preflight("PUT", "/any")
        .from(APP)
        .with_headers("x-one")
        .to(&inside)
        .await;
    reply
        .is_permission_for(APP)
        .methods(&["PUT"])
        .allowed_headers(&["x-one"]);
    preflight("DELETE", "/any")
        .from(APP)
        .to(&inside)
        .await
        .is_refusal();
    preflight("PUT", "/any")
        .from(ADMIN)
        .to(&inside)
        .await
        .is_refusal();
    preflight("PUT", "/none")
        .from(APP)
        .to(&inside)
        .await
        .is_permission_for(APP);
    // Who serves it there is not known; the default's `methods` decide.
    preflight("PUT", "/strict")
        .from(APP)
        .to(&inside)
        .await
        .is_permission_for(APP);
    assert_eq!(RUNS.get(), 0);
    ask("GET", "/any")
        .from(APP)
        .to(&inside)
        .await
        .says("any")
        .allows(APP)
        .vary(&["origin"]);
    ask("GET", "/any")
        .from(ADMIN)
        .to(&inside)
        .await
        .says("any")
        .is_unreadable();
    ask("GET", "/none")
        .from(APP)
        .to(&inside)
        .await
        .is(404)
        .allows(APP);
    ask("PUT", "/strict")
        .from(APP)
        .to(&inside)
        .await
        .says("beside")
        .allows(APP);
}

#[tokio::test(flavor = "current_thread")]
async fn a_policy_replaces_the_default_entirely() {
    let app = App::new()
        .service(strict)
        .service(disabled)
        .service(resource("/r").get(fenced).put(any));
    let app = actix(init_service(app.wrap(Cors::new(&DEFAULT))).await);
    preflight("GET", "/strict")
        .from(ADMIN)
        .to(&app)
        .await
        .is_permission_for(ADMIN);
    preflight("GET", "/strict")
        .from(APP)
        .to(&app)
        .await
        .is_refusal();
    ask("GET", "/strict")
        .from(ADMIN)
        .to(&app)
        .await
        .says("strict")
        .allows(ADMIN)
        .vary(&["origin"]);
    ask("GET", "/strict")
        .from(APP)
        .to(&app)
        .await
        .says("strict")
        .is_unreadable();
    preflight("GET", "/disabled")
        .from(APP)
        .to(&app)
        .await
        .is_refusal();
    ask("GET", "/disabled")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .has_no_cors();
    // A resource tells which handlers it has.
    preflight("PUT", "/r")
        .from(APP)
        .to(&app)
        .await
        .is_permission_for(APP)
        .methods(&["PUT"]);
    preflight("DELETE", "/r")
        .from(APP)
        .to(&app)
        .await
        .is_refusal();
    ask("PUT", "/r")
        .from(APP)
        .to(&app)
        .await
        .says("any")
        .allows(APP);
    ask("DELETE", "/r")
        .from(APP)
        .to(&app)
        .await
        .is(405)
        .allows(APP);
}

#[tokio::test(flavor = "current_thread")]
async fn a_default_stands_outside_of_auth() {
    let app = App::new()
        .service(strict)
        .route("/any", web::to(any))
        .wrap(from_fn(deny));
    let app = actix(init_service(app.wrap(Cors::new(&DEFAULT))).await);
    preflight("PUT", "/any")
        .from(APP)
        .to(&app)
        .await
        .is_permission_for(APP);
    preflight("GET", "/strict")
        .from(ADMIN)
        .to(&app)
        .await
        .is_permission_for(ADMIN);
    assert_eq!(RUNS.get(), 0);
    ask("GET", "/any")
        .from(APP)
        .to(&app)
        .await
        .is(401)
        .allows(APP);
    ask("GET", "/strict")
        .from(ADMIN)
        .to(&app)
        .await
        .is(401)
        .allows(ADMIN);
    ask("GET", "/strict")
        .from(APP)
        .to(&app)
        .await
        .is(401)
        .is_unreadable();
}

#[tokio::test(flavor = "current_thread")]
async fn a_default_of_a_scope_and_of_a_resource() {
    let app = App::new()
        .service(
            web::scope("/s")
                .route("/any", web::to(any))
                .service(strict)
                .wrap(Cors::new(&DEFAULT)),
        )
        .service(
            web::resource("/r")
                .route(web::put().to(any))
                .wrap(Cors::new(&DEFAULT)),
        )
        .route("/any", web::to(any));
    let app = actix(init_service(app).await);
    for path in ["/s/any", "/s/none", "/r"] {
        preflight("PUT", path)
            .from(APP)
            .to(&app)
            .await
            .is_permission_for(APP);
        ask("PUT", path).from(APP).to(&app).await.allows(APP);
    }
    preflight("GET", "/s/strict")
        .from(ADMIN)
        .to(&app)
        .await
        .is_permission_for(ADMIN);
    preflight("GET", "/s/strict")
        .from(APP)
        .to(&app)
        .await
        .is_refusal();
    assert_eq!(RUNS.get(), 2);
    preflight("PUT", "/any")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .says("any");
}

#[tokio::test(flavor = "current_thread")]
async fn of_two_defaults_the_inner_one_decides() {
    let inner = web::scope("/s")
        .route("/any", web::to(any))
        .wrap(Cors::new(&OTHER));
    let app = App::new().service(inner).wrap(Cors::new(&DEFAULT));
    let app = actix(init_service(app).await);
    // The outer one answers the preflight, which is no permission under the inner one.
    preflight("PUT", "/s/any")
        .from(APP)
        .to(&app)
        .await
        .is_permission_for(APP);
    ask("PUT", "/s/any")
        .from(APP)
        .to(&app)
        .await
        .is(403)
        .has_no_cors();
    assert_eq!(RUNS.get(), 0);
    ask("PUT", "/s/any")
        .from(ADMIN)
        .to(&app)
        .await
        .is(200)
        .allows(ADMIN)
        .vary(&["origin"]);
    ask("PUT", "/s/any").to(&app).await.is(200).is_unreadable();
}

#[tokio::test(flavor = "current_thread")]
async fn a_preflight_that_the_default_answered_opens_nothing_stricter() {
    // Another path than the annotated one, until it has been normalised further in.
    let app = App::new()
        .service(strict)
        .wrap(NormalizePath::trim())
        .wrap(Cors::new(&DEFAULT));
    let app = actix(init_service(app).await);
    preflight("GET", "/strict/")
        .from(APP)
        .to(&app)
        .await
        .is_permission_for(APP);
    let reply = ask("GET", "/strict/").from(APP).to(&app).await;
    reply.is(403).has_no_cors();
    assert_eq!(RUNS.get(), 0);
    let own = ask("GET", "/strict/").from(APP).header(SITE, "same-origin");
    own.to(&app).await.says("strict").is_unreadable();
    ask("GET", "/strict/")
        .from(ADMIN)
        .to(&app)
        .await
        .says("strict")
        .allows(ADMIN);
}

#[cors(origins = ["https://admin.example"])]
#[put("/item/{id}")]
async fn put_item(_: web::Path<String>) -> &'static str {
    RUNS.set(RUNS.get() + 1);
    "put"
}

#[tokio::test(flavor = "current_thread")]
async fn the_default_does_not_answer_for_who_may_have_a_policy() {
    // GET leads to the plain one, and PUT to the annotated one behind it.
    let app = App::new()
        .route("/item/special", web::get().to(any))
        .service(put_item);
    let plain = App::new()
        .service(get_special)
        .service(put_item)
        .wrap(Cors::new(&DEFAULT));
    let plain = actix(init_service(plain).await);
    preflight("PUT", "/item/special")
        .from(APP)
        .to(&plain)
        .await
        .is_refusal();
    preflight("PUT", "/item/special")
        .from(ADMIN)
        .to(&plain)
        .await
        .is_refusal();
    preflight("GET", "/item/special")
        .from(APP)
        .to(&plain)
        .await
        .is_permission_for(APP);
    // A resource takes every method.
    let taken = actix(init_service(app.wrap(Cors::new(&DEFAULT))).await);
    preflight("GET", "/item/special")
        .from(APP)
        .to(&taken)
        .await
        .is_permission_for(APP);
    assert_eq!(RUNS.get(), 0);
}

#[get("/item/special")]
async fn get_special() -> &'static str {
    RUNS.set(RUNS.get() + 1);
    "special"
}

#[tokio::test(flavor = "current_thread")]
async fn enforce_comes_before_everything() {
    let bare = || {
        App::new()
            .service(fence)
            .service(resource("/r").post(fenced).wrap(from_fn(deny)))
    };
    let outermost = bare().wrap(from_fn(deny)).wrap(Cors::outermost());
    let bare = actix(init_service(bare()).await);
    let outermost = actix(init_service(outermost).await);
    for path in ["/fence", "/r"] {
        for origin in [STRANGER, "null", "", "https://app.example.evil.example"] {
            for app in [
                ask("POST", path).from(origin).to(&bare).await,
                ask("POST", path).from(origin).to(&outermost).await,
            ] {
                app.is(403)
                    .has_no_cors()
                    .vary(&["origin", "sec-fetch-site"]);
            }
        }
        let two = ask("POST", path).from(APP).header(ORIGIN, STRANGER);
        two.to(&outermost).await.is(403);
    }
    assert_eq!(RUNS.get(), 0);
    ask("POST", "/fence")
        .from(APP)
        .to(&bare)
        .await
        .says("inside")
        .allows(APP);
    ask("POST", "/fence")
        .to(&bare)
        .await
        .says("inside")
        .is_unreadable();
    let sent = ask("POST", "/r").from(APP).header(AUTHORIZATION, "x");
    sent.to(&outermost).await.says("inside").allows(APP);
}

#[tokio::test(flavor = "current_thread")]
async fn enforce_lets_the_own_site_in() {
    let app = actix(init_service(App::new().service(fence)).await);
    let own = ask("POST", "/fence")
        .from("https://own.example")
        .header(SITE, "same-origin");
    own.to(&app).await.says("inside").is_unreadable();
    let cross = ask("POST", "/fence")
        .from("https://own.example")
        .header(SITE, "cross-site");
    cross.header(HOST, "own.example").to(&app).await.is(403);
    let old = ask("POST", "/fence")
        .from("http://own.example:8080")
        .header(HOST, "own.example:8080");
    old.to(&app).await.says("inside").is_unreadable();
    let other = ask("POST", "/fence")
        .from("http://own.example:8080")
        .header(HOST, "own.example");
    other.to(&app).await.is(403);
}

#[tokio::test(flavor = "current_thread")]
async fn a_default_can_enforce() {
    let app = App::new()
        .route("/any", web::to(any))
        .service(strict)
        .wrap(Cors::new(&FENCE));
    let app = actix(init_service(app).await);
    ask("POST", "/any")
        .from(STRANGER)
        .to(&app)
        .await
        .is(403)
        .has_no_cors();
    ask("POST", "/none")
        .from(STRANGER)
        .to(&app)
        .await
        .is(403)
        .has_no_cors();
    assert_eq!(RUNS.get(), 0);
    ask("POST", "/any")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .allows(APP);
    // Its policy is its own.
    ask("GET", "/strict")
        .from(STRANGER)
        .to(&app)
        .await
        .is(200)
        .is_unreadable();
}
