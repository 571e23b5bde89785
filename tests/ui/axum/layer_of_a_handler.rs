use axum::Json;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::handler::Handler;
use axum::http::StatusCode;
use cors_runtime::axum::routing::put;
use cors_runtime::axum::{Router, cors};

#[cors(origins = ["https://app.example.com"], headers = ["content-type"])]
async fn replace(
    State(_shop): State<Vec<String>>,
    Path(_id): Path<u64>,
    Json(name): Json<String>,
) -> Result<Json<String>, StatusCode> {
    Ok(Json(name))
}

fn app() -> Router<Vec<String>> {
    let limit = DefaultBodyLimit::max(1024);
    Router::new().route("/items/{id}", put(replace.layer(limit)))
}

fn main() {}
