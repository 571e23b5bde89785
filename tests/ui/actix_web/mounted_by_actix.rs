use actix_web::{Route, web};
use cors_runtime::actix_web::cors;

#[cors(origins = ["https://app.example.com"])]
async fn list() -> &'static str {
    "items"
}

fn route() -> Route {
    web::get().to(list)
}

fn main() {
    route();
}
