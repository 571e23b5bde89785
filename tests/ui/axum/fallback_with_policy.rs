use cors_runtime::axum::{Router, cors, routing::get};

#[cors(origins = "*")]
async fn wrong_method() {}

async fn list() {}

fn app() -> Router {
    Router::new().route("/items", get(list)).method_not_allowed_fallback(wrong_method)
}

fn main() {}
