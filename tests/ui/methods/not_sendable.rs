use cors_runtime::axum::cors;

#[cors(origins = "*", methods = [get, "Patch", TRACE, "connect", "G ET", "", PUT, PUT])]
async fn list() {}

fn main() {}
