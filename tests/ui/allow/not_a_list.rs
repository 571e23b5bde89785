use cors_runtime::axum::cors;

#[cors(origins = ["https://*.github.io"], allow = public_suffix)]
async fn value() {}

#[cors(origins = ["https://*.github.io"], allow = [public_suffix])]
async fn list() {}

#[cors(origins = ["https://*.github.io"], allow[public_suffix])]
async fn brackets() {}

#[cors(origins = ["https://app.example.com"], allow())]
async fn nothing() {}

#[cors(origins = ["https://app.example.com"], allow)]
async fn alone() {}

#[cors(origins = ["https://*.github.io"], allow(public_suffix), allow(missing_content_type))]
async fn twice() {}

fn main() {}
