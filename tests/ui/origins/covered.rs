use cors_runtime::axum::cors;

#[cors(origins = [
    "https://app.example.com",
    "https://*.example.com",
    "https://app.example.com",
    "http://localhost:3000",
    "http://localhost:*",
    "https://*.a.example.com",
])]
async fn list() {}

fn main() {}
