//! A layer that is told what is inside.

use std::convert::Infallible;

use axum::body::Body;
use axum::http::header::ACCESS_CONTROL_ALLOW_CREDENTIALS;
use cors_runtime::http::cors;
use cors_runtime::tower::CorsLayer;
use cors_runtime::{Policy, policy};
use http::{Method, Request, Response};
use tower::{Layer as _, service_fn};

use super::{LOOSE, is_403_because, plain, runs, work};
use crate::common::{ADMIN, APP, App, preflight, request};

fn told() -> impl App {
    static STRICT: Policy =
        policy! { origins = ["https://admin.example"], methods = [DELETE], enforce };
    let layer = CorsLayer::new(&LOOSE).policies_inside(|method, uri| {
        let is_strict = uri.path() == "/strict" && *method == Method::DELETE;
        is_strict.then_some(&STRICT)
    });
    layer.layer(service_fn(plain))
}

#[tokio::test]
async fn a_layer_that_is_told_answers_for_the_policies_inside() {
    let app = told();
    let reply = preflight("DELETE", "/strict").from(ADMIN).to(&app).await;
    reply.is_permission_for(ADMIN).methods(&["DELETE"]);
    reply.lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);
    let refused = preflight("DELETE", "/strict").from(APP).to(&app).await;
    refused.is_refusal();
    // Another method or path is the layer's.
    for (method, path) in [("PUT", "/strict"), ("PUT", "/")] {
        let reply = preflight(method, path).from(APP).to(&app).await;
        reply.is_permission_for(APP).methods(&["PUT"]).credentials();
    }
    let elsewhere = preflight("DELETE", "/").from(APP).to(&app).await;
    elsewhere.is_refusal();
    assert_eq!(runs(), 0);
}

#[tokio::test]
async fn a_layer_that_is_told_keeps_to_the_policies_inside() {
    let app = told();
    let reply = request("DELETE", "/strict").from(APP).to(&app).await;
    is_403_because(&reply, "this origin is not in `origins`");
    let reply = request("DELETE", "/strict").from(ADMIN).to(&app).await;
    reply.is(200).allows(ADMIN);
    reply.lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);
    let reply = request("PUT", "/strict").from(APP).to(&app).await;
    reply.is(200).allows(APP).credentials();
    assert_eq!(runs(), 2);
}

#[tokio::test]
async fn where_the_layer_is_told_right_nothing_is_judged_elsewhere() {
    static STRICT: Policy = policy! { origins = ["https://admin.example"] };
    #[cors(policy = STRICT)]
    async fn told(_: Request<Body>) -> Result<Response<Body>, Infallible> {
        Ok(work())
    }
    let layer = CorsLayer::new(&LOOSE).policies_inside(|_, _| Some(&STRICT));
    let app = layer.layer(service_fn(told));
    preflight("PUT", "/").from(APP).to(&app).await.is_refusal();
    request("GET", "/")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .is_unreadable();
    request("GET", "/").from(ADMIN).to(&app).await.allows(ADMIN);
    assert_eq!(runs(), 2);
}
