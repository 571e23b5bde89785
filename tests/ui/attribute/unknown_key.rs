use cors_runtime::axum::cors;

#[cors(
    orgins = "*",
    allow_methods = [GET],
    exposedHeaders = ["x"],
    allowCredentials,
    max_ages = 1,
    vary = "Origin",
)]
async fn list() {}

#[cors(origins = "*", optionsSuccessStatus = 200)]
async fn of_express() {}

fn main() {}
