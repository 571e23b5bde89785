use actix_web::{App, get};
use cors_runtime::actix_web::cors;

// The handler keeps its name and type, so there are no follow-up errors.
#[cors(origins = ["https://app.example.com/"])]
#[get("/items")]
async fn list() -> &'static str {
    "items"
}

fn main() {
    let _ = App::new().service(list);
}
