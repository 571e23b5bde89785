//! Tests a default policy of an inner scope or resource, and the requests that an outer default
//! policy does not answer.

use actix_web::middleware::NormalizePath;
use actix_web::test::init_service;
use actix_web::{App, get, put, web};
use cors_runtime::actix_web::{Cors, cors};
use cors_runtime::{Policy, policy};

use super::{DEFAULT, RUNS, SITE, any, strict};
use crate::app::actix;
use crate::common::{ADMIN, APP, preflight, request};

static OTHER: Policy = policy! { origins = ["https://admin.example"], methods = [PUT] };

#[tokio::test(flavor = "current_thread")]
async fn a_scope_and_a_resource_can_have_a_default() {
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
            .is_allowed_preflight(APP);
        request("PUT", path).from(APP).to(&app).await.allows(APP);
    }
    preflight("GET", "/s/strict")
        .from(ADMIN)
        .to(&app)
        .await
        .is_allowed_preflight(ADMIN);
    preflight("GET", "/s/strict")
        .from(APP)
        .to(&app)
        .await
        .is_refused_preflight();
    assert_eq!(RUNS.get(), 2);
    preflight("PUT", "/any")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .has_body("any");
}

#[tokio::test(flavor = "current_thread")]
async fn the_inner_of_two_defaults_decides() {
    let inner = web::scope("/s")
        .route("/any", web::to(any))
        .wrap(Cors::new(&OTHER));
    let app = App::new().service(inner).wrap(Cors::new(&DEFAULT));
    let app = actix(init_service(app).await);
    // The outer default policy allows the preflight, but the inner one denies the actual request.
    preflight("PUT", "/s/any")
        .from(APP)
        .to(&app)
        .await
        .is_allowed_preflight(APP);
    request("PUT", "/s/any")
        .from(APP)
        .to(&app)
        .await
        .is(403)
        .has_no_cors();
    assert_eq!(RUNS.get(), 0);
    request("PUT", "/s/any")
        .from(ADMIN)
        .to(&app)
        .await
        .is(200)
        .allows(ADMIN)
        .vary(&["origin"]);
    request("PUT", "/s/any").to(&app).await.is(200).is_denied();
}

#[tokio::test(flavor = "current_thread")]
async fn the_default_does_not_apply_to_a_path_that_is_normalized() {
    // The path differs from the path of the annotated handler until an inner middleware normalizes
    // it.
    let app = App::new()
        .service(strict)
        .wrap(NormalizePath::trim())
        .wrap(Cors::new(&DEFAULT));
    let app = actix(init_service(app).await);
    preflight("GET", "/strict/")
        .from(APP)
        .to(&app)
        .await
        .is_refused_preflight();
    preflight("GET", "/strict/")
        .from(ADMIN)
        .to(&app)
        .await
        .is_allowed_preflight(ADMIN);
    assert_eq!(RUNS.get(), 0);
    let reply = request("GET", "/strict/").from(APP).to(&app).await;
    reply.has_body("strict").is_denied();
    let own = request("GET", "/strict/")
        .from(APP)
        .header(SITE, "same-origin");
    own.to(&app).await.has_body("strict").is_denied();
    request("GET", "/strict/")
        .from(ADMIN)
        .to(&app)
        .await
        .has_body("strict")
        .allows(ADMIN);
}

#[cors(origins = ["https://admin.example"])]
#[put("/item/{id}")]
async fn put_item(_: web::Path<String>) -> &'static str {
    RUNS.set(RUNS.get() + 1);
    "put"
}

#[tokio::test(flavor = "current_thread")]
async fn the_default_does_not_apply_to_a_handler_that_may_have_a_policy() {
    // GET leads to the plain handler, and PUT to the annotated handler that is registered later.
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
        .is_refused_preflight();
    preflight("PUT", "/item/special")
        .from(ADMIN)
        .to(&plain)
        .await
        .is_refused_preflight();
    preflight("GET", "/item/special")
        .from(APP)
        .to(&plain)
        .await
        .is_allowed_preflight(APP);
    // A resource of actix-web serves every method.
    let taken = actix(init_service(app.wrap(Cors::new(&DEFAULT))).await);
    preflight("GET", "/item/special")
        .from(APP)
        .to(&taken)
        .await
        .is_allowed_preflight(APP);
    assert_eq!(RUNS.get(), 0);
}

#[get("/item/special")]
async fn get_special() -> &'static str {
    RUNS.set(RUNS.get() + 1);
    "special"
}
