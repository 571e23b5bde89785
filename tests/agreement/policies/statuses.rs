//! Statuses and redirects.

use axum::extract::{Path, RawQuery, Request};
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, LOCATION};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use cors_runtime::axum::routing::{any, get};
use cors_runtime::axum::{Router, cors};

use super::TOTAL;

#[cors(origins = ["https://app.shop.example"], expose = ["x-total"])]
async fn status(Path(status): Path<u16>) -> impl IntoResponse {
    (
        StatusCode::from_u16(status).expect("a status"),
        TOTAL,
        "problem",
    )
}

#[cors(origins = ["https://app.shop.example"])]
async fn not_found() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "not found")
}

#[cors(origins = ["https://app.shop.example"], headers = ["authorization"])]
async fn secret() -> &'static str {
    "secret"
}

async fn auth(request: Request, next: Next) -> Response {
    if request.headers().contains_key(AUTHORIZATION) {
        next.run(request).await
    } else {
        StatusCode::UNAUTHORIZED.into_response()
    }
}

/// Redirects to `?to=`, as written.
fn to(status: u16, query: Option<String>) -> Response {
    let query = query.unwrap_or_default();
    let location = query.strip_prefix("to=").expect("a URL").to_owned();
    let status = StatusCode::from_u16(status).expect("a status");
    (status, [(LOCATION, location)]).into_response()
}

#[cors(
    origins = ["https://app.shop.example"],
    methods = [GET, POST, PUT],
    headers = ["x-one", "authorization"],
    credentials,
)]
async fn redirect(Path(status): Path<u16>, RawQuery(query): RawQuery) -> Response {
    to(status, query)
}

#[cors(origins = "*", methods = [GET, POST, PUT], headers = ["x-one", "authorization"])]
async fn redirect_of_all(Path(status): Path<u16>, RawQuery(query): RawQuery) -> Response {
    to(status, query)
}

async fn plain_redirect(Path(status): Path<u16>, RawQuery(query): RawQuery) -> Response {
    to(status, query)
}

pub(super) fn statuses() -> Router {
    let area = Router::new()
        .route("/secret", get(secret))
        .layer(from_fn(auth))
        .fallback(not_found);
    Router::new()
        .route("/status/{status}", get(status))
        .nest("/area", area)
        .route("/redirect/{status}", any(redirect))
        .route("/redirect-of-all/{status}", any(redirect_of_all))
        .route("/plain-redirect/{status}", any(plain_redirect))
}
