use axum::Json;
use cors_runtime::axum::cors;
use cors_runtime::{Policy, policy};

static SHARED: Policy = policy! {
    origins = ["https://app.example.com"],
    headers = ["content-type"],
};

#[cors(policy = SHARED, allow(insecure_origin))]
async fn list() {}

#[cors(policy = SHARED, allow(missing_content_type))]
async fn no_json() {}

#[cors(policy = SHARED, allow(origin_path))]
async fn create(_: Json<String>) {}

fn main() {}
