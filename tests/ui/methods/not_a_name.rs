use cors_runtime::axum::cors;

#[cors(origins = "*", methods = *)]
async fn star() {}

#[cors(origins = "*", methods = any)]
async fn any() {}

#[cors(origins = "*", methods = GET | PUT)]
async fn or() {}

#[cors(origins = "*", methods = (GET, PUT))]
async fn tuple() {}

#[cors(origins = "*", methods = [GET PUT])]
async fn no_comma() {}

#[cors(origins = "*", methods = ["GET, PUT"])]
async fn as_in_a_header() {}

#[cors(origins = "*", methods = ["*", "*"])]
async fn twice() {}

fn main() {}
