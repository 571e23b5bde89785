use cors_runtime::axum::cors;

// Patterns of a well-known tutorial for Django.
#[cors(
    origins = [
        regex(r"(?:https?:\/\/)127.0.0.1:*"),
        regex(r"(?:https?:\/\/)localhost:*"),
    ],
    credentials,
)]
async fn list() {}

fn main() {}
