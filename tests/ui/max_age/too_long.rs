use cors_runtime::axum::cors;

#[cors(origins = "*", max_age = 86401)]
async fn seconds() {}

#[cors(origins = "*", max_age = "25h")]
async fn hours() {}

fn main() {}
