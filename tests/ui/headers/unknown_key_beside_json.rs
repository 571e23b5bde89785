use axum::Json;
use cors_runtime::axum::cors;

#[cors(origins = "*", allow_headers = ["content-type"])]
async fn other_library(_: Json<String>) {}

#[cors(origins = "*", header = ["content-type"])]
async fn singular(_: Json<String>) {}

fn main() {}
