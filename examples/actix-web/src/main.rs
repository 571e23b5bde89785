//! An actix-web service with a policy for each handler, auth, and CORS outside of auth.
//!
//! `cargo run -p example-actix-web`, and then:
//!
//! ```sh
//! curl -i http://127.0.0.1:3000/items -X OPTIONS -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: GET'
//! curl -i http://127.0.0.1:3000/items -X OPTIONS -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: POST'
//! curl -i http://127.0.0.1:3000/items -X OPTIONS -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: PUT'
//! curl -i http://127.0.0.1:3000/items -H 'Origin: https://app.example.com'
//! curl -i http://127.0.0.1:3000/items -H 'Origin: https://app.example.com' -H 'Authorization: Bearer tea'
//! curl -i http://127.0.0.1:3000/items -H 'Origin: https://admin.example.com' -H 'Authorization: Bearer tea' --json '{'
//! curl -i http://127.0.0.1:3000/health -X OPTIONS -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: GET'
//! ```
//!
//! The first request is a preflight, and is answered without a token. The second and the third are
//! refused, because the page may only list, and no handler serves PUT. The page can read the 401 of
//! the fourth, and the error of the sixth. The last request has no policy, and auth refuses it.

use actix_web::dev::ServiceRequest;
use actix_web::error::ErrorUnauthorized;
use actix_web::{App, Error, HttpServer, get, post, web};
use actix_web_httpauth::extractors::bearer::BearerAuth;
use actix_web_httpauth::middleware::HttpAuthentication;
use cors_runtime::actix_web::{Cors, cors, resource};

#[cors(origins = ["https://app.example.com"], headers = ["authorization"], max_age = "10m")]
#[get("/items")]
async fn list() -> web::Json<Vec<&'static str>> {
    web::Json(vec!["tea"])
}

#[cors(origins = ["https://admin.example.com"], headers = ["authorization", "content-type"])]
#[post("/items")]
async fn create(name: web::Json<String>) -> String {
    name.into_inner()
}

/// A function without a route macro, which a test can call.
#[cors(origins = "*")]
async fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

async fn health() -> &'static str {
    "fine"
}

async fn check(
    request: ServiceRequest,
    auth: BearerAuth,
) -> Result<ServiceRequest, (Error, ServiceRequest)> {
    if auth.token() == "tea" {
        Ok(request)
    } else {
        Err((ErrorUnauthorized("not this one"), request))
    }
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let app = || {
        App::new()
            .service(list)
            .service(create)
            .service(resource("/version").get(version))
            .route("/health", web::get().to(health))
            .wrap(HttpAuthentication::with_fn(check))
            .wrap(Cors::outermost())
    };
    println!("listening on http://127.0.0.1:3000");
    HttpServer::new(app).bind("127.0.0.1:3000")?.run().await
}
