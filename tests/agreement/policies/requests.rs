//! `methods` and `headers`.

use axum::Json;
use axum::http::StatusCode;
use cors_runtime::axum::routing::{any, get, post, put};
use cors_runtime::axum::{Router, cors};

use super::{exact, page};

#[cors(origins = ["https://app.shop.example"], headers = ["x-edit"], max_age = "10m")]
async fn replace() -> &'static str {
    "replaced"
}

#[cors(origins = ["https://admin.shop.example"], max_age = "10m")]
async fn remove() -> StatusCode {
    StatusCode::NO_CONTENT
}

#[cors(origins = ["https://app.shop.example"], methods = [GET, PUT])]
async fn two_methods() -> &'static str {
    "two methods"
}

#[cors(origins = "*", methods = "*", headers = "*")]
async fn all() -> &'static str {
    "all"
}

#[cors(origins = ["https://app.shop.example"], methods = "*", headers = "*", credentials)]
async fn all_with_credentials() -> &'static str {
    "all with credentials"
}

#[cors(origins = ["https://app.shop.example"], headers = ["*", "authorization"])]
async fn all_and_authorization() -> &'static str {
    "all and authorization"
}

#[cors(
    origins = ["https://app.shop.example"],
    headers = ["*", "authorization"],
    credentials,
)]
async fn all_and_authorization_with_credentials() -> &'static str {
    "all and authorization with credentials"
}

#[cors(origins = ["https://app.shop.example"], headers = ["x-one", "x-two"])]
async fn two_headers() -> &'static str {
    "two headers"
}

#[cors(origins = ["https://app.shop.example"], headers = ["content-type"])]
async fn create(Json(name): Json<String>) -> (StatusCode, String) {
    (StatusCode::CREATED, name)
}

#[cors(origins = ["https://app.shop.example"])]
async fn upload(body: String) -> String {
    body.len().to_string()
}

#[cors(origins = ["https://app.shop.example"], headers = ["x-edit"])]
async fn beside_plain() -> &'static str {
    "beside plain"
}

pub(super) fn requests() -> Router {
    Router::new()
        .route("/items", get(exact).put(replace).delete(remove).patch(page))
        .route("/methods", any(two_methods))
        .route("/all", any(all))
        .route("/all-with-credentials", any(all_with_credentials))
        .route("/all-and-authorization", get(all_and_authorization))
        .route(
            "/all-and-authorization-with-credentials",
            get(all_and_authorization_with_credentials),
        )
        .route("/headers", get(two_headers))
        .route("/json", post(create))
        .route("/upload", post(upload))
        .route("/beside-plain", put(beside_plain).post(page))
}
