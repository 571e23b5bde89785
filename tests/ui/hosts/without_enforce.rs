use cors_runtime::axum::cors;

#[cors(origins = ["https://app.example.com"], hosts = ["localhost:*"])]
async fn list() {}

#[cors(origins = ["https://app.example.com"], enforce = false, hosts = ["localhost:*"])]
async fn off() {}

#[cors(origins = ["https://app.example.com"], enforce, hosts = [])]
async fn empty() {}

#[cors(disabled, hosts = ["localhost:*"])]
async fn disabled() {}

fn main() {}
