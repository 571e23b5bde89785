use cors_runtime::axum::cors;

#[cors(origins = "*", credentials = "true")]
async fn list() {}

fn main() {}
