//! The handlers of a `resource`.

use actix_web::test::init_service;
use actix_web::{App, web};
use actix_web_httpauth::middleware::HttpAuthentication;
use cors_runtime::actix_web::{Cors, cors, resource};

use super::{any, check, nothing_ran, of_everybody, run, with_token};
use crate::app::actix;
use crate::common::{APP, STRANGER, preflight, request};

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
    nothing_ran();
    with_token(request("PATCH", "/items/7").from(APP))
        .to(&app)
        .await
        .is(405)
        .allows("*");
}
