use cors_runtime::http::cors;

use http::{Request, Response};

#[cors(origins = "*")]
async fn none() -> Response<String> {
    Response::default()
}

#[cors(origins = "*")]
async fn first(_: Request<()>, _: u8) -> Response<String> {
    Response::default()
}

#[cors(origins = "*")]
async fn other(_: String) -> Response<String> {
    Response::default()
}

fn main() {}
