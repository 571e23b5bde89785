use cors_runtime::axum::cors;

const APP: &str = "https://app.example.com";

#[cors(origins = [APP, 7, Self::allowed])]
async fn list() {}

fn main() {}
