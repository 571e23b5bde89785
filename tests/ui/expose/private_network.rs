use cors_runtime::axum::cors;

#[cors(
    origins = "*",
    expose = [
        "Access-Control-Allow-Private-Network",
        "access-control-request-private-network",
        "Origin",
    ],
)]
async fn list() {}

fn main() {}
