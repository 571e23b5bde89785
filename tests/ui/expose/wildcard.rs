use cors_runtime::axum::cors;

#[cors(origins = "*", expose = ["etag", "*"])]
async fn beside() {}

#[cors(origins = "*", expose = ["*", "authorization"])]
async fn authorization() {}

#[cors(origins = "*", expose = [])]
async fn empty() {}

#[cors(origins = "*", expose = "etag")]
async fn string() {}

#[cors(origins = "*", expose = etag)]
async fn name() {}

fn main() {}
