use cors_runtime::axum::cors;

#[cors(
    orgins = "*",
    allow_methods = [GET],
    exposedHeaders = ["x"],
    allowCredentials,
    max_ages = 1,
    frobnicate = "Origin",
)]
async fn list() {}

#[cors(
    origins = "*",
    vary = "Origin",
    optionsSuccessStatus = 200,
    allow_private_network,
    sendWildcard = true,
    resources = "/api/*",
)]
async fn settings_of_other_libraries() {}

#[cors(originPatterns = ["https://*.example.com"])]
async fn patterns() {}

fn main() {}
