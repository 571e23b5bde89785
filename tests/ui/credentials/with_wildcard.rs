use cors_runtime::axum::cors;

#[cors(origins = "*", methods = "*", headers = ["*", "authorization"], expose = "*", credentials)]
async fn list() {}

fn main() {}
