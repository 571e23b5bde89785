use cors_runtime::axum::cors;

#[cors(credentials)]
async fn list() {}

#[cors]
async fn bare() {}

fn main() {}
