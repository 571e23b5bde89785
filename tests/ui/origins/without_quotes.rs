use cors_runtime::axum::cors;

#[cors(origins = [app.example.com], headers = [content-type, x-request-id])]
async fn list() {}

fn main() {}
