use cors_runtime::actix_web::cors;

#[cors(origins = "*")]
fn list() -> &'static str {
    "items"
}

fn main() {}
