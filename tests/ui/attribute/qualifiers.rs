use cors_runtime::axum::cors;

#[cors(origins = "*")]
const fn list() {}

#[cors(origins = "*")]
extern "C" fn create() {}

fn main() {}
