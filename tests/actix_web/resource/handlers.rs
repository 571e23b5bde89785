//! Tests handlers with errors, middlewares, guards, app data and arguments.

use std::cell::Cell;
use std::future::IntoFuture;
use std::rc::Rc;

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::ErrorImATeapot;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::{Next, from_fn};
use actix_web::test::init_service;
use actix_web::{App, Error, FromRequest, HttpRequest, HttpResponse, guard, web};
use axum::http::HeaderName as Name;
use cors_runtime::actix_web::{cors, resource};
use cors_runtime::{Policy, policy};

use super::{create, list, nothing};
use crate::app::actix;
use crate::common::{ADMIN, APP, preflight, request};

const X_WRAPPED: Name = Name::from_static("x-wrapped");

async fn mark(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if request.headers().contains_key("x-fail") {
        return Err(ErrorImATeapot("inside"));
    }
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    let (name, value) = (
        HeaderName::from_static("x-wrapped"),
        HeaderValue::from_static("1"),
    );
    headers.append(name, value);
    Ok(response)
}

#[tokio::test(flavor = "current_thread")]
async fn errors_have_the_headers_once() {
    let app = resource("/items/{id}")
        .get(list)
        .post(create)
        .wrap(from_fn(mark));
    let app = actix(init_service(App::new().service(app)).await);
    let reply = request("POST", "/items/7")
        .from(ADMIN)
        .json("7")
        .to(&app)
        .await;
    reply.is(400).allows(ADMIN).vary(&["origin"]);
    request("POST", "/items/x")
        .from(ADMIN)
        .json("\"\"")
        .to(&app)
        .await
        .is(404)
        .allows(ADMIN);
    request("POST", "/items/7")
        .from(ADMIN)
        .json("\"\"")
        .to(&app)
        .await
        .is(418)
        .allows(ADMIN);
    request("POST", "/items/7")
        .from(ADMIN)
        .json("\"taken\"")
        .to(&app)
        .await
        .is(409)
        .allows(ADMIN);
    let sent = request("GET", "/items/7")
        .from(APP)
        .header(Name::from_static("x-fail"), "1");
    sent.to(&app)
        .await
        .is(418)
        .has_body("inside")
        .allows(APP)
        .vary(&["origin"]);
}

#[tokio::test(flavor = "current_thread")]
async fn middlewares_guards_names_and_data_are_preserved() {
    async fn data(number: web::Data<u8>, request: HttpRequest) -> String {
        format!("{} {:?}", **number, request.match_name())
    }
    let site = resource("/items")
        .name("the-items")
        .app_data(web::Data::new(7_u8))
        .guard(guard::Header("x-version", "2"))
        .put(data)
        .get(nothing)
        .wrap(from_fn(mark))
        .wrap(from_fn(mark));
    let other = resource("/items").get(for_admins);
    let app = actix(init_service(App::new().service(site).service(other)).await);
    let version =
        |sent: crate::common::TestRequest| sent.header(Name::from_static("x-version"), "2");
    let reply = version(request("PUT", "/items")).to(&app).await;
    reply.has_body("7 Some(\"the-items\")");
    assert_eq!(reply.lines(&X_WRAPPED), ["1", "1"]);
    let reply = version(preflight("GET", "/items").from(APP)).to(&app).await;
    reply.is_allowed_preflight(APP).lacks(&X_WRAPPED);
    // The guard also decides about a preflight.
    preflight("GET", "/items")
        .from(ADMIN)
        .to(&app)
        .await
        .is_allowed_preflight(ADMIN);
    preflight("GET", "/items")
        .from(APP)
        .to(&app)
        .await
        .is_refused_preflight();
    request("GET", "/items")
        .from(ADMIN)
        .to(&app)
        .await
        .is(200)
        .allows(ADMIN);
}

#[cors(origins = ["https://admin.example"])]
async fn for_admins() -> HttpResponse {
    HttpResponse::Ok().finish()
}

struct Permit(Rc<Cell<&'static str>>);

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.set("dropped");
    }
}

impl FromRequest for Permit {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = request.app_data::<Rc<Cell<&'static str>>>();
        std::future::ready(Ok(Self(Rc::clone(state.expect("a state")))))
    }
}

/// A handler whose future is not `Send`, with arguments in several patterns.
#[cors(origins = ["https://app.example"])]
async fn local(_: Permit, request: HttpRequest, id: web::Path<u8>) -> String {
    let state = request
        .app_data::<Rc<Cell<&'static str>>>()
        .expect("a state");
    let held = Rc::new(state.get());
    tokio::task::yield_now().await;
    format!("{held} {} {id}", state.get())
}

#[tokio::test(flavor = "current_thread")]
async fn arguments_live_until_the_body_ends() {
    let state = Rc::new(Cell::new("held"));
    let app = App::new()
        .app_data(Rc::clone(&state))
        .service(resource("/{id}").get(local));
    let app = actix(init_service(app).await);
    request("GET", "/7")
        .from(APP)
        .to(&app)
        .await
        .has_body("held held 7")
        .allows(APP);
    assert_eq!(state.get(), "dropped");
}

static SHARED: Policy = policy! { origins = ["https://app.example"], headers = ["content-type"] };

#[cors(policy = SHARED)]
async fn shared(_: web::Json<u8>) -> &'static str {
    "shared"
}

#[tokio::test(flavor = "current_thread")]
async fn an_annotated_function_can_be_called() {
    assert_eq!(shared(web::Json(7)).await, "shared");
    assert_eq!(
        tokio::task::LocalSet::new()
            .run_until(shared(web::Json(7)).into_future())
            .await,
        "shared"
    );
    let app = App::new().service(resource("/shared").post(shared).put(shared));
    let app = actix(init_service(app).await);
    let sent = preflight("PUT", "/shared")
        .from(APP)
        .with_headers("content-type");
    sent.to(&app)
        .await
        .is_allowed_preflight(APP)
        .methods(&["PUT"]);
    request("POST", "/shared")
        .from(APP)
        .json("7")
        .to(&app)
        .await
        .has_body("shared")
        .allows(APP);
}
