use actix_web::{Error, get};
use cors_runtime::actix_web::cors;

#[cors(origins = "*")]
#[get("/items")]
async fn list() -> Result<String, Error> {
    7
}

#[cors(origins = "*")]
async fn create() -> Result<String, Error> {
    7
}

fn main() {}
