//! A layer outside of a tower service, which can be any service of HTTP requests. Here, it is a
//! function under hyper.
//!
//! `cargo run -p example-tower`, and then:
//!
//! ```sh
//! curl -i http://127.0.0.1:3002/ -X PUT -d hello -H 'Origin: https://app.example.com'
//! curl -i http://127.0.0.1:3002/ -X OPTIONS -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: PUT'
//! curl -i http://127.0.0.1:3002/ -X OPTIONS -H 'Origin: https://evil.example' -H 'Access-Control-Request-Method: PUT'
//! ```
//!
//! The last two requests do not reach `echo`.

use cors_runtime::{Policy, policy, tower::CorsLayer};
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tower::{ServiceBuilder, service_fn};

static POLICY: Policy = policy! {
    origins = ["https://app.example.com"],
    methods = [PUT],
    max_age = "10m",
};

async fn echo(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, hyper::Error> {
    println!("{} {}", request.method(), request.uri());
    let body = request.into_body().collect().await?.to_bytes();
    Ok(Response::new(Full::new(body)))
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let service = ServiceBuilder::new()
        .layer(CorsLayer::new(&POLICY))
        .service(service_fn(echo));
    let listener = TcpListener::bind("127.0.0.1:3002").await?;
    println!("listening on http://{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        let service = TowerToHyperService::new(service.clone());
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                eprintln!("connection: {error}");
            }
        });
    }
}
