use cors_runtime::axum::cors;

#[cors(origins = [
    "https://*.com",
    "https://*.co.uk",
    "https://*.github.io",
    "https://*.com.",
    // Not a suffix, but above one.
    "https://*.kawasaki.jp",
    // Fine: not a wildcard, not a suffix, not a known one.
    "https://github.io",
    "https://*.example.gitlab.io",
    "https://*.internal",
    "http://*.localhost",
])]
async fn list() {}

fn main() {}
