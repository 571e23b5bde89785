use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use cors_runtime::axum::cors;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[utoipa::path(post, path = "/items/{id}")]
#[cors(origins = ["https://app.example.com"], headers = ["content-type"])]
async fn create(
    State(_shop): State<Vec<String>>,
    Path(_id): Path<u64>,
    Json(name): Json<String>,
) -> Result<Json<String>, StatusCode> {
    Ok(Json(name))
}

fn app() -> OpenApiRouter<Vec<String>> {
    OpenApiRouter::new().routes(routes!(create))
}

fn main() {}
