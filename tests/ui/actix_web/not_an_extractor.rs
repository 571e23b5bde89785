use cors_runtime::actix_web::{Resource, cors, resource};

#[cors(origins = "*")]
async fn list(_: u8) -> &'static str {
    "items"
}

fn items() -> Resource {
    resource("/items").get(list)
}

fn main() {
    let _ = items();
}
