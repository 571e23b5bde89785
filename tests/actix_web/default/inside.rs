//! Defaults further in, and what the outer one does not answer for.

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
        request("PUT", path).from(APP).to(&app).await.allows(APP);
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
    request("PUT", "/s/any")
        .to(&app)
        .await
        .is(200)
        .is_unreadable();
}

#[tokio::test(flavor = "current_thread")]
async fn the_default_does_not_answer_for_a_path_that_is_normalized() {
    // Another path than the annotated one, until an inner middleware has normalized it.
    let app = App::new()
        .service(strict)
        .wrap(NormalizePath::trim())
        .wrap(Cors::new(&DEFAULT));
    let app = actix(init_service(app).await);
    preflight("GET", "/strict/")
        .from(APP)
        .to(&app)
        .await
        .is_refusal();
    preflight("GET", "/strict/")
        .from(ADMIN)
        .to(&app)
        .await
        .is_permission_for(ADMIN);
    assert_eq!(RUNS.get(), 0);
    let reply = request("GET", "/strict/").from(APP).to(&app).await;
    reply.says("strict").is_unreadable();
    let own = request("GET", "/strict/")
        .from(APP)
        .header(SITE, "same-origin");
    own.to(&app).await.says("strict").is_unreadable();
    request("GET", "/strict/")
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
