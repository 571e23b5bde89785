//! Tests policies that run on another task than the layer, and requests that a handler sends
//! itself.

use std::convert::Infallible;

use axum::body::Body;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue, ORIGIN,
};
use cors_runtime::tower::CorsLayer;
use cors_runtime::{Policy, policy};
use http::{Request, Response};
use tower::{Layer as _, Service, ServiceBuilder, ServiceExt as _, service_fn};

use super::{ANY, LOOSE, disabled, is_403_with_reason, open, plain, runs, same, strict, work};
use crate::common::{ADMIN, APP, STRANGER, request};

/// Wraps a handler in a service that runs the handler on a new task.
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
    request("GET", "/")
        .to(&app)
        .await
        .is(200)
        .is_without_policy();

    let app = CorsLayer::new(&LOOSE).layer(spawned!(plain));
    request("GET", "/").from(APP).to(&app).await.allows(APP);
}

#[tokio::test]
async fn a_spawned_handler_does_not_run_for_origins_that_it_denies() {
    for layer in [CorsLayer::new(&LOOSE), CorsLayer::new(&ANY)] {
        let app = layer.layer(spawned!(strict));
        for method in ["GET", "PUT"] {
            let reply = request(method, "/").from(APP).to(&app).await;
            is_403_with_reason(&reply, "an outer policy");
        }
    }
    let app = CorsLayer::new(&LOOSE).layer(spawned!(same));
    let reply = request("PUT", "/").from(STRANGER).to(&app).await;
    reply.is(200).is_denied();
    assert_eq!(runs(), 1);
}

#[tokio::test]
async fn a_spawned_layer_finds_the_outer_layer() {
    let spawned = service_fn(|request: Request<Body>| {
        let inner = CorsLayer::new(&ANY).layer(service_fn(strict));
        let response = tokio::spawn(inner.oneshot(request));
        async move { response.await.expect("the handler does not panic") }
    });
    let app = CorsLayer::new(&LOOSE).layer(spawned);
    let reply = request("PUT", "/").from(APP).to(&app).await;
    is_403_with_reason(&reply, "an outer policy");
    let reply = request("PUT", "/").from(ADMIN).to(&app).await;
    reply.is(200).allows(ADMIN).exposes(&["x-strict"]);
    assert_eq!(runs(), 1);
}

#[tokio::test]
async fn a_request_that_a_handler_sends_does_not_change_its_headers() {
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
        .is_denied();
    request("GET", "/").to(&app).await.is(200).is_denied();
}

#[tokio::test]
async fn a_spawned_handler_finds_all_layers() {
    let two = |policy| {
        ServiceBuilder::new()
            .layer(CorsLayer::new(policy))
            .layer(CorsLayer::new(policy))
    };
    let app = two(&LOOSE).service(spawned!(strict));
    let reply = request("PUT", "/").from(ADMIN).to(&app).await;
    reply.is(200).allows(ADMIN).exposes(&["x-strict"]);
    reply.lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);

    let app = two(&ANY).service(spawned!(disabled));
    request("GET", "/")
        .to(&app)
        .await
        .is(200)
        .is_without_policy();
    assert_eq!(runs(), 2);
    let reply = request("GET", "/").from(APP).to(&app).await;
    is_403_with_reason(&reply, "an outer policy");
}

/// The inner layer is called on the task of the outer layer, and its future is polled on another
/// task.
#[tokio::test]
async fn a_spawned_future_finds_all_layers() {
    let inner = CorsLayer::new(&ANY).layer(service_fn(disabled));
    let spawned = service_fn(move |request: Request<Body>| {
        let response = tokio::spawn(inner.clone().call(request));
        async move { response.await.expect("the handler does not panic") }
    });
    let app = CorsLayer::new(&ANY).layer(spawned);
    request("GET", "/")
        .to(&app)
        .await
        .is(200)
        .is_without_policy();
}

/// The middleware creates a new response from the response of a handler on another task.
#[tokio::test]
async fn a_new_response_has_the_headers_of_a_spawned_handler() {
    let anew = |response: Response<Body>| {
        let mut anew = Response::new(response.into_body());
        let other = HeaderValue::from_static("https://other.example");
        anew.headers_mut()
            .insert(ACCESS_CONTROL_ALLOW_ORIGIN, other);
        anew
    };
    let app = ServiceBuilder::new()
        .layer(CorsLayer::new(&LOOSE))
        .map_response(anew)
        .service(spawned!(strict));
    let reply = request("PUT", "/").from(ADMIN).to(&app).await;
    reply.is(200).allows(ADMIN).exposes(&["x-strict"]);
    reply.lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);

    let app = ServiceBuilder::new()
        .layer(CorsLayer::new(&ANY))
        .map_response(|response: Response<Body>| Response::new(response.into_body()))
        .service(spawned!(disabled));
    request("GET", "/")
        .to(&app)
        .await
        .is(200)
        .is_without_policy();
}

/// The tasks of two requests run on the same thread.
#[tokio::test]
async fn tasks_of_different_requests_have_separate_layers() {
    let tasks = std::rc::Rc::new(tokio::task::LocalSet::new());
    let shared = std::rc::Rc::clone(&tasks);
    let drives = service_fn(move |request: Request<Body>| {
        let tasks = std::rc::Rc::clone(&shared);
        async move {
            tasks.run_until(tokio::task::yield_now()).await;
            plain(request).await
        }
    });
    let other = CorsLayer::new(&ANY).layer(service_fn(same));
    let refused =
        tasks.spawn_local(async move { request("GET", "/").from(STRANGER).to(&other).await });
    let app = CorsLayer::new(&LOOSE).layer(drives);
    let reply = request("GET", "/").from(STRANGER).to(&app).await;
    reply.is(200).is_denied();
    assert_eq!(runs(), 1);
    let refused = tasks.run_until(refused).await.expect("no panic");
    is_403_with_reason(&refused, "an outer policy");
}

static OTHER: Policy = policy! { origins = ["https://other.example"] };

/// axum adds the layers of a router inside of the policies of its handlers.
#[tokio::test]
async fn a_layer_of_the_router_does_not_replace_the_policy_of_a_handler() {
    #[cors_runtime::axum::cors(origins = ["https://admin.example"], expose = ["x-strict"])]
    async fn annotated() {}
    #[cors_runtime::axum::cors(disabled)]
    async fn closed() {}
    let routes = |policy| {
        let router = cors_runtime::axum::Router::new()
            .route("/", cors_runtime::axum::routing::put(annotated))
            .route("/closed", cors_runtime::axum::routing::get(closed));
        axum::Router::from(router.layer(CorsLayer::new(policy)))
    };
    for outer in [CorsLayer::new(&ANY), CorsLayer::new(&LOOSE)] {
        let app = outer.layer(routes(&LOOSE));
        let reply = request("PUT", "/").from(ADMIN).to(&app).await;
        reply.is(200).allows(ADMIN).exposes(&["x-strict"]);
        reply.lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);
        let reply = request("PUT", "/").from(APP).to(&app).await;
        reply.is(403).has_no_cors();
    }
    let app = CorsLayer::new(&ANY).layer(routes(&ANY));
    request("GET", "/closed")
        .to(&app)
        .await
        .is(200)
        .is_without_policy();
    let app = CorsLayer::new(&ANY).layer(routes(&OTHER));
    request("PUT", "/")
        .from(ADMIN)
        .to(&app)
        .await
        .is(200)
        .allows(ADMIN);
}
