use cors_runtime::axum::cors;

#[cors(origins = Any)]
async fn type_of_tower_http() {}

#[cors(origins = tower_http::cors::Any)]
async fn by_path() {}

#[cors(origins = [Any])]
async fn in_a_list() {}

#[cors(origins = "any")]
async fn string() {}

#[cors(origins = "*", methods = Any, headers = Any, expose = any)]
async fn other_keys() {}

fn main() {}
