use actix_web::get;
use cors_runtime::actix_web::cors;

#[get("/items")]
#[cors(origins = ["https://app.example.com"])]
async fn list() -> &'static str {
    "items"
}

fn main() {}
