use cors_runtime::axum::cors;

#[cors(origins = ["https://app.example.com/"], methods = [patch], allow(origin_path, method_case))]
async fn list() {}

#[cors(origins = "*", credentials, allow(credentials_wildcard))]
async fn credentials() {}

fn main() {}
