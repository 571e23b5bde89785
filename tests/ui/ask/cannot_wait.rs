use std::convert::Infallible;

use cors_runtime::http::cors;
use cors_runtime::{Policy, OriginRequest, policy};
use http::{Request, Response};

async fn tenant(_: OriginRequest) -> bool {
    true
}

static TENANTS: Policy = policy! { origins = [ask(tenant)] };

#[cors(origins = [ask(tenant)])]
fn inline(_: Request<()>) -> Result<Response<()>, Infallible> {
    Ok(Response::new(()))
}

#[cors(policy = TENANTS)]
fn shared(_: Request<()>) -> Result<Response<()>, Infallible> {
    Ok(Response::new(()))
}

fn main() {}
