//! Tests `enforce` in a layer, and in inner handlers.

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
async fn a_handler_inside_of_a_layer_enforces_its_own_policy() {
    static LOOSE: Policy = policy! { origins = ["https://stranger.example"] };
    let app = CorsLayer::new(&LOOSE).layer(service_fn(function));
    preflight("GET", "/")
        .from(STRANGER)
        .to(&app)
        .await
        .is_allowed_preflight(STRANGER);
    is_refused(&stranger("GET").to(&app).await);
    is_served(&request("GET", "/").from(APP).to(&app).await).allows(APP);
    let app = CorsLayer::new(&LOOSE).layer(Router::new().route("/", get(handler)));
    is_refused(&stranger("GET").to(&app).await);
    is_served(&request("GET", "/").from(APP).to(&app).await).allows(APP);
}

/// A layer only knows the policies of inner handlers with `policies_inside`.
#[tokio::test]
async fn a_layer_refuses_before_inner_handlers_run() {
    #[cors_runtime::http::cors(origins = ["https://stranger.example"])]
    async fn other(_: http::Request<Body>) -> Result<http::Response<Body>, Infallible> {
        Ok(work())
    }
    static OTHER: Policy = policy! { origins = ["https://stranger.example"] };
    let app = CorsLayer::new(&POLICY).layer(service_fn(other));
    is_refused(&stranger("GET").to(&app).await);
    let with_policies_inside = CorsLayer::new(&POLICY).policies_inside(|_, _| Some(&OTHER));
    let app = with_policies_inside.layer(service_fn(other));
    is_served(&stranger("GET").to(&app).await).allows(STRANGER);
}
