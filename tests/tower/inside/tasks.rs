//! Policies that run on another task than the layer, and requests that a handler sends itself.

use std::convert::Infallible;

use axum::body::Body;
use axum::http::header::{ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue, ORIGIN};
use cors_runtime::tower::CorsLayer;
use http::{Request, Response};
use tower::{Layer as _, Service, ServiceBuilder, ServiceExt as _, service_fn};
use tower_http::catch_panic::CatchPanicLayer;

use super::{ANY, LOOSE, disabled, is_403_because, open, plain, runs, same, strict, work};
use crate::common::{ADMIN, APP, STRANGER, request};

/// A service that runs a handler on a task of its own.
macro_rules! spawned {
    ($handler:expr) => {
        service_fn(|request: Request<Body>| {
            let handler = $handler;
            let response = tokio::spawn(async move { handler(request).await });
            async move { response.await.expect("the handler does not panic") }
        })
    };
}

#[tokio::test]
async fn a_spawned_handler_sets_its_own_headers() {
    let app = CorsLayer::new(&LOOSE).layer(spawned!(strict));
    let reply = request("PUT", "/").from(ADMIN).to(&app).await;
    reply.is(200).allows(ADMIN).exposes(&["x-strict"]);
    reply.lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);

    let app = CorsLayer::new(&LOOSE).layer(spawned!(open));
    request("GET", "/")
        .from(STRANGER)
        .to(&app)
        .await
        .is(200)
        .allows("*");

    let app = CorsLayer::new(&ANY).layer(spawned!(disabled));
    request("GET", "/").to(&app).await.is(200).is_untouched();

    let app = CorsLayer::new(&LOOSE).layer(spawned!(plain));
    request("GET", "/").from(APP).to(&app).await.allows(APP);
}

#[tokio::test]
async fn a_spawned_handler_does_not_run_for_origins_that_it_denies() {
    for layer in [CorsLayer::new(&LOOSE), CorsLayer::new(&ANY)] {
        let app = layer.layer(spawned!(strict));
        for method in ["GET", "PUT"] {
            let reply = request(method, "/").from(APP).to(&app).await;
            is_403_because(&reply, "an outer policy");
        }
    }
    // The policy of the layer is not known on another task.
    let app = CorsLayer::new(&LOOSE).layer(spawned!(same));
    let reply = request("PUT", "/").from(STRANGER).to(&app).await;
    is_403_because(&reply, "an outer policy");
}

#[tokio::test]
async fn a_spawned_layer_is_inside_of_the_outer_one() {
    let spawned = service_fn(|request: Request<Body>| {
        let inner = CorsLayer::new(&ANY).layer(service_fn(strict));
        let response = tokio::spawn(inner.oneshot(request));
        async move { response.await.expect("the handler does not panic") }
    });
    let app = CorsLayer::new(&LOOSE).layer(spawned);
    let reply = request("PUT", "/").from(APP).to(&app).await;
    is_403_because(&reply, "an outer policy");
    let reply = request("PUT", "/").from(ADMIN).to(&app).await;
    reply.is(200).allows(ADMIN).exposes(&["x-strict"]);
    assert_eq!(runs(), 1);
}

#[tokio::test]
async fn a_request_of_the_handler_itself_changes_nothing() {
    async fn gateway(request: Request<Body>) -> Result<Response<Body>, Infallible> {
        let mut own = Request::new(Body::empty());
        *own.headers_mut() = request.headers().clone();
        open(own).await?;
        let mut own = Request::new(Body::empty());
        own.headers_mut()
            .insert(ORIGIN, HeaderValue::from_static(ADMIN));
        let app = CorsLayer::new(&ANY).layer(service_fn(strict));
        app.oneshot(own).await?;
        Ok(work())
    }
    let app = CorsLayer::new(&LOOSE).layer(service_fn(gateway));
    let reply = request("GET", "/").from(APP).to(&app).await;
    reply
        .is(200)
        .allows(APP)
        .credentials()
        .exposes(&["x-loose"]);
    request("GET", "/")
        .from(STRANGER)
        .to(&app)
        .await
        .is(200)
        .is_unreadable();
    request("GET", "/").to(&app).await.is(200).is_unreadable();
}

#[tokio::test]
async fn a_panic_leaves_no_layer_behind() {
    async fn panics(_: Request<Body>) -> Result<Response<Body>, Infallible> {
        panic!("in the handler")
    }
    let app = ServiceBuilder::new()
        .map_response(|response: Response<_>| response.map(Body::new))
        .layer(CatchPanicLayer::new())
        .layer(CorsLayer::new(&LOOSE))
        .service(service_fn(panics));
    request("GET", "/").from(APP).to(&app).await.is(500);
    let marked = std::sync::Mutex::new(None);
    let keeps = service_fn(|request: Request<Body>| {
        *marked.lock().expect("no panic") = Some(request.extensions().clone());
        async { Ok::<_, Infallible>(work()) }
    });
    let mut keeps = CorsLayer::new(&LOOSE).layer(keeps);
    let asked = Request::get("/").header(ORIGIN, APP).body(Body::empty());
    keeps
        .call(asked.expect("a request"))
        .await
        .expect("a response");
    // A request with the mark, outside of every layer: as on another task.
    let mut late = Request::new(Body::empty());
    *late.extensions_mut() = marked.into_inner().expect("no panic").expect("a request");
    late.headers_mut()
        .insert(ORIGIN, HeaderValue::from_static(STRANGER));
    let response = same(late).await.expect("a response");
    assert_eq!(response.status(), 403);
    assert_eq!(runs(), 1);
}
