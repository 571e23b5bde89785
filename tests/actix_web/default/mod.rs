//! Tests `Cors::new(&DEFAULT)`, `disabled` and `enforce`.

mod disabled;
mod enforce;
mod inside;
mod unknown;
mod whole;

use std::cell::Cell;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::ErrorUnauthorized;
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, get};
use axum::http::HeaderName as Name;
use cors_runtime::actix_web::cors;
use cors_runtime::{Policy, policy};

const SITE: Name = Name::from_static("sec-fetch-site");

static DEFAULT: Policy = policy! {
    origins = ["https://app.example"],
    methods = [PUT],
    headers = ["x-one"],
};

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
