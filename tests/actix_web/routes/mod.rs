//! Tests `#[cors]` above the route macros of actix-web.

mod documented;
mod kept;
mod methods;
mod responses;
mod scopes;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::{ErrorConflict, ErrorImATeapot};
use actix_web::guard::GuardContext;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::{Next, from_fn};
use actix_web::{Error, Responder, get, post, route, routes, web};
use cors_runtime::actix_web::cors;

fn not_blocked(context: &GuardContext<'_>) -> bool {
    !context.head().headers().contains_key("x-block")
}

fn not_blocked_either(context: &GuardContext<'_>) -> bool {
    !context.head().headers().contains_key("x-block-too")
}

async fn mark(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if request.headers().contains_key("x-fail") {
        return Err(ErrorImATeapot("inside"));
    }
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    headers.append(
        HeaderName::from_static("x-wrapped"),
        HeaderValue::from_static("1"),
    );
    Ok(response)
}

/// Lists the items.
#[cors(origins = ["https://app.example"], expose = ["x-total"], credentials)]
#[get(
    "/items",
    name = "all-items",
    guard = "not_blocked",
    guard = "not_blocked_either",
    wrap = "from_fn(mark)",
    wrap = "from_fn(mark)"
)]
async fn list() -> &'static str {
    "list"
}

#[cors(origins = ["https://admin.example"], headers = ["content-type"], max_age = "10m")]
#[post("/items")]
async fn create(name: web::Json<String>) -> Result<String, Error> {
    if *name == "taken" {
        return Err(ErrorConflict("taken"));
    }
    Ok(name.into_inner())
}

#[cors(origins = ["https://app.example"], methods = [PUT, PATCH, DELETE])]
#[route("/item/{id:[0-9]+}", method = "PUT", method = "PATCH", method = "GET")]
async fn several(id: web::Path<u8>) -> String {
    id.to_string()
}

#[cors(origins = ["https://app.example"])]
#[routes]
#[get("/one")]
#[put("two")]
async fn both() -> impl Responder {
    "both"
}
