use cors_runtime::axum::cors;

#[cors(origins = "*")]
fn list() -> &'static str {
    "items"
}

#[cors(origins = "*")]
async unsafe fn delete() {}

fn main() {}
