use cors_runtime::axum::cors;

#[cors(origins, methods =, headers("x"), "expose", , max_age = 1 2, crate = "x")]
async fn list() {}

#[cors(origins("*"), credentials(), max_age(5))]
async fn parentheses() {}

fn main() {}
