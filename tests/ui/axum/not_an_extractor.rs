use cors_runtime::axum::cors;

use cors_runtime::axum::{Router, routing::post};

struct Item;

#[cors(origins = "*")]
async fn create(_item: Item) {}

fn app() -> Router {
    Router::new().route("/items", post(create))
}

fn main() {}
