use cors_runtime::http::cors;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};

#[cors(origins = "*")]
async fn bare(request: Request) -> Response {
    request.into_body().into_response()
}

#[cors(origins = "*")]
async fn by_path(_: axum::extract::Request) -> Result<http::Response<String>, ()> {
    Err(())
}

#[cors(origins = "*")]
async fn extractor(State(_): State<u8>, _: Request) -> impl IntoResponse {}

#[cors(origins = "*")]
async fn body(_: http::Request<axum::body::Body>) -> http::Response<String> {
    http::Response::default()
}

fn main() {}
