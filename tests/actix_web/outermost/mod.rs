//! `Cors::outermost()` outside of the bearer middleware of actix-web-httpauth: preflights get past
//! it, and nothing else does.

macro_rules! apps {
    ($($app:expr),* $(,)?) => {
        vec![$({
            let service = actix(init_service($app).await);
            let service: Rc<dyn Fn(TestRequest) -> _> = Rc::new(move |asked: TestRequest| {
                let service = service.clone();
                Box::pin(async move { asked.to(&service).await })
                    as std::pin::Pin<Box<dyn Future<Output = Reply>>>
            });
            service
        }),*]
    };
}

mod auth;
mod lent;
mod resources;

use std::cell::Cell;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::ErrorUnauthorized;
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, get, post, web};
use actix_web_httpauth::extractors::bearer::BearerAuth;
use axum::http::header::AUTHORIZATION;
use cors_runtime::actix_web::cors;

use crate::common::TestRequest;

thread_local! {
    /// How often code of the user's ran, less that of auth. Every test has a thread of its own.
    static RUNS: Cell<usize> = const { Cell::new(0) };
}

fn run() {
    RUNS.set(RUNS.get() + 1);
}

#[cors(origins = ["https://app.example"], credentials)]
#[get("/items")]
async fn list() -> &'static str {
    run();
    "list"
}

#[cors(origins = ["https://admin.example"], headers = ["content-type"])]
#[post("/items")]
async fn create(name: web::Json<String>) -> String {
    run();
    name.into_inner()
}

async fn any() -> HttpResponse {
    run();
    HttpResponse::Ok().body("USER CODE")
}

async fn check(
    request: ServiceRequest,
    auth: BearerAuth,
) -> Result<ServiceRequest, (Error, ServiceRequest)> {
    match auth.token() {
        "token" => Ok(request),
        _ => Err((ErrorUnauthorized("no"), request)),
    }
}

/// Auth whose refusal is an `Err`, with no request in it.
async fn deny(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    match request.headers().get("authorization") {
        Some(_) => next.call(request).await,
        None => Err(ErrorUnauthorized("deny")),
    }
}

fn with_token(asked: TestRequest) -> TestRequest {
    asked.header(AUTHORIZATION, "Bearer token")
}

#[track_caller]
fn nothing_ran() {
    assert_eq!(RUNS.get(), 0, "code of the user's ran");
}

#[cors(origins = "*")]
async fn of_everybody() -> &'static str {
    run();
    "of everybody"
}
