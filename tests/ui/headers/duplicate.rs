use cors_runtime::axum::cors;

#[cors(origins = "*", headers = ["x-a", "X-A"])]
async fn names() {}

#[cors(origins = "*", headers = ["*", "*"])]
async fn wildcards() {}

#[cors(origins = "*", headers = ["*", "authorization", "x-a"])]
async fn three() {}

fn main() {}
