//! Tests middleware inside of a `Cors` that changes requests, keeps them, or sends them elsewhere.

use actix_web::dev::{Service as _, ServiceRequest};
use actix_web::http::StatusCode;
use actix_web::http::header::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN};
use actix_web::http::header::{HeaderValue, ORIGIN};
use actix_web::middleware::{Next, from_fn};
use actix_web::test::init_service;
use actix_web::{App, HttpRequest, HttpResponse, get, put, web};
use axum::http::header::ACCESS_CONTROL_ALLOW_ORIGIN as ALLOW_ORIGIN;
use cors_runtime::actix_web::{Cors, cors, resource};
use cors_runtime::{Policy, policy};

use crate::app::actix;
use crate::common::{ADMIN, APP, STRANGER, preflight, request};

static DEFAULT: Policy = policy! { origins = ["https://app.example"] };

#[cors(origins = ["https://app.example"])]
#[get("/own")]
async fn own() -> &'static str {
    "own"
}

async fn plain() -> &'static str {
    "plain"
}

#[tokio::test(flavor = "current_thread")]
async fn another_origin_does_not_get_the_headers_of_the_origin_that_was_checked() {
    let app = App::new()
        .service(own)
        .wrap_fn(|mut request, next| {
            let headers = request.headers_mut();
            headers.insert(ORIGIN, HeaderValue::from_static("https://app.example"));
            next.call(request)
        })
        .wrap(Cors::outermost());
    let app = actix(init_service(app).await);
    let reply = request("GET", "/own").from(STRANGER).to(&app).await;
    assert_ne!(reply.is(200).headers.get(ALLOW_ORIGIN).unwrap(), STRANGER);
}

#[tokio::test(flavor = "current_thread")]
async fn a_request_that_is_sent_to_a_plain_handler_has_no_headers() {
    #[cors(origins = ["https://app.example"])]
    #[get("/old")]
    async fn old() -> HttpResponse {
        HttpResponse::NotFound().finish()
    }

    async fn again(
        request: ServiceRequest,
        next: Next<actix_web::body::BoxBody>,
    ) -> actix_web::Result<actix_web::dev::ServiceResponse> {
        let response = next.call(request).await?;
        if response.status() != StatusCode::NOT_FOUND {
            return Ok(response);
        }
        let (request, response) = response.into_parts();
        drop(response);
        let mut request = ServiceRequest::from_request(request);
        request.head_mut().uri = "/plain".parse().unwrap();
        Ok(request.into_response(plain().await).map_into_boxed_body())
    }

    let app = App::new()
        .service(old)
        .wrap(from_fn(again))
        .wrap(Cors::outermost());
    let app = actix(init_service(app).await);
    let reply = request("GET", "/old").from(APP).to(&app).await;
    reply.has_body("plain").has_no_cors();
}

#[tokio::test(flavor = "current_thread")]
async fn a_middleware_can_keep_the_request() {
    async fn keep(
        _kept: HttpRequest,
        request: ServiceRequest,
        next: Next<impl actix_web::body::MessageBody>,
    ) -> actix_web::Result<actix_web::dev::ServiceResponse<impl actix_web::body::MessageBody>> {
        next.call(request).await
    }

    #[cors(origins = ["https://app.example"])]
    #[get("/other")]
    async fn other() -> &'static str {
        "other"
    }

    let with_default = web::resource("/plain").route(web::get().to(plain));
    let with_default = with_default.wrap(Cors::new(&DEFAULT)).wrap(from_fn(keep));
    let outermost = web::resource("/own").route(web::get().to(plain));
    let outermost = outermost.wrap(Cors::outermost()).wrap(from_fn(keep));
    let app = App::new().service(with_default).service(outermost);
    let app = actix(init_service(app.service(other)).await);
    request("GET", "/own")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .has_no_cors();
    for path in ["/plain"] {
        request("GET", path)
            .from(APP)
            .to(&app)
            .await
            .is(200)
            .allows(APP);
        request("GET", path).to(&app).await.is(200);
        preflight("GET", path)
            .from(APP)
            .to(&app)
            .await
            .is_allowed_preflight(APP);
    }
}

#[tokio::test(flavor = "current_thread")]
async fn headers_that_a_middleware_adds_are_replaced() {
    let app = App::new()
        .service(own)
        .wrap_fn(|request, next| {
            let response = next.call(request);
            async move {
                let mut response = response.await?;
                let headers = response.headers_mut();
                headers.append(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
                let value = HeaderValue::from_static("true");
                headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, value);
                Ok(response)
            }
        })
        .wrap(Cors::outermost());
    let app = actix(init_service(app).await);
    let reply = request("GET", "/own").from(APP).to(&app).await;
    reply.is(200).allows(APP);
    assert_eq!(reply.headers.get_all(ALLOW_ORIGIN).iter().count(), 1);
    assert!(
        !reply
            .headers
            .contains_key("access-control-allow-credentials")
    );
}

#[tokio::test(flavor = "current_thread")]
async fn the_default_service_of_a_scope_does_not_get_a_later_policy() {
    #[cors(origins = ["https://app.example"])]
    #[get("/a/{x}")]
    async fn first() -> &'static str {
        "first"
    }

    #[cors(origins = ["https://admin.example"])]
    #[put("/{x}/b")]
    async fn late() -> &'static str {
        "late"
    }

    let scope = web::scope("/a")
        .service(own)
        .default_service(web::to(plain));
    let app = App::new().service(first).service(scope).service(late);
    let app = actix(init_service(app.wrap(Cors::outermost())).await);
    let reply = preflight("PUT", "/a/b").from(ADMIN).to(&app).await;
    reply.has_body("plain").has_no_cors();
    let reply = request("PUT", "/a/b").from(ADMIN).to(&app).await;
    reply.has_body("plain").has_no_cors();
    let reply = preflight("PUT", "/c/b").from(ADMIN).to(&app).await;
    reply.is_allowed_preflight(ADMIN);
}

#[tokio::test(flavor = "current_thread")]
async fn an_error_of_a_default_service_has_no_headers() {
    let gone = web::to(|| async { HttpResponse::Gone().body("gone") });
    let scope = web::scope("/s")
        .guard(actix_web::guard::Header("x-scope", "1"))
        .service(own);
    let app = App::new().service(scope).default_service(gone);
    let app = actix(init_service(app.wrap(Cors::outermost())).await);
    let reply = request("GET", "/s/own").from(APP).to(&app).await;
    reply.is(410).has_no_cors();
}

async fn redact(
    mut request: ServiceRequest,
    next: Next<impl actix_web::body::MessageBody + 'static>,
) -> actix_web::Result<actix_web::dev::ServiceResponse<impl actix_web::body::MessageBody>> {
    request.head_mut().uri = request.path().parse().unwrap();
    next.call(request).await
}

#[tokio::test(flavor = "current_thread")]
async fn a_handler_keeps_its_headers_if_middleware_inside_changes_the_query() {
    #[cors(origins = ["https://admin.example"])]
    #[get("/macro", wrap = "from_fn(redact)")]
    async fn secret() -> &'static str {
        "secret"
    }

    #[cors(origins = ["https://admin.example"])]
    async fn function() -> &'static str {
        "secret"
    }

    let resource = resource("/resource").get(function).wrap(from_fn(redact));
    let app = App::new()
        .service(secret)
        .service(resource)
        .wrap(Cors::new(&DEFAULT));
    let app = actix(init_service(app).await);
    for path in ["/macro?token=1", "/resource?token=1"] {
        let reply = request("GET", path).from(APP).to(&app).await;
        reply.is(200).has_no_cors();
        let reply = request("GET", path).from(ADMIN).to(&app).await;
        reply.is(200).allows(ADMIN);
    }
}
