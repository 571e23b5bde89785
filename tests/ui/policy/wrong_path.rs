use cors_runtime::axum::cors;
use cors_runtime::{Policy, policy};

static SHARED: Policy = policy! { origins = ["https://app.example.com"] };

#[cors(policy = SHRAED)]
async fn list() {}

#[cors(policy = crate::policies::SHARED)]
async fn create() {}

fn main() {}
