use cors_runtime::axum::cors;

#[cors(
    origins = ["https://app.example.com"],
    allow(insecure_origins, content_type, "public_suffix", loose regex)
)]
async fn list() {}

fn main() {}
