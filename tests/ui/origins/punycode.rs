use cors_runtime::axum::cors;

#[cors(origins = [
    "https://xn--a",
    "https://xn--f.example.com",
    "https://xn--example.com",
    "https://*.xn--99999.example",
    // Valid: `bücher.example`.
    "https://xn--bcher-kva.example",
])]
async fn list() {}

fn main() {}
