//! Tests origin sources in actix-web: functions, and `ask(..)`.

use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::{Next, from_fn};
use actix_web::test::init_service;
use actix_web::{App, Error, HttpResponse, body, dev, get, web};
use axum::http::HeaderName as Name;
use axum::http::header::HOST;
use cors_runtime::actix_web::{Cors, cors, resource};
use cors_runtime::{OriginRequest, Policy, RequestHead, policy};

use crate::app::actix;
use crate::common::{ADMIN, APP, STRANGER, get_allowed, preflight, request};

fn tenant(origin: &str, request: &RequestHead<'_>) -> bool {
    request.path().starts_with("/items/")
        && request.host() == Some("app.example.com")
        && request.header("x-none").is_none()
        && origin == APP
}

/// Decides after a yield, and only by the request.
async fn directory(request: OriginRequest) -> Result<bool, std::io::Error> {
    tokio::task::yield_now().await;
    match request.origin() {
        APP => Ok(request.path() != "/broken"),
        ADMIN => Err(std::io::Error::other("out of order")),
        _ => Ok(false),
    }
}

#[cors(origins = [tenant])]
#[get("/items/{id}")]
async fn by_tenant() -> &'static str {
    "tenant"
}

#[cors(origins = ["https://known.example", ask(directory)], headers = ["x-one"])]
#[get("/asked")]
async fn by_directory() -> &'static str {
    "asked"
}

#[cors(origins = [ask(directory)], enforce)]
async fn fenced() -> &'static str {
    "fenced"
}

#[cors(origins = [ask(directory)])]
async fn resource_handler() -> &'static str {
    "resource"
}

static DEFAULT: Policy = policy! { origins = [ask(directory)] };

fn tenant_header(origin: &str, request: &RequestHead<'_>) -> bool {
    request.header("x-tenant") == Some(b"app") && origin == APP
}

#[cors(origins = [tenant_header], enforce)]
#[get("/tenant")]
async fn by_header() -> &'static str {
    "tenant"
}

#[tokio::test(flavor = "current_thread")]
async fn a_function_is_called_again_if_a_middleware_changes_a_header() {
    let change = from_fn(|mut request: ServiceRequest, next: Next<body::BoxBody>| {
        let (name, value) = (HeaderName::from_static("x-tenant"), "other");
        let value = HeaderValue::from_static(value);
        request.headers_mut().insert(name, value);
        next.call(request)
    });
    let app = App::new().service(by_header);
    let changed = app.wrap(change).wrap(Cors::outermost());
    let changed = actix(init_service(changed).await);
    let same = App::new().service(by_header).wrap(Cors::outermost());
    let same = actix(init_service(same).await);
    let from_app = || request("GET", "/tenant").from(APP);
    let tenant = Name::from_static("x-tenant");
    let reply = from_app().header(tenant.clone(), "app").to(&same).await;
    reply.has_body("tenant").allows(APP);
    let reply = from_app().header(tenant, "app").to(&changed).await;
    reply.is(403).has_no_cors();
}

#[tokio::test(flavor = "current_thread")]
async fn a_function_receives_the_request() {
    let app = actix(init_service(App::new().service(by_tenant)).await);
    let of = |sent: crate::common::TestRequest, host| sent.header(HOST, host);
    let host = "app.example.com";
    of(preflight("GET", "/items/7").from(APP), host)
        .to(&app)
        .await
        .is_allowed_preflight(APP);
    of(preflight("GET", "/items/7").from(STRANGER), host)
        .to(&app)
        .await
        .is_refused_preflight();
    of(preflight("GET", "/items/7").from(APP), "other.example.com")
        .to(&app)
        .await
        .is_refused_preflight();
    of(request("GET", "/items/7").from(APP), host)
        .to(&app)
        .await
        .has_body("tenant")
        .allows(APP);
    of(request("GET", "/items/7").from(STRANGER), host)
        .to(&app)
        .await
        .has_body("tenant")
        .is_denied();
}

#[tokio::test(flavor = "current_thread")]
async fn a_request_waits_for_ask() {
    let app = || {
        App::new()
            .service(by_directory)
            .service(resource("/r").get(resource_handler).post(fenced))
            .route("/plain", web::to(HttpResponse::Ok))
    };
    let bare = actix(init_service(app()).await);
    let around = actix(init_service(app().wrap(Cors::outermost())).await);
    let default = actix(init_service(app().wrap(Cors::new(&DEFAULT))).await);
    get_allowed(&bare, "/asked").await.has_body("asked");
    get_allowed(&around, "/asked").await.has_body("asked");
    get_allowed(&default, "/asked").await.has_body("asked");
    get_allowed(&bare, "/r").await.has_body("resource");
    get_allowed(&around, "/r").await.has_body("resource");
    get_allowed(&default, "/plain").await.is(200);
    for path in ["/asked", "/r"] {
        preflight("GET", path)
            .from(ADMIN)
            .to(&bare)
            .await
            .is_refused_preflight();
        preflight("GET", path)
            .from(ADMIN)
            .to(&around)
            .await
            .is_refused_preflight();
        request("GET", path)
            .from(ADMIN)
            .to(&around)
            .await
            .is(200)
            .is_denied();
    }
    request("POST", "/r")
        .from(STRANGER)
        .to(&bare)
        .await
        .is(403)
        .has_no_cors();
    request("POST", "/r")
        .from(STRANGER)
        .to(&around)
        .await
        .is(403)
        .has_no_cors();
    request("POST", "/r")
        .from(APP)
        .to(&around)
        .await
        .has_body("fenced")
        .allows(APP);
    // A 405 over several policies does not wait for `ask(..)`.
    request("PUT", "/r")
        .from(APP)
        .to(&bare)
        .await
        .is(405)
        .is_denied();
    let known = preflight("GET", "/asked")
        .from("https://known.example")
        .with_headers("x-one");
    known
        .to(&bare)
        .await
        .is_allowed_preflight("https://known.example");
}

static CALLS: AtomicUsize = AtomicUsize::new(0);

async fn counted(_: OriginRequest) -> bool {
    CALLS.fetch_add(1, Ordering::Relaxed);
    true
}

#[cors(origins = [ask(counted)])]
#[get("/counted")]
async fn by_count() -> &'static str {
    "counted"
}

#[tokio::test(flavor = "current_thread")]
async fn a_source_is_called_once_for_each_request() {
    let inner = web::scope("/s").service(by_count).wrap(Cors::outermost());
    let app = App::new().service(inner).wrap(Cors::new(&DEFAULT));
    let app = actix(init_service(app).await);
    preflight("GET", "/s/counted")
        .from(STRANGER)
        .to(&app)
        .await
        .is_allowed_preflight(STRANGER);
    assert_eq!(CALLS.swap(0, Ordering::Relaxed), 1);
    request("GET", "/s/counted")
        .from(STRANGER)
        .to(&app)
        .await
        .has_body("counted")
        .allows(STRANGER);
    assert_eq!(CALLS.swap(0, Ordering::Relaxed), 1);
    // The source is not called for a request without an origin, or with `null`.
    request("GET", "/s/counted")
        .to(&app)
        .await
        .has_body("counted");
    request("GET", "/s/counted")
        .from("null")
        .to(&app)
        .await
        .has_body("counted")
        .is_denied();
    let bare = actix(init_service(App::new().service(by_count)).await);
    preflight("PUT", "/counted")
        .from(STRANGER)
        .to(&bare)
        .await
        .is(404)
        .is_without_policy();
    assert_eq!(CALLS.load(Ordering::Relaxed), 0);
}

/// Replaces the response of the handler.
async fn replace(
    request: ServiceRequest,
    next: Next<body::BoxBody>,
) -> Result<dev::ServiceResponse, Error> {
    let response = next.call(request).await?;
    Ok(response.into_response(HttpResponse::GatewayTimeout().finish()))
}

#[tokio::test(flavor = "current_thread")]
async fn a_replaced_response_has_the_headers_of_the_handler() {
    let app = App::new()
        .service(by_directory)
        .wrap(from_fn(replace))
        .wrap(Cors::outermost());
    let app = actix(init_service(app).await);
    let reply = request("GET", "/asked").from(APP).to(&app).await;
    reply.is(504).allows(APP).vary(&["origin"]);
    let denied = Name::from_static("cors-denied");
    request("GET", "/asked")
        .from(APP)
        .to(&app)
        .await
        .lacks(&denied);
}
