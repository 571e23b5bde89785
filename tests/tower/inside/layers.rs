//! Tests nested layers.

use cors_runtime::tower::CorsLayer;
use cors_runtime::{OriginRequest, Policy, policy};
use tower::{Layer as _, ServiceBuilder, service_fn};

use super::{ANY, LOOSE, is_403_with_reason, plain, runs, same, strict};
use crate::common::{ADMIN, APP, STRANGER, preflight, request};

#[tokio::test]
async fn the_outermost_layer_answers_preflights_and_the_innermost_sets_headers() {
    static INNER: Policy = policy! { origins = ["https://admin.example"], expose = ["x-inner"] };
    let app = ServiceBuilder::new()
        .layer(CorsLayer::new(&ANY))
        .layer(CorsLayer::new(&INNER))
        .service(service_fn(plain));
    let sent = preflight("PATCH", "/").from(STRANGER).to(&app).await;
    sent.is_allowed_preflight("*");
    let reply = request("PATCH", "/").from(ADMIN).to(&app).await;
    reply
        .is(200)
        .allows(ADMIN)
        .exposes(&["x-inner"])
        .vary(&["origin"]);
    assert_eq!(runs(), 1);
    let reply = request("PATCH", "/").from(STRANGER).to(&app).await;
    is_403_with_reason(&reply, "an outer policy");

    let app = ServiceBuilder::new()
        .layer(CorsLayer::new(&LOOSE))
        .layer(CorsLayer::new(&ANY))
        .service(service_fn(strict));
    let reply = request("PUT", "/").from(ADMIN).to(&app).await;
    reply.allows(ADMIN).exposes(&["x-strict"]).vary(&["origin"]);
    let reply = request("PUT", "/").from(APP).to(&app).await;
    assert_eq!(runs(), 1);
    is_403_with_reason(&reply, "an outer policy");
    // The outermost layer answers the preflights, with any layers in between.
    let app = ServiceBuilder::new()
        .layer(CorsLayer::new(&LOOSE))
        .layer(CorsLayer::new(&ANY))
        .service(service_fn(same));
    request("PUT", "/")
        .from(STRANGER)
        .to(&app)
        .await
        .is(200)
        .is_denied();
    assert_eq!(runs(), 1);
}

/// A layer with `ask(..)` decides its headers later than the inner layers.
#[tokio::test]
async fn the_innermost_layer_sets_headers_inside_of_a_layer_with_ask() {
    async fn allow_all(_: OriginRequest) -> bool {
        tokio::task::yield_now().await;
        true
    }
    static ASKING: Policy = policy! { origins = [ask(allow_all)], expose = ["x-asking"] };
    static INNER: Policy = policy! { origins = ["https://admin.example"], expose = ["x-inner"] };
    let asking = ServiceBuilder::new()
        .layer(CorsLayer::new(&LOOSE))
        .layer(CorsLayer::new(&ASKING));
    let app = asking.clone().service(service_fn(plain));
    let reply = request("GET", "/").from(ADMIN).to(&app).await;
    reply.is(200).allows(ADMIN).exposes(&["x-asking"]);
    let app = asking
        .layer(CorsLayer::new(&INNER))
        .service(service_fn(plain));
    let reply = request("GET", "/").from(ADMIN).to(&app).await;
    reply.is(200).allows(ADMIN).exposes(&["x-inner"]);
    assert_eq!(runs(), 2);
}

#[tokio::test]
async fn an_inner_layer_with_ask_refuses_denied_origins() {
    async fn allow_none(_: OriginRequest) -> bool {
        tokio::task::yield_now().await;
        false
    }
    static ASKING: Policy = policy! { origins = [ask(allow_none)] };
    let app = ServiceBuilder::new()
        .layer(CorsLayer::new(&LOOSE))
        .layer(CorsLayer::new(&ASKING))
        .service(service_fn(plain));
    let reply = request("GET", "/").from(APP).to(&app).await;
    is_403_with_reason(&reply, "an outer policy");
    let app = CorsLayer::new(&ASKING).layer(service_fn(plain));
    request("GET", "/")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .is_denied();
    assert_eq!(runs(), 1);
}

#[tokio::test]
async fn one_policy_in_two_layers() {
    let policy = Policy::builder().origins([APP]).build();
    let layer = CorsLayer::new(policy.expect("a valid policy"));
    let app = ServiceBuilder::new()
        .layer(layer.clone())
        .layer(layer)
        .service(service_fn(plain));
    request("GET", "/")
        .from(STRANGER)
        .to(&app)
        .await
        .is(200)
        .is_denied();
    request("GET", "/")
        .from(APP)
        .to(&app)
        .await
        .allows(APP)
        .vary(&["origin"]);
}
