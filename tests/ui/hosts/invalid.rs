use cors_runtime::axum::cors;
use cors_runtime::{Policy, policy};

#[cors(
    origins = ["https://app.example.com"],
    enforce,
    hosts = ["https://api.example.com", "LOCALHOST:*", "127.0.0.1:99999", "*"],
)]
async fn list() {}

static SHARED: Policy = policy! {
    origins = ["https://app.example.com"],
    enforce,
    hosts = ["localhost:*", "localhost:3000", api.example.com, localhost],
};

#[cors(origins = ["https://app.example.com"], enforce, hosts = "localhost:*")]
async fn alone() {}

#[cors(origins = ["https://app.example.com"], enforce, allowed_hosts = ["localhost:*"])]
async fn name_of_another_library() {}

fn main() {}
