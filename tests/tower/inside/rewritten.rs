//! Tests middleware that changes the request between a layer and a policy, or sends its own
//! request.

use std::cell::Cell;
use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::http::HeaderName;
use axum::http::header::ORIGIN;
use cors_runtime::http::cors;
use cors_runtime::tower::CorsLayer;
use cors_runtime::{OriginRequest, Policy, RequestHead, policy};
use http::{HeaderValue, Request, Response};
use tower::{Layer as _, Service, ServiceExt as _, service_fn};

use super::work;
use crate::common::{APP, STRANGER, preflight, request};

const INTERNAL: &str = "https://internal.example";

thread_local! {
    static CALLS: Cell<usize> = const { Cell::new(0) };
}

fn internal(origin: &str, _: &RequestHead<'_>) -> bool {
    CALLS.set(CALLS.get() + 1);
    origin == INTERNAL
}

fn by_path(origin: &str, request: &RequestHead<'_>) -> bool {
    CALLS.set(CALLS.get() + 1);
    origin == STRANGER && request.path() == "/public"
}

fn by_tenant(origin: &str, request: &RequestHead<'_>) -> bool {
    CALLS.set(CALLS.get() + 1);
    origin == STRANGER && request.header("x-tenant") == Some(b"public")
}

async fn app_later(request: OriginRequest) -> bool {
    tokio::time::sleep(Duration::from_millis(1)).await;
    request.origin() == APP
}

static INTERNAL_PAGES: Policy = policy! { origins = [internal], credentials };
static BY_PATH: Policy = policy! { origins = [by_path], credentials };
static BY_TENANT: Policy = policy! { origins = [by_tenant], credentials };
static LATER: Policy = policy! { origins = [ask(app_later)], enforce };

#[cors(policy = INTERNAL_PAGES)]
async fn internal_pages(_: Request<Body>) -> Result<Response<Body>, Infallible> {
    Ok(work())
}

#[cors(policy = BY_PATH)]
async fn of_path(_: Request<Body>) -> Result<Response<Body>, Infallible> {
    Ok(work())
}

#[cors(policy = BY_TENANT)]
async fn of_tenant(_: Request<Body>) -> Result<Response<Body>, Infallible> {
    Ok(work())
}

/// A service that calls another one with a changed request.
macro_rules! changed {
    ($inner:expr, |$request:ident| $change:expr) => {{
        let inner = $inner;
        service_fn(move |mut $request: Request<Body>| {
            let mut inner = inner.clone();
            $change;
            async move { inner.call($request).await }
        })
    }};
}

fn with_extensions_of(request: &Request<Body>, origin: &'static str) -> Request<Body> {
    let mut own = Request::new(Body::empty());
    *own.extensions_mut() = request.extensions().clone();
    own.headers_mut()
        .insert(ORIGIN, HeaderValue::from_static(origin));
    own
}

#[tokio::test]
async fn the_result_for_another_origin_is_not_used() {
    let inner = CorsLayer::new(&INTERNAL_PAGES).layer(service_fn(internal_pages));
    let own_first = service_fn(move |request: Request<Body>| {
        let inner = inner.clone();
        async move {
            let own = with_extensions_of(&request, INTERNAL);
            inner.clone().oneshot(own).await?;
            inner.oneshot(request).await
        }
    });
    let app = CorsLayer::new(&INTERNAL_PAGES).layer(own_first);
    for origin in [STRANGER, "null"] {
        let reply = request("GET", "/").from(origin).to(&app).await;
        reply.is(200).is_denied();
    }
    request("GET", "/").to(&app).await.is(200).is_denied();
}

#[tokio::test]
async fn the_result_for_another_head_is_not_used() {
    let to_admin = changed!(service_fn(of_path), |request| {
        *request.uri_mut() = http::Uri::from_static("/admin");
    });
    let app = CorsLayer::new(&BY_PATH).layer(to_admin);
    let reply = request("GET", "/public").from(STRANGER).to(&app).await;
    reply.is(200).is_denied();

    let second_origin = changed!(service_fn(internal_pages), |request| {
        let origin = HeaderValue::from_static(INTERNAL);
        request.headers_mut().append(ORIGIN, origin);
    });
    let app = CorsLayer::new(&INTERNAL_PAGES).layer(second_origin);
    let reply = request("GET", "/").from(INTERNAL).to(&app).await;
    reply.is(200).is_denied();

    let without_origin = changed!(service_fn(internal_pages), |request| {
        request.headers_mut().remove(ORIGIN);
    });
    let app = CorsLayer::new(&INTERNAL_PAGES).layer(without_origin);
    let reply = request("GET", "/").from(INTERNAL).to(&app).await;
    reply.is(200).is_denied();
}

#[tokio::test]
async fn the_same_head_is_not_checked_twice() {
    let app = CorsLayer::new(&INTERNAL_PAGES).layer(service_fn(internal_pages));
    CALLS.set(0);
    let reply = request("GET", "/").from(INTERNAL).to(&app).await;
    reply.is(200).allows(INTERNAL);
    assert_eq!(CALLS.get(), 1);
}

#[tokio::test]
async fn the_result_for_other_headers_is_used_if_the_source_has_read_none() {
    let tenant = HeaderName::from_static("x-tenant");
    let from_public = || {
        let request = request("GET", "/").from(STRANGER);
        request.header(tenant.clone(), "public")
    };
    let internal = changed!(service_fn(of_tenant), |request| {
        let tenant = HeaderValue::from_static("internal");
        request.headers_mut().insert("x-tenant", tenant);
    });
    let app = CorsLayer::new(&BY_TENANT).layer(internal);
    let reply = from_public().to(&app).await;
    reply.is(200).is_denied();

    CALLS.set(0);
    let app = CorsLayer::new(&BY_TENANT).layer(service_fn(of_tenant));
    from_public().to(&app).await.is(200).allows(STRANGER);
    assert_eq!(CALLS.get(), 1);

    CALLS.set(0);
    let with_id = changed!(service_fn(internal_pages), |request| {
        let id = HeaderValue::from_static("7");
        request.headers_mut().insert("x-request-id", id);
    });
    let app = CorsLayer::new(&INTERNAL_PAGES).layer(with_id);
    let reply = request("GET", "/").from(INTERNAL).to(&app).await;
    reply.is(200).allows(INTERNAL);
    assert_eq!(CALLS.get(), 1);
}

#[tokio::test]
async fn the_service_is_called_after_the_check() {
    let calls = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = std::sync::Arc::clone(&calls);
    let inner = service_fn(move |_: Request<Body>| {
        counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        async { Ok::<_, Infallible>(Response::new(Body::from("work"))) }
    });
    let app = CorsLayer::new(&LATER).layer(inner);
    let count = || calls.load(std::sync::atomic::Ordering::Relaxed);
    let reply = request("PUT", "/").from(STRANGER).to(&app).await;
    reply.is(403).has_no_cors();
    preflight("GET", "/").from(APP).to(&app).await.is(204);
    assert_eq!(count(), 0);
    request("PUT", "/").from(APP).to(&app).await.allows(APP);
    assert_eq!(count(), 1);
}

#[tokio::test]
async fn a_service_that_is_spawned_is_inside_of_the_layer() {
    #[cors(origins = [ask(app_later)])]
    async fn handler(_: Request<Body>) -> Result<Response<Body>, Infallible> {
        Ok(Response::new(Body::from("work")))
    }
    let spawned = service_fn(|request: Request<Body>| {
        let response = tokio::spawn(handler(request));
        async move { response.await.expect("it does not panic") }
    });
    let app = CorsLayer::new(&LATER).layer(spawned);
    request("GET", "/").from(APP).to(&app).await.allows(APP);
}
