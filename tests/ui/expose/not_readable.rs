use cors_runtime::axum::cors;

#[cors(origins = "*", expose = ["set-cookie", "access-control-max-age", "etag", "ETag", "x y"])]
async fn list() {}

fn main() {}
