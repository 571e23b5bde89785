use actix_web::{get, post, route};
use cors_runtime::actix_web::cors;

// A route macro with arguments that `#[cors]` cannot read is rejected.
#[cors(origins = "*")]
#[get("/items", nme = "items")]
async fn unknown_option() -> &'static str {
    "items"
}

#[cors(origins = "*")]
#[route("/items", method = "get")]
async fn lower_case() -> &'static str {
    "items"
}

#[cors(origins = "*")]
#[route("/items")]
async fn no_method() -> &'static str {
    "items"
}

#[cors(origins = "*")]
#[post(PATH)]
async fn no_path() -> &'static str {
    "items"
}

#[cors(origins = "*")]
#[get("/items")]
async fn nothing() {}

fn main() {}
