//! `expose` and `credentials`.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use cors_runtime::axum::routing::{get, post};
use cors_runtime::axum::{Router, cors};

use super::TOTAL;

#[cors(origins = ["https://app.shop.example"], expose = ["x-total"])]
async fn exposed() -> impl IntoResponse {
    (TOTAL, "exposed")
}

#[cors(origins = ["https://app.shop.example"], expose = "*")]
async fn all_exposed() -> impl IntoResponse {
    (TOTAL, "all exposed")
}

#[cors(origins = "*", expose = "*")]
async fn all_exposed_to_all() -> impl IntoResponse {
    (TOTAL, "all exposed to all")
}

#[cors(
    origins = ["https://app.shop.example"],
    expose = ["x-total", "set-cookie-count"],
    credentials,
)]
async fn exposed_with_credentials() -> impl IntoResponse {
    (
        TOTAL,
        [("set-cookie-count", "0")],
        "exposed with credentials",
    )
}

#[cors(
    origins = ["https://app.shop.example", "https://app.other.example"],
    methods = [GET, PUT],
    credentials,
)]
async fn session(headers: HeaderMap) -> Response {
    match headers.get(COOKIE) {
        Some(cookie) => cookie.as_bytes().to_vec().into_response(),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

#[cors(origins = ["https://app.shop.example", "https://app.other.example"], credentials)]
async fn login() -> impl IntoResponse {
    AppendHeaders([
        (SET_COOKIE, "lax=1; Secure"),
        (SET_COOKIE, "none=1; Secure; SameSite=None; HttpOnly"),
        (SET_COOKIE, "strict=1; Secure; SameSite=Strict"),
        (SET_COOKIE, "insecure=1; SameSite=None"),
    ])
}

pub(super) fn responses() -> Router {
    Router::new()
        .route("/expose", get(exposed))
        .route("/expose-all", get(all_exposed))
        .route("/expose-all-to-all", get(all_exposed_to_all))
        .route("/expose-with-credentials", get(exposed_with_credentials))
        .route("/session", get(session).put(session))
        .route("/login", post(login))
        .route("/plain-session", get(session_of_no_policy))
}

async fn session_of_no_policy(headers: HeaderMap) -> String {
    format!("{:?}", headers.get(COOKIE))
}
