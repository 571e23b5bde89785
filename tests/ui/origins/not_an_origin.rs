use cors_runtime::axum::cors;

#[cors(origins = [
    "example.com",
    "localhost:3000",
    "https://app.example.com/",
    "https://app.example.com/path",
    "https://app.example.com?q",
    "https://app.example.com#top",
    "https://user:password@app.example.com",
    " https://app.example.com",
    "HTTPS://App.example.com",
    "https://exämple.com",
    "null",
    "",
    "file:///etc",
    "wss://app.example.com",
    "1a://app.example.com",
    "htps://app.example.com",
    "https://a.example.com,https://b.example.com",
    r"https://[a-z]+\.example\.com",
    r"https://app\.example\.com",
])]
async fn list() {}

fn main() {}
