use cors_runtime::axum::cors;

#[cors(origins = ["https://app.example.com/"], header = ["content-type"])]
#[utoipa::path(get, path = "/items")]
async fn list() {}

fn main() {}
