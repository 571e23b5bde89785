//! Tests endpoints with overlapping patterns, guards or scopes.

mod guards;
mod order;
mod paths;

use actix_web::HttpResponse;
use cors_runtime::{Policy, policy};

static DEFAULT: Policy = policy! { origins = ["https://default.example"], methods = [PUT, DELETE] };

const DEFAULT_ORIGIN: &str = "https://default.example";

async fn plain() -> HttpResponse {
    HttpResponse::Ok().body("plain")
}

/// Runs a block for an app without `Cors`, inside of `Cors::outermost()`, and inside of
/// `Cors::new(&DEFAULT)`.
macro_rules! in_every_mode {
    ($app:expr, |$service:ident| $block:block) => {{
        let $service = crate::app::actix(actix_web::test::init_service($app).await);
        $block
        let around = $app.wrap(cors_runtime::actix_web::Cors::outermost());
        let $service = crate::app::actix(actix_web::test::init_service(around).await);
        $block
        let around = $app.wrap(cors_runtime::actix_web::Cors::new(&super::DEFAULT));
        let $service = crate::app::actix(actix_web::test::init_service(around).await);
        $block
    }};
}
use in_every_mode;
