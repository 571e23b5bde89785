use cors_runtime::axum::cors;

#[cors(origins = [
    "https://*.com",
    "https://*.co.uk",
    "https://*.github.io",
    "https://*.com.",
    // A parent of a public suffix.
    "https://*.kawasaki.jp",
    // Valid: not a wildcard, not a suffix, or an unknown suffix.
    "https://github.io",
    "https://*.example.gitlab.io",
    "https://*.internal",
    "http://*.localhost",
])]
async fn list() {}

fn main() {}
