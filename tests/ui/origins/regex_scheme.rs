use cors_runtime::axum::cors;

#[cors(origins = [
    regex(r"[a-z]+\.example\.com"),
    regex(r".*\.example\.com"),
    regex(r"//[a-z]+\.example\.com"),
    regex(r"[a-z]+://[a-z]+\.example\.com"),
    regex(r"HTTPS://[a-z]+\.example\.com"),
    regex(r"wss://[a-z]+\.example\.com"),
    regex(r"https://[a-z]+\.example\.com|[a-z]+\.example\.org"),
    // Valid: one of two schemes, with anchors.
    regex(r"^https?://[a-z]+\.example\.net$"),
])]
async fn list() {}

fn main() {}
