// rustc shortens the type of `create`, so that the name of its return type is not in the message.
// A short return type and a long name are cut off, too, because rustc counts the types of a message
// and drops the last ones. The help with the `impl` has a span, which rustc does not shorten.
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

fn app() -> axum::Router<Vec<String>> {
    axum::Router::new().route("/items/{id}", axum::routing::post(create))
}

fn main() {}
