use cors_runtime::{Policy, policy};

// Whether there is JSON is the handler's to say.
static SHARED: Policy = policy! {
    origins = ["https://app.example.com"],
    allow(missing_content_type),
};

fn main() {}
