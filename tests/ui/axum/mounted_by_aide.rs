use aide::axum::ApiRouter;
use aide::axum::routing::post;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use cors_runtime::axum::cors;

#[cors(origins = ["https://app.example.com"], headers = ["content-type"])]
async fn create(
    State(_shop): State<Vec<String>>,
    Path(_id): Path<u64>,
    Json(name): Json<String>,
) -> Result<Json<String>, StatusCode> {
    Ok(Json(name))
}

fn app() -> ApiRouter<Vec<String>> {
    ApiRouter::new().api_route("/items/{id}", post(create))
}

fn main() {}
