use cors_runtime::axum::cors;

const PATTERN: &str = r"https://[a-z]+\.example\.com";

#[cors(origins = [
    regex(PATTERN),
    regex(),
    regex("https://a", "https://b"),
    regex,
    regex!(r"https://a"),
])]
async fn list() {}

#[cors(origins = regex(r"https://pr-[0-9]+\.example\.com"))]
async fn no_list() {}

#[cors(origins = "*", headers = [regex("x-.*")])]
async fn headers() {}

fn main() {}
