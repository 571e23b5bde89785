use cors_runtime::axum::cors;

#[cors(origins = "*", methods = GET)]
async fn name() {}

#[cors(origins = "*", methods = "GET, PUT")]
async fn string() {}

#[cors(origins = "*", methods = [])]
async fn empty() {}

#[cors(origins = "*", methods = ["*", PUT])]
async fn wildcard() {}

#[cors(origins = "*", methods = [GET | PUT, http::Method::PUT])]
async fn expression() {}

fn main() {}
