//! A layer, and handlers inside of it.

use std::convert::Infallible;

use axum::body::Body;
use cors_runtime::axum::Router;
use cors_runtime::axum::routing::get;
use cors_runtime::tower::CorsLayer;
use cors_runtime::{Policy, policy};
use tower::{Layer as _, service_fn};

use super::{POLICY, function, handler, is_refused, is_served, stranger, work};
use crate::common::{APP, STRANGER, preflight, request};

#[tokio::test]
async fn a_handler_inside_of_a_layer_enforces_its_own() {
    static LOOSE: Policy = policy! { origins = ["https://stranger.example"] };
    let app = CorsLayer::new(&LOOSE).layer(service_fn(function));
    preflight("GET", "/")
        .from(STRANGER)
        .to(&app)
        .await
        .is_permission_for(STRANGER);
    is_refused(&stranger("GET").to(&app).await);
    is_served(&request("GET", "/").from(APP).to(&app).await).allows(APP);
    let app = CorsLayer::new(&LOOSE).layer(Router::new().route("/", get(handler)));
    is_refused(&stranger("GET").to(&app).await);
    is_served(&request("GET", "/").from(APP).to(&app).await).allows(APP);
}

/// A layer does not know what a handler inside would allow, unless it is told.
#[tokio::test]
async fn a_layer_enforces_its_own_before_anybody_inside() {
    #[cors_runtime::http::cors(origins = ["https://stranger.example"])]
    async fn other(_: http::Request<Body>) -> Result<http::Response<Body>, Infallible> {
        Ok(work())
    }
    static OTHER: Policy = policy! { origins = ["https://stranger.example"] };
    let app = CorsLayer::new(&POLICY).layer(service_fn(other));
    is_refused(&stranger("GET").to(&app).await);
    let told = CorsLayer::new(&POLICY).policies_inside(|_, _| Some(&OTHER));
    let app = told.layer(service_fn(other));
    is_served(&stranger("GET").to(&app).await).allows(STRANGER);
}
