use cors_runtime::axum::cors;

// As a well-known tutorial for Django writes them.
#[cors(
    origins = [
        regex(r"(?:https?:\/\/)127.0.0.1:*"),
        regex(r"(?:https?:\/\/)localhost:*"),
    ],
    credentials,
)]
async fn list() {}

fn main() {}
