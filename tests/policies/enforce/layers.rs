//! Tests `enforce` in a layer, and in inner handlers.

use std::convert::Infallible;

use axum::body::Body;
use axum::http::header::HOST;
use cors_runtime::axum::Router;
use cors_runtime::axum::routing::get;
use cors_runtime::tower::CorsLayer;
use cors_runtime::{Policy, policy};
use tower::{Layer as _, service_fn};

use super::{POLICY, function, handler, is_refused, is_served, plain, stranger, work};
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

/// An inner policy replaces all of the layer's policy, as a handler's own policy replaces a default
/// policy.
#[tokio::test]
async fn an_inner_policy_replaces_the_enforce_and_hosts_of_the_layer() {
    static LOCAL: Policy = policy! {
        origins = ["https://app.example"],
        enforce,
        hosts = ["localhost"],
    };
    static ADMIN: Policy = policy! { origins = ["https://admin.example"] };
    let layer = CorsLayer::new(&LOCAL);
    let layer = layer.policies_inside(|_, uri| (uri.path() == "/admin").then_some(&ADMIN));
    let app = layer.layer(service_fn(plain));
    let sent = |path| request("GET", path).header(HOST, "rebound.example");
    for path in ["/", "/admins"] {
        is_refused(&sent(path).to(&app).await);
        is_refused(&sent(path).from(STRANGER).to(&app).await);
    }
    is_served(&sent("/admin").to(&app).await).is_denied();
    is_served(&sent("/admin").from(STRANGER).to(&app).await).is_denied();
}
