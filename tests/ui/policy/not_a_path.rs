use cors_runtime::axum::cors;
use cors_runtime::{Policy, policy};

static SHARED: Policy = policy! { origins = ["https://app.example.com"] };

#[cors(policy = "SHARED")]
async fn string() {}

#[cors(policy = &SHARED)]
async fn reference() {}

#[cors(policy)]
async fn alone() {}

#[cors(policy = policy! { origins = "*" })]
async fn in_place() {}

fn main() {}
