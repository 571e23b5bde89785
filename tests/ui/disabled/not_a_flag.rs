use cors_runtime::axum::cors;

#[cors(disabled = "yes")]
async fn list() {}

#[cors(disabled = false)]
async fn create() {}

#[cors(off)]
async fn remove() {}

fn main() {}
