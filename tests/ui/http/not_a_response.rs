use cors_runtime::http::cors;

use http::{Request, Response};

#[cors(origins = "*")]
async fn text(_: Request<()>) -> String {
    String::new()
}

#[cors(origins = "*")]
async fn nothing(_: Request<()>) {}

struct NoDefault;

#[cors(origins = "*")]
async fn body(_: Request<()>) -> Response<NoDefault> {
    Response::new(NoDefault)
}

#[cors(origins = "*")]
fn future(_: Request<()>) -> impl Future<Output = Response<String>> {
    async { Response::default() }
}

fn main() {}
