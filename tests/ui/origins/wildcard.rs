use cors_runtime::axum::cors;

#[cors(origins = [
    "https://*",
    "https://*example.com",
    "https://app.*.example.com",
    "https://app*.example.com",
    "https://*.*.example.com",
    "https://*.127.0.0.1",
    "http://*.[::1]",
    "*.example.com",
])]
async fn list() {}

fn main() {}
