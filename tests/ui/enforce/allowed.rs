use cors_runtime::axum::cors;

// The rule cannot be allowed.
#[cors(origins = "*", enforce, allow(enforce_wildcard))]
async fn list() {}

fn main() {}
