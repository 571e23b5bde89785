use cors_runtime::axum::cors;

#[cors(origins = "https://app.example.com")]
async fn one() {}

#[cors(origins = "https://a.example.com, https://b.example.com")]
async fn as_in_a_header() {}

fn main() {}
