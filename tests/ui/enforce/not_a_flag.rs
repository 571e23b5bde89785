use cors_runtime::axum::cors;

#[cors(origins = ["https://app.example.com"], enforce = "true")]
async fn list() {}

#[cors(origins = ["https://app.example.com"], enforced)]
async fn create() {}

#[cors(origins = ["https://app.example.com"], enforce, enforce = false)]
async fn remove() {}

fn main() {}
