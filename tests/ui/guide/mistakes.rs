// The examples of the README and of `cors_runtime::guide::mistakes`.

use axum::Json;
use cors_runtime::axum::cors;

#[cors(origins = ["https://app.example.com/"])]
async fn slash() {}

#[cors(origins = ["app.example.com", "https://APP.example.com", "https://app.example.com:443"])]
async fn forms() {}

#[cors(origins = ["https://*.co.uk"])]
async fn public_suffix() {}

#[cors(origins = [env!("APP_ORIGIN")])]
async fn environment() {}

#[cors(origins = ["https://app.example.com"])]
async fn create(Json(name): Json<String>) -> String {
    name
}

#[cors(origins = ["https://app.example.com"], methods = [get], headers = ["cookie"])]
async fn names() {}

#[cors(origins = "*", credentials)]
async fn credentials() {}

#[cors(origins = Any)]
async fn any() {}

fn main() {}
