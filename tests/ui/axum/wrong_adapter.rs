use axum::Json;
use axum::extract::State;
use cors_runtime::actix_web::cors;
use cors_runtime::axum::{Router, routing::post};

#[cors(origins = ["https://app.example.com"], headers = ["content-type"])]
async fn create(State(_): State<u8>, Json(name): Json<String>) -> Result<String, ()> {
    Ok(name)
}

fn app() -> Router<u8> {
    Router::new().route("/items", post(create))
}

fn main() {
    app();
}
