use cors_runtime::axum::cors;

// The rule is no opinion.
#[cors(origins = "*", enforce, allow(enforce_wildcard))]
async fn list() {}

fn main() {}
