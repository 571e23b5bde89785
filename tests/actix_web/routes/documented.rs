//! `#[utoipa::path]` above and below `#[cors]`.

use actix_web::test::init_service;
use actix_web::{App, get, put, web};
use cors_runtime::actix_web::cors;
use utoipa::OpenApi;

use crate::app::actix;
use crate::common::{ADMIN, APP, get_allowed, preflight, request};

#[utoipa::path(get, path = "/items/{id}", params(("id" = u32, Path)))]
#[cors(origins = ["https://app.example"])]
#[get("/items/{id}")]
async fn show(id: web::Path<u32>) -> String {
    id.to_string()
}

#[cors(origins = ["https://admin.example"])]
#[utoipa::path(put, path = "/items/{id}", params(("id" = u32, Path)))]
#[put("/items/{id}")]
async fn replace(id: web::Path<u32>) -> String {
    format!("{id} replaced")
}

#[derive(OpenApi)]
#[openapi(paths(show, replace))]
struct Api;

#[actix_web::test]
async fn both_orders_are_routes_with_a_policy_and_in_the_document() {
    let app = actix(init_service(App::new().service(show).service(replace)).await);
    get_allowed(&app, "/items/7").await.is(200).has_body("7");
    let sent = preflight("PUT", "/items/7").from(ADMIN).to(&app).await;
    sent.is_allowed_preflight(ADMIN).methods(&["PUT"]);
    let sent = preflight("PUT", "/items/7").from(APP).to(&app).await;
    sent.is_refused_preflight();
    let replaced = request("PUT", "/items/7").from(ADMIN).to(&app).await;
    replaced.is(200).has_body("7 replaced").allows(ADMIN);

    let item = &Api::openapi().paths.paths["/items/{id}"];
    assert!(item.get.is_some() && item.put.is_some());
}
