use cors_runtime::axum::cors;

#[cors(origins = [
    // A class that matches more than a label.
    regex(r"https://app.example\.com"),
    regex(r"https://.*\.example\.com"),
    regex(r"https://[^/]+\.example\.com"),
    regex(r"https://\w+\.example\.com"),
    regex(r"(?i)https://pr-[0-9]+\.example\.com"),
    // `:*` is not a port.
    regex(r"https://pr-[0-9]+\.example\.com:*"),
    // The end is not a domain that one party owns.
    regex(r"https://[a-z]+example\.com"),
    regex(r"https://pr-[0-9]+\.com"),
    regex(r"https://pr-[0-9]+\.github\.io"),
    regex(r"https://example\.[a-z]+"),
    regex(r"https://pr-[0-9]+(\.example)?"),
    // Valid.
    regex(r"https://pr-[0-9]+\.example\.dev"),
    regex(r"https://[a-z0-9-]+\.example\.dev:[0-9]+"),
    regex(r"https://(app|admin)\.example\.dev"),
])]
async fn list() {}

fn main() {}
