use cors_runtime::axum::cors;

#[cors(origins = "*")]
#[cors(origins = ["https://app.example.com"])]
async fn list() {}

fn main() {}
