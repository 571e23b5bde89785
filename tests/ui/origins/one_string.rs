use cors_runtime::axum::cors;

#[cors(origins = "https://app.example.com")]
async fn one() {}

#[cors(origins = "https://a.example.com, https://b.example.com")]
async fn as_in_a_header() {}

#[cors(origins = "app.example.com")]
async fn without_a_scheme() {}

#[cors(origins = "null")]
async fn null() {}

#[cors(origins = "*", methods = "get")]
async fn method() {}

fn main() {}
