use cors_runtime::axum::cors;

#[cors(
    origins = ["https://app.example.com", "http://localhost:3000"],
    credentials,
    allow(insecure_origin, public_suffix, loose_regex, missing_content_type),
)]
async fn list() {}

// Without credentials, an `http` origin is not a risk.
#[cors(origins = ["http://intranet.example"], allow(insecure_origin))]
async fn no_credentials() {}

#[cors(origins = ["https://*.github.io"], allow(public_suffix, public_suffix))]
async fn twice() {}

fn main() {}
