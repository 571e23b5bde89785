use cors_runtime::axum::cors;

#[cors(
    origins = ["https://app.example.com/", "http://localhost:80"],
    methods = [patch],
    headers = ["cookie"],
    exposed = ["etag"],
    max_age = "2 days",
    credentials = yes,
)]
async fn list() -> u8 {
    // The handler is kept, so that its own mistakes are reported in the same run.
    "not a number"
}

fn main() {}
