use actix_web::web::{Data, Json};
use cors_runtime::actix_web::{Resource, resource};
use cors_runtime::axum::cors;

#[cors(origins = ["https://app.example.com"], headers = ["content-type"])]
async fn create(_: Data<u8>, name: Json<String>) -> Result<String, actix_web::Error> {
    Ok(name.into_inner())
}

fn items() -> Resource {
    resource("/items").post(create)
}

fn main() {
    items();
}
