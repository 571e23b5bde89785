//! Tests that guards, middlewares, names and patterns of the user are preserved.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::{Next, from_fn};
use actix_web::test::init_service;
use actix_web::{App, Error, HttpRequest, get, web};
use axum::http::HeaderName as Name;
use cors_runtime::actix_web::cors;

use super::list;
use crate::app::actix;
use crate::common::{APP, preflight, request};

const X_WRAPPED: Name = Name::from_static("x-wrapped");

#[tokio::test(flavor = "current_thread")]
async fn guards_and_middlewares_are_preserved() {
    let app = actix(init_service(App::new().service(list)).await);
    let reply = request("GET", "/items").from(APP).to(&app).await;
    assert_eq!(reply.lines(&X_WRAPPED), ["1", "1"]);
    let reply = preflight("GET", "/items").from(APP).to(&app).await;
    reply.is_allowed_preflight(APP).lacks(&X_WRAPPED);
    for name in ["x-block", "x-block-too"] {
        let name = Name::from_static(name);
        let blocked = request("GET", "/items").from(APP).header(name.clone(), "1");
        blocked.to(&app).await.is(404).is_without_policy();
        let blocked = preflight("GET", "/items").from(APP).header(name, "1");
        blocked.to(&app).await.is(404).is_without_policy();
    }
}

async fn add_name_and_pattern(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let name_and_pattern = format!("{:?} {:?}", request.match_name(), request.match_pattern());
    let mut response = next.call(request).await?;
    let name_and_pattern = HeaderValue::try_from(name_and_pattern).expect("text");
    response
        .headers_mut()
        .insert(HeaderName::from_static("x-wrapped"), name_and_pattern);
    Ok(response)
}

#[tokio::test(flavor = "current_thread")]
async fn names_and_patterns_are_preserved() {
    #[cors(origins = "*")]
    #[get("/about/{what}")]
    async fn about(request: HttpRequest) -> String {
        let url = request.url_for_static("all-items");
        let url = url.map(|url| url.path().to_owned());
        format!(
            "{:?} {:?} {url:?}",
            request.match_name(),
            request.match_pattern()
        )
    }
    let scope = || web::scope("/v1").service(list).service(about);
    let app = actix(init_service(App::new().service(scope())).await);
    let reply = request("GET", "/v1/about/x").to(&app).await;
    reply.has_body(r#"Some("about") Some("/v1/about/{what}") Ok("/v1/items")"#);

    // A middleware looks up the name and the pattern by path, before the request is routed.
    let app = App::new()
        .service(scope())
        .wrap(from_fn(add_name_and_pattern));
    let app = actix(init_service(app).await);
    let reply = request("GET", "/v1/about/x").to(&app).await;
    reply.has(&X_WRAPPED, r#"Some("about") Some("/v1/about/{what}")"#);
    let reply = request("GET", "/v1/items").to(&app).await;
    let lines = reply.lines(&X_WRAPPED);
    assert_eq!(
        lines.last(),
        Some(&r#"Some("all-items") Some("/v1/items")"#)
    );
}
