use cors_runtime::axum::cors;

#[cors(origins = [crate::tenants::allowed])]
async fn list() {}

fn main() {}
