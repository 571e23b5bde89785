//! Tests `CorsLayer::policies_inside`.

use std::convert::Infallible;

use axum::body::Body;
use axum::http::header::ACCESS_CONTROL_ALLOW_CREDENTIALS;
use cors_runtime::http::cors;
use cors_runtime::tower::CorsLayer;
use cors_runtime::{OriginRequest, Policy, policy};
use http::{Method, Request, Response};
use tower::{Layer as _, service_fn};

use super::{LOOSE, is_403_with_reason, plain, runs, work};
use crate::common::{ADMIN, APP, App, preflight, request};

fn with_policies_inside() -> impl App {
    static STRICT: Policy =
        policy! { origins = ["https://admin.example"], methods = [DELETE], enforce };
    let layer = CorsLayer::new(&LOOSE).policies_inside(|method, uri| {
        let is_strict = uri.path() == "/strict" && *method == Method::DELETE;
        is_strict.then_some(&STRICT)
    });
    layer.layer(service_fn(plain))
}

#[tokio::test]
async fn the_layer_answers_preflights_by_the_inner_policies() {
    let app = with_policies_inside();
    let reply = preflight("DELETE", "/strict").from(ADMIN).to(&app).await;
    reply.is_allowed_preflight(ADMIN).methods(&["DELETE"]);
    reply.lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);
    let refused = preflight("DELETE", "/strict").from(APP).to(&app).await;
    refused.is_refused_preflight();
    // The policy of the layer applies to other methods and paths.
    for (method, path) in [("PUT", "/strict"), ("PUT", "/")] {
        let reply = preflight(method, path).from(APP).to(&app).await;
        reply
            .is_allowed_preflight(APP)
            .methods(&["PUT"])
            .credentials();
    }
    let elsewhere = preflight("DELETE", "/").from(APP).to(&app).await;
    elsewhere.is_refused_preflight();
    assert_eq!(runs(), 0);
}

#[tokio::test]
async fn the_layer_denies_by_the_inner_policies() {
    let app = with_policies_inside();
    let reply = request("DELETE", "/strict").from(APP).to(&app).await;
    is_403_with_reason(&reply, "this origin is not in `origins`");
    let reply = request("DELETE", "/strict").from(ADMIN).to(&app).await;
    reply.is(200).allows(ADMIN);
    reply.lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);
    let reply = request("PUT", "/strict").from(APP).to(&app).await;
    reply.is(200).allows(APP).credentials();
    assert_eq!(runs(), 2);
}

#[tokio::test]
async fn the_inner_policy_is_used_for_preflights_and_actual_requests() {
    static STRICT: Policy = policy! { origins = ["https://admin.example"] };
    #[cors(policy = STRICT)]
    async fn with_policies_inside(_: Request<Body>) -> Result<Response<Body>, Infallible> {
        Ok(work())
    }
    let layer = CorsLayer::new(&LOOSE).policies_inside(|_, _| Some(&STRICT));
    let app = layer.layer(service_fn(with_policies_inside));
    preflight("PUT", "/")
        .from(APP)
        .to(&app)
        .await
        .is_refused_preflight();
    request("GET", "/")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .is_denied();
    request("GET", "/").from(ADMIN).to(&app).await.allows(ADMIN);
    assert_eq!(runs(), 2);
}

/// Browsers cache the methods and headers of a preflight for the whole path. A cached DELETE or
/// `content-type` of one policy would let a page skip the preflight of another policy.
#[tokio::test]
async fn a_preflight_allows_nothing_for_the_other_methods_of_the_path() {
    static A: Policy = policy! {
        origins = ["https://app.example"],
        methods = [PUT, DELETE],
        headers = ["content-type"],
        max_age = 600,
    };
    static B: Policy = policy! {
        origins = ["https://admin.example"],
        methods = [PUT, DELETE],
        headers = ["content-type"],
        max_age = 600,
    };
    let layer = CorsLayer::new(&A).policies_inside(|method, uri| match uri.path() {
        "/own" => (*method != Method::PUT).then_some(&B),
        _ if *method == Method::PUT => Some(&A),
        _ => Some(&B),
    });
    let app = layer.layer(service_fn(plain));
    for path in ["/", "/own"] {
        let sent = preflight("PUT", path).from(APP);
        let reply = sent.with_headers("content-type").to(&app).await;
        reply
            .is_allowed_preflight(APP)
            .methods(&["PUT"])
            .allowed_headers(&["content-type"])
            .max_age("0");
        let reply = preflight("POST", path).from(ADMIN).to(&app).await;
        reply
            .is_allowed_preflight(ADMIN)
            .methods(&["POST"])
            .max_age("0");
        let refused = preflight("DELETE", path).from(APP).to(&app).await;
        refused.is_refused_preflight();
    }
}

/// A policy with `ask(..)` decides its preflights later.
#[tokio::test]
async fn a_preflight_that_waits_allows_nothing_for_the_other_methods_of_the_path() {
    async fn allow_all(_: OriginRequest) -> bool {
        tokio::task::yield_now().await;
        true
    }
    static ASKING: Policy = policy! {
        origins = [ask(allow_all)],
        methods = "*",
        max_age = 600,
    };
    let layer = CorsLayer::new(&LOOSE).policies_inside(|_, _| Some(&ASKING));
    let app = layer.layer(service_fn(plain));
    let reply = preflight("PATCH", "/").from(APP).to(&app).await;
    reply
        .is_allowed_preflight(APP)
        .methods(&["PATCH"])
        .max_age("0");
}
