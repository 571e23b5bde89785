//! A whole hyper service with one policy.
//!
//! `cargo run -p example-hyper`, and then:
//!
//! ```sh
//! curl -i http://127.0.0.1:3001/ -X PUT -d hello -H 'Origin: https://app.example.com'
//! curl -i http://127.0.0.1:3001/ -X OPTIONS -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: PUT'
//! curl -i http://127.0.0.1:3001/ -X OPTIONS -H 'Origin: https://evil.example' -H 'Access-Control-Request-Method: PUT'
//! ```

use cors_runtime::http::cors;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

#[cors(origins = ["https://app.example.com"], methods = [PUT], max_age = "10m")]
async fn echo(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let body = request.into_body().collect().await?.to_bytes();
    Ok(Response::new(Full::new(body)))
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:3001").await?;
    println!("listening on http://{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        let connection =
            http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(echo));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                eprintln!("connection: {error}");
            }
        });
    }
}
