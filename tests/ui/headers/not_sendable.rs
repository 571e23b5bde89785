use cors_runtime::axum::cors;

#[cors(origins = "*", headers = [
    "cookie",
    "Sec-Fetch-Site",
    "access-control-allow-origin",
    "content type",
    "x-a",
    "X-A",
    "Access-Control-Request-Private-Network",
])]
async fn list() {}

fn main() {}
