use cors_runtime::axum::cors;

#[cors(origins = "*")]
#[tracing::instrument]
async fn list() {}

fn main() {}
