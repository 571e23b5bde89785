use cors_runtime::axum::cors;

#[cors(origins = [
    "https://app.example.com:443",
    "http://app.example.com:80",
    "https://app.example.com:",
    "https://app.example.com:0",
    "https://app.example.com:08443",
    "https://app.example.com:65536",
    "https://app.example.com:https",
    "https://app.example.com:8*",
])]
async fn list() {}

fn main() {}
