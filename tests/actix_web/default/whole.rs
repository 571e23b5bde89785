//! A default around a whole app.

use actix_web::middleware::from_fn;
use actix_web::test::init_service;
use actix_web::{App, HttpResponse, get, put, web};
use cors_runtime::actix_web::{Cors, cors, resource};

use super::{DEFAULT, RUNS, any, deny, fenced, strict};
use crate::app::actix;
use crate::common::{ADMIN, APP, preflight, request};

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
    request("GET", "/any")
        .from(APP)
        .to(&inside)
        .await
        .says("any")
        .allows(APP)
        .vary(&["origin"]);
    request("GET", "/any")
        .from(ADMIN)
        .to(&inside)
        .await
        .says("any")
        .is_unreadable();
    request("GET", "/none")
        .from(APP)
        .to(&inside)
        .await
        .is(404)
        .allows(APP);
    request("PUT", "/strict")
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
    request("GET", "/strict")
        .from(ADMIN)
        .to(&app)
        .await
        .says("strict")
        .allows(ADMIN)
        .vary(&["origin"]);
    request("GET", "/strict")
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
    request("GET", "/disabled")
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
    request("PUT", "/r")
        .from(APP)
        .to(&app)
        .await
        .says("any")
        .allows(APP);
    request("DELETE", "/r")
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
    request("GET", "/any")
        .from(APP)
        .to(&app)
        .await
        .is(401)
        .allows(APP);
    request("GET", "/strict")
        .from(ADMIN)
        .to(&app)
        .await
        .is(401)
        .allows(ADMIN);
    request("GET", "/strict")
        .from(APP)
        .to(&app)
        .await
        .is(401)
        .is_unreadable();
}
