use actix_web::{post, web};
use cors_runtime::actix_web::cors;

#[cors(origins = ["https://app.example.com"])]
#[post("/items")]
async fn create(_: web::Json<u8>) -> &'static str {
    "created"
}

#[cors(origins = ["https://app.example.com"], headers = ["x-token"])]
async fn replace(_: Option<web::Json<u8>>) -> &'static str {
    "replaced"
}

fn main() {}
