use cors_runtime::axum::cors;

struct Item;

#[cors(origins = "*")]
#[axum::debug_handler]
async fn create(_item: Item) {}

fn main() {}
