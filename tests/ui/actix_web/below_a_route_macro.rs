use actix_web::{Error, post, web};
use cors_runtime::actix_web::cors;

#[post("/items/{id}")]
#[cors(origins = ["https://app.example.com"], headers = ["content-type"])]
async fn create(
    _shop: web::Data<Vec<String>>,
    _id: web::Path<u64>,
    name: web::Json<String>,
) -> Result<web::Json<String>, Error> {
    Ok(name)
}

fn main() {}
