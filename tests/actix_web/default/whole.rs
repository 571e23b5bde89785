//! Tests a default policy of a whole app.

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
async fn a_default_applies_to_endpoints_without_a_policy() {
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
        .is_allowed_preflight(APP)
        .methods(&["PUT"])
        .allowed_headers(&["x-one"]);
    preflight("DELETE", "/any")
        .from(APP)
        .to(&inside)
        .await
        .is_refused_preflight();
    preflight("PUT", "/any")
        .from(ADMIN)
        .to(&inside)
        .await
        .is_refused_preflight();
    preflight("PUT", "/none")
        .from(APP)
        .to(&inside)
        .await
        .is_allowed_preflight(APP);
    // The endpoint is not known, so the `methods` of the default policy decide.
    preflight("PUT", "/strict")
        .from(APP)
        .to(&inside)
        .await
        .is_allowed_preflight(APP);
    assert_eq!(RUNS.get(), 0);
    request("GET", "/any")
        .from(APP)
        .to(&inside)
        .await
        .has_body("any")
        .allows(APP)
        .vary(&["origin"]);
    request("GET", "/any")
        .from(ADMIN)
        .to(&inside)
        .await
        .has_body("any")
        .is_denied();
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
        .has_body("beside")
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
        .is_allowed_preflight(ADMIN);
    preflight("GET", "/strict")
        .from(APP)
        .to(&app)
        .await
        .is_refused_preflight();
    request("GET", "/strict")
        .from(ADMIN)
        .to(&app)
        .await
        .has_body("strict")
        .allows(ADMIN)
        .vary(&["origin"]);
    request("GET", "/strict")
        .from(APP)
        .to(&app)
        .await
        .has_body("strict")
        .is_denied();
    preflight("GET", "/disabled")
        .from(APP)
        .to(&app)
        .await
        .is_refused_preflight();
    request("GET", "/disabled")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .has_no_cors();
    // The methods of a resource are known.
    preflight("PUT", "/r")
        .from(APP)
        .to(&app)
        .await
        .is_allowed_preflight(APP)
        .methods(&["PUT"]);
    preflight("DELETE", "/r")
        .from(APP)
        .to(&app)
        .await
        .is_refused_preflight();
    request("PUT", "/r")
        .from(APP)
        .to(&app)
        .await
        .has_body("any")
        .allows(APP);
    request("DELETE", "/r")
        .from(APP)
        .to(&app)
        .await
        .is(405)
        .allows(APP);
}

#[tokio::test(flavor = "current_thread")]
async fn a_default_runs_outside_of_auth() {
    let app = App::new()
        .service(strict)
        .route("/any", web::to(any))
        .wrap(from_fn(deny));
    let app = actix(init_service(app.wrap(Cors::new(&DEFAULT))).await);
    preflight("PUT", "/any")
        .from(APP)
        .to(&app)
        .await
        .is_allowed_preflight(APP);
    preflight("GET", "/strict")
        .from(ADMIN)
        .to(&app)
        .await
        .is_allowed_preflight(ADMIN);
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
        .is_denied();
}
