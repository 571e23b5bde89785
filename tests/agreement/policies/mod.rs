//! Applications with policies: each key of the attribute, statuses and redirects.

mod ages;
mod enforcing;
mod origins;
mod requests;
mod responses;
mod statuses;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread;

use axum::body::Body;
use axum::response::{AppendHeaders, IntoResponse, Response};
use cors_runtime::axum::{Router, cors};

async fn page() -> &'static str {
    "page"
}

#[cors(origins = ["https://app.shop.example"])]
async fn exact() -> &'static str {
    "exact"
}

const TOTAL: AppendHeaders<[(&str, &str); 3]> = AppendHeaders([
    ("x-total", "3"),
    ("x-build", "42"),
    ("cache-control", "no-cache"),
]);

pub(crate) fn axum() -> axum::Router {
    Router::new()
        .merge(origins::origins())
        .merge(requests::requests())
        .merge(responses::responses())
        .nest("/age", ages::ages())
        .merge(enforcing::enforcing())
        .merge(statuses::statuses())
        .into()
}

/// A function that is the whole service.
#[cors_runtime::http::cors(
    origins = ["https://app.shop.example"],
    methods = [GET, PUT],
    headers = ["x-one"],
    expose = ["x-total"],
)]
pub(crate) async fn service(_: http::Request<Body>) -> Result<Response, Infallible> {
    Ok((TOTAL, "service").into_response())
}

/// An application of actix-web, on a thread of its own for as long as the process lives.
pub(crate) fn actix_web() -> SocketAddr {
    use actix_web::{App, HttpResponse, HttpServer, get, put};
    use cors_runtime::actix_web::{Cors, cors};

    #[cors(origins = ["https://app.shop.example"], expose = ["x-total"])]
    #[get("/items")]
    async fn list() -> HttpResponse {
        HttpResponse::Ok()
            .insert_header(("x-total", "3"))
            .insert_header(("x-build", "42"))
            .body("list")
    }

    #[cors(origins = ["https://app.shop.example"], headers = ["x-one"], credentials)]
    #[put("/items")]
    async fn replace() -> HttpResponse {
        HttpResponse::InternalServerError().body("failed")
    }

    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let app = || {
                App::new()
                    .service(list)
                    .service(replace)
                    .wrap(Cors::outermost())
            };
            let server = HttpServer::new(app)
                .workers(1)
                .bind("127.0.0.1:0")
                .expect("a port");
            sender.send(server.addrs()[0]).expect("a receiver");
            server.run().await
        })
    });
    receiver.recv().expect("an address")
}
