//! `max_age`.

use cors_runtime::axum::routing::{any, delete, patch, put};
use cors_runtime::axum::{Router, cors};

#[cors(origins = ["https://app.shop.example"])]
async fn default_age() {}

#[cors(origins = ["https://app.shop.example"], max_age = 0)]
async fn no_age() {}

#[cors(origins = ["https://app.shop.example"], max_age = 1)]
async fn short_age() {}

#[cors(
    origins = ["https://app.shop.example"],
    methods = [PUT, DELETE],
    headers = ["x-one", "x-two"],
    max_age = "10m",
)]
async fn long_age() {}

#[cors(origins = ["https://app.shop.example"], headers = ["x-one"], max_age = "10m", credentials)]
async fn long_age_with_credentials() {}

#[cors(
    origins = ["https://app.shop.example"],
    methods = "*",
    headers = "*",
    max_age = "10m",
    credentials,
)]
async fn all_long_with_credentials() {}

#[cors(origins = "*", methods = "*", headers = "*", max_age = "10m")]
async fn all_long() {}

pub(super) fn ages() -> Router {
    Router::new()
        .route("/default", delete(default_age))
        .route("/none", delete(no_age))
        .route("/short", patch(short_age))
        .route("/long", any(long_age))
        .route("/long-with-credentials", put(long_age_with_credentials))
        .route("/all", any(all_long))
        .route("/all-with-credentials", any(all_long_with_credentials))
}
