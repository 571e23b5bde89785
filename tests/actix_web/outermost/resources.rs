//! Tests the handlers of a `resource`.

use actix_web::test::init_service;
use actix_web::{App, web};
use actix_web_httpauth::middleware::HttpAuthentication;
use cors_runtime::actix_web::{Cors, cors, resource};

use super::{any, any_origin, assert_no_user_code_ran, check, run, with_token};
use crate::app::actix;
use crate::common::{APP, STRANGER, preflight, request};

#[cors(origins = ["https://app.example"], headers = ["content-type"])]
async fn app_origin() -> &'static str {
    run();
    "of the app"
}

#[tokio::test(flavor = "current_thread")]
async fn preflights_for_resources_are_answered_before_auth() {
    let app = App::new()
        .service(
            resource("/items/{id}")
                .get(any_origin)
                .put(app_origin)
                .delete(any),
        )
        .service(web::scope("/s").service(resource("").put(app_origin)))
        .wrap(HttpAuthentication::with_fn(check))
        .wrap(Cors::outermost());
    let app = actix(init_service(app).await);
    preflight("GET", "/items/7")
        .from(STRANGER)
        .to(&app)
        .await
        .is_allowed_preflight("*");
    preflight("PUT", "/items/7")
        .from(APP)
        .to(&app)
        .await
        .is_allowed_preflight(APP);
    preflight("PUT", "/s")
        .from(APP)
        .to(&app)
        .await
        .is_allowed_preflight(APP);
    preflight("PUT", "/items/7")
        .from(STRANGER)
        .to(&app)
        .await
        .is_refused_preflight();
    preflight("PATCH", "/items/7")
        .from(APP)
        .to(&app)
        .await
        .is_refused_preflight();
    preflight("DELETE", "/items/7")
        .from(APP)
        .to(&app)
        .await
        .is(401)
        .has_no_cors();
    request("GET", "/items/7")
        .to(&app)
        .await
        .is(401)
        .allows("*");
    request("PUT", "/s")
        .from(APP)
        .to(&app)
        .await
        .is(401)
        .allows(APP);
    request("PATCH", "/items/7")
        .from(APP)
        .to(&app)
        .await
        .is(401)
        .allows("*");
    request("DELETE", "/items/7")
        .from(APP)
        .to(&app)
        .await
        .is(401)
        .has_no_cors();
    assert_no_user_code_ran();
    with_token(request("PATCH", "/items/7").from(APP))
        .to(&app)
        .await
        .is(405)
        .allows("*");
}
