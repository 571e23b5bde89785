use cors_runtime::axum::cors;
use cors_runtime::{Policy, policy};

static SHARED: Policy = policy! { origins = ["https://app.example.com"] };

#[cors(
    policy = SHARED,
    origins = "*",
    methods = [PUT],
    headers = ["content-type"],
    expose = ["etag"],
    credentials,
    max_age = 60,
    enforce,
)]
async fn list() {}

fn main() {}
