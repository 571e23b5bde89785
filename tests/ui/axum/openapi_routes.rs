use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use cors_runtime::axum::cors;
use cors_runtime::axum::utoipa::{OpenApiRouter, routes};

#[utoipa::path(post, path = "/items/{id}")]
#[cors(origins = ["https://app.example.com"], headers = ["content-type"])]
async fn create(
    State(_shop): State<Vec<String>>,
    Path(_id): Path<u64>,
    Json(_name): Json<String>,
    _body: String,
) -> Result<Json<String>, StatusCode> {
    Err(StatusCode::CONFLICT)
}

fn app() -> OpenApiRouter<Vec<String>> {
    OpenApiRouter::new().routes(routes!(create))
}

fn main() {}
