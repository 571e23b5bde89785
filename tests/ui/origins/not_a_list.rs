use cors_runtime::axum::cors;

const APP: &str = "https://app.example.com";

#[cors(origins = APP)]
async fn name() {}

#[cors(origins = 7)]
async fn number() {}

#[cors(origins = ("https://app.example.com"))]
async fn parentheses() {}

#[cors(origins = &["https://app.example.com"])]
async fn reference() {}

#[cors(origins = ["https://app.example.com"] credentials)]
async fn no_comma() {}

#[cors(origins = ["https://a.example.com" "https://b.example.com"])]
async fn no_comma_in_the_list() {}

#[cors(origins = ["https://a.example.com",, "https://b.example.com"])]
async fn two_commas() {}

fn main() {}
