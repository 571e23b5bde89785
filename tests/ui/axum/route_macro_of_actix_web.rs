use cors_runtime::axum::cors;

#[cors(origins = ["https://app.example.com"])]
#[get("/items")]
async fn list() {}

fn main() {}
