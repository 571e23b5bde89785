use cors_runtime::{Policy, policy};

// Only a handler can take JSON.
static SHARED: Policy = policy! {
    origins = ["https://app.example.com"],
    allow(missing_content_type),
};

fn main() {}
