use axum::Json;
use cors_runtime::axum::cors;
use cors_runtime::{Policy, policy};

static SHARED: Policy = policy! { origins = ["https://app.example.com"] };

#[cors(policy = SHARED)]
async fn create(_: Json<String>) {}

#[cors(policy = crate::SHARED)]
async fn update(id: axum::extract::Path<u8>, item: Option<Json<String>>) {
    drop((id, item));
}

fn main() {}
