//! Tests annotated functions in `cors_runtime::actix_web::resource`.

mod handlers;
mod methods;

use actix_web::error::{ErrorConflict, ErrorImATeapot};
use actix_web::{Error, HttpResponse, Responder, web};
use cors_runtime::actix_web::cors;

#[cors(origins = ["https://app.example"], expose = ["x-total"])]
async fn list(id: web::Path<u32>) -> impl Responder {
    format!("list {id}")
}

#[cors(origins = ["https://admin.example"], headers = ["content-type"], max_age = 60)]
async fn create(_: web::Path<u32>, name: web::Json<String>) -> Result<String, Error> {
    if *name == "taken" {
        return Err(ErrorConflict("taken"));
    }
    let name = Some(name.into_inner()).filter(|name| !name.is_empty());
    name.ok_or_else(|| ErrorImATeapot("empty"))
}

#[cors(origins = ["https://app.example"])]
async fn nothing() -> HttpResponse {
    HttpResponse::Ok().finish()
}
