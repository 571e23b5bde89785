use cors_runtime::axum::cors;

#[cors(origins = "*")]
async fn list() -> &'static str {
    "items"
}

fn app() -> axum::Router {
    axum::Router::new().route("/items", axum::routing::get(list))
}

fn main() {}
