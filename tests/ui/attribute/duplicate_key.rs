use cors_runtime::axum::cors;

#[cors(origins = "*", origins = "*", credentials, credentials = false)]
async fn list() {}

fn main() {}
