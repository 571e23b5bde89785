//! Tests middleware between the layer and the handler.

use axum::body::Body;
use axum::extract::Request as AxumRequest;
use axum::http::header::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN};
use cors_runtime::tower::CorsLayer;
use http::{Request, Response, StatusCode};
use tower::{ServiceBuilder, service_fn};
use tower_http::catch_panic::CatchPanicLayer;

use super::{LOOSE, strict};
use crate::common::{ADMIN, APP, request};

/// The middleware responds in place of the handler.
#[tokio::test]
async fn a_replaced_response_has_the_headers_of_the_handler() {
    let app = ServiceBuilder::new()
        .layer(CorsLayer::new(&LOOSE))
        .map_response(|response: Response<_>| response.map(Body::new))
        .layer(CatchPanicLayer::new())
        .service(service_fn(strict));
    let reply = request("GET", "/panic").from(ADMIN).to(&app).await;
    reply
        .is(500)
        .allows(ADMIN)
        .exposes(&["x-strict"])
        .vary(&["origin"]);
    reply.lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);
    request("GET", "/panic").to(&app).await.is(500).is_denied();
}

/// The middleware creates a new response without the headers of the handler.
#[tokio::test]
async fn a_new_response_has_the_headers_of_the_handler() {
    let app = ServiceBuilder::new()
        .layer(CorsLayer::new(&LOOSE))
        .map_response(|old: Response<Body>| {
            let mut new = Response::new(old.into_body());
            *new.status_mut() = StatusCode::ACCEPTED;
            let own = http::HeaderValue::from_static("https://other.example");
            new.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, own);
            new
        })
        .service(service_fn(strict));
    let reply = request("GET", "/").from(ADMIN).to(&app).await;
    reply
        .is(202)
        .allows(ADMIN)
        .exposes(&["x-strict"])
        .vary(&["origin"]);
}

/// Without the extension, the layer and the handler set their headers independently, and the layer
/// is last.
#[tokio::test]
async fn a_new_request_hides_the_layer() {
    let app = ServiceBuilder::new()
        .layer(CorsLayer::new(&LOOSE))
        .map_request(|old: AxumRequest| {
            let mut new = Request::new(Body::empty());
            *new.headers_mut() = old.headers().clone();
            new
        })
        .service(service_fn(strict));
    let reply = request("GET", "/").from(APP).to(&app).await;
    reply.is(200).allows(APP).credentials().vary(&["origin"]);
}
