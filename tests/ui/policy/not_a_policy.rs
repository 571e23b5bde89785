use cors_runtime::axum::cors;

static ORIGINS: [&str; 1] = ["https://app.example.com"];

#[cors(policy = ORIGINS)]
async fn list() {}

fn main() {}
