//! Layers in layers.

use cors_runtime::tower::CorsLayer;
use cors_runtime::{OriginRequest, Policy, policy};
use tower::{Layer as _, ServiceBuilder, service_fn};

use super::{ANY, LOOSE, is_403_because, plain, runs, same, strict};
use crate::common::{ADMIN, APP, STRANGER, preflight, request};

#[tokio::test]
async fn of_layers_in_layers_the_outermost_answers_and_the_innermost_speaks() {
    static INNER: Policy = policy! { origins = ["https://admin.example"], expose = ["x-inner"] };
    let app = ServiceBuilder::new()
        .layer(CorsLayer::new(&ANY))
        .layer(CorsLayer::new(&INNER))
        .service(service_fn(plain));
    let asked = preflight("PATCH", "/").from(STRANGER).to(&app).await;
    asked.is_permission_for("*");
    let reply = request("PATCH", "/").from(ADMIN).to(&app).await;
    reply
        .is(200)
        .allows(ADMIN)
        .exposes(&["x-inner"])
        .vary(&["origin"]);
    assert_eq!(runs(), 1);
    let reply = request("PATCH", "/").from(STRANGER).to(&app).await;
    is_403_because(&reply, "an outer policy");

    let app = ServiceBuilder::new()
        .layer(CorsLayer::new(&LOOSE))
        .layer(CorsLayer::new(&ANY))
        .service(service_fn(strict));
    let reply = request("PUT", "/").from(ADMIN).to(&app).await;
    reply.allows(ADMIN).exposes(&["x-strict"]).vary(&["origin"]);
    let reply = request("PUT", "/").from(APP).to(&app).await;
    assert_eq!(runs(), 1);
    is_403_because(&reply, "an outer policy");
    // The outermost is the judge, whoever stands between.
    let app = ServiceBuilder::new()
        .layer(CorsLayer::new(&LOOSE))
        .layer(CorsLayer::new(&ANY))
        .service(service_fn(same));
    request("PUT", "/")
        .from(STRANGER)
        .to(&app)
        .await
        .is(200)
        .is_unreadable();
    assert_eq!(runs(), 1);
}

/// A layer that asks somebody knows its own headers later than the layers inside of it.
#[tokio::test]
async fn the_innermost_speaks_also_inside_of_a_layer_that_asks() {
    async fn anybody(_: OriginRequest) -> bool {
        tokio::task::yield_now().await;
        true
    }
    static ASKING: Policy = policy! { origins = [ask(anybody)], expose = ["x-asking"] };
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
async fn a_layer_that_asks_does_not_let_in_what_it_refuses_either() {
    async fn nobody(_: OriginRequest) -> bool {
        tokio::task::yield_now().await;
        false
    }
    static ASKING: Policy = policy! { origins = [ask(nobody)] };
    let app = ServiceBuilder::new()
        .layer(CorsLayer::new(&LOOSE))
        .layer(CorsLayer::new(&ASKING))
        .service(service_fn(plain));
    let reply = request("GET", "/").from(APP).to(&app).await;
    is_403_because(&reply, "an outer policy");
    let app = CorsLayer::new(&ASKING).layer(service_fn(plain));
    request("GET", "/")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .is_unreadable();
    assert_eq!(runs(), 1);
}

#[tokio::test]
async fn one_policy_in_two_layers_is_one() {
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
        .is_unreadable();
    request("GET", "/")
        .from(APP)
        .to(&app)
        .await
        .allows(APP)
        .vary(&["origin"]);
}
