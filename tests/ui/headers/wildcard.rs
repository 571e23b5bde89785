use cors_runtime::axum::cors;

#[cors(origins = "*", headers = ["*", "x-a"])]
async fn beside() {}

#[cors(origins = "*", headers = [])]
async fn empty() {}

#[cors(origins = "*", headers = "content-type")]
async fn string() {}

#[cors(origins = "*", headers = [content_type])]
async fn name() {}

fn main() {}
