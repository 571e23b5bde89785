//! Tests `Cors::outermost()` outside of the bearer middleware of actix-web-httpauth. Only
//! preflights are answered without a token.

macro_rules! apps {
    ($($app:expr),* $(,)?) => {
        vec![$({
            let service = actix(init_service($app).await);
            let service: Rc<dyn Fn(TestRequest) -> _> = Rc::new(move |sent: TestRequest| {
                let service = service.clone();
                Box::pin(async move { sent.to(&service).await })
                    as std::pin::Pin<Box<dyn Future<Output = Reply>>>
            });
            service
        }),*]
    };
}

mod auth;
mod endpoints;
mod resources;
mod rewriting;

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
    /// The number of calls of user code other than auth. Every test runs on its own thread.
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

/// Auth that refuses with an `Err`, which does not contain the request.
async fn deny(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    match request.headers().get("authorization") {
        Some(_) => next.call(request).await,
        None => Err(ErrorUnauthorized("deny")),
    }
}

fn with_token(sent: TestRequest) -> TestRequest {
    sent.header(AUTHORIZATION, "Bearer token")
}

#[track_caller]
fn assert_no_user_code_ran() {
    assert_eq!(RUNS.get(), 0, "code of the user's ran");
}

#[cors(origins = "*")]
async fn any_origin() -> &'static str {
    run();
    "of everybody"
}
