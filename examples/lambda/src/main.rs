//! A Lambda function with one policy, for API Gateway, a function URL or a load balancer.
//!
//! On Lambda, and with `cargo lambda watch`, the program serves. Otherwise, it responds to one
//! event, which it creates from the arguments:
//!
//! ```sh
//! cargo run -p example-lambda -- PUT https://app.example.com
//! cargo run -p example-lambda -- OPTIONS https://app.example.com PUT
//! cargo run -p example-lambda -- OPTIONS https://evil.example PUT
//! ```
//!
//! OPTIONS has to reach the function without an authorizer. Leave the CORS settings of the gateway
//! or the function URL empty. Otherwise, the gateway answers preflights itself, and drops the
//! headers of the function.

use std::env;

use cors_runtime::http::cors;
use lambda_http::{Body, Error, Request, Response, request, service_fn};
use serde_json::json;

#[cors(origins = ["https://app.example.com"], methods = [PUT], max_age = "10m")]
async fn handle(request: Request) -> Result<Response<Body>, Error> {
    Ok(Response::new(
        format!("you sent {}", request.method()).into(),
    ))
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    if env::var_os("AWS_LAMBDA_RUNTIME_API").is_some() {
        return lambda_http::run(service_fn(handle)).await;
    }
    let arguments: Vec<String> = env::args().skip(1).collect();
    let response = handle(request::from_str(&event(&arguments))?).await?;
    println!("{}", response.status());
    for (name, value) in response.headers() {
        println!("{name}: {}", String::from_utf8_lossy(value.as_bytes()));
    }
    println!("\n{}", String::from_utf8_lossy(response.body()));
    Ok(())
}

/// Returns an event as an HTTP API or a function URL sends it.
fn event(arguments: &[String]) -> String {
    let names = ["origin", "access-control-request-method"];
    let headers = names.into_iter().zip(arguments.iter().skip(1));
    let method = arguments.first().map_or("GET", String::as_str);
    json!({
        "version": "2.0",
        "rawPath": "/",
        "headers": headers.collect::<std::collections::BTreeMap<_, _>>(),
        "requestContext": { "http": { "method": method, "path": "/" } },
        "isBase64Encoded": false,
    })
    .to_string()
}
