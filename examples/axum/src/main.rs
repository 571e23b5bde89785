//! An axum service with a policy for each handler, and a default policy for the others.
//!
//! `cargo run -p example-axum`, and then:
//!
//! ```sh
//! curl -i http://127.0.0.1:3000/items -H 'Origin: https://app.example.com'
//! curl -i http://127.0.0.1:3000/items -X OPTIONS -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: GET'
//! curl -i http://127.0.0.1:3000/items -X OPTIONS -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: POST'
//! curl -i http://127.0.0.1:3000/items -H 'Origin: https://admin.example.com' -H 'Content-Type: application/json' -d '{'
//! curl -i http://127.0.0.1:3000/items -H 'Origin: https://evil.example' -H 'Content-Type: application/json' -d '"tea"'
//! curl -i http://127.0.0.1:3000/nowhere -H 'Origin: https://app.example.com'
//! ```
//!
//! The third request is refused, because the page may list but not create. The fourth causes an
//! error that the page can read. The fifth is refused before the handler runs.

use axum::Json;
use axum::http::StatusCode;
use cors_runtime::axum::{Router, cors, routing::get};
use cors_runtime::{Policy, policy};
use tokio::net::TcpListener;

static DEFAULT: Policy = policy! { origins = ["https://app.example.com"] };

#[cors(origins = ["https://app.example.com", "https://*.preview.example.com"], max_age = "10m")]
async fn list() -> Json<Vec<&'static str>> {
    Json(vec!["tea"])
}

#[cors(origins = ["https://admin.example.com"], headers = ["content-type"], credentials, enforce)]
async fn create(Json(name): Json<String>) -> (StatusCode, String) {
    (StatusCode::CREATED, name)
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let app = Router::new()
        .route("/items", get(list).post(create))
        .route("/health", get(async || "fine"))
        .cors(&DEFAULT);
    println!("{}", app.policies());
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await
}
