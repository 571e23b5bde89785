use cors_runtime::axum::cors;
use cors_runtime::{Policy, policy};

static SHARED: Policy = policy! { origins = ["https://app.example.com"] };

#[cors(
    disabled,
    origins = "*",
    methods = [PUT],
    headers = ["content-type"],
    expose = ["etag"],
    credentials,
    max_age = 60,
    enforce,
    policy = SHARED,
    allow(insecure_origin),
)]
async fn list() {}

#[cors_runtime::http::cors(origins = "*", disabled = true)]
fn service(_: http::Request<()>) -> http::Response<()> {
    http::Response::default()
}

// Valid alone, or next to `crate`.
#[cors(disabled, crate = cors_runtime)]
async fn quiet() {}

#[cors(disabled = false, policy = SHARED)]
async fn create() {}

fn main() {}
