//! Annotated functions in `cors_runtime::actix_web::resource`.

mod actix_common;
mod common;

use std::cell::Cell;
use std::future::IntoFuture;
use std::rc::Rc;

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::{ErrorConflict, ErrorImATeapot};
use actix_web::http::Method;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::{Next, from_fn};
use actix_web::test::init_service;
use actix_web::{App, Error, FromRequest, HttpRequest, HttpResponse, Responder, guard, web};
use axum::http::HeaderName as Name;
use axum::http::header::ALLOW;
use cors_runtime::actix_web::{cors, resource};
use cors_runtime::{Policy, policy};

use actix_common::actix;
use common::{ADMIN, APP, STRANGER, ask, got, panic_of, preflight};

const X_WRAPPED: Name = Name::from_static("x-wrapped");

#[cors(origins = ["https://app.example"], expose = ["x-total"])]
async fn list(id: web::Path<u32>) -> impl Responder {
    format!("list {id}")
}

#[cors(origins = ["https://admin.example"], headers = ["content-type"], max_age = 60)]
async fn create(_: web::Path<u32>, name: web::Json<String>) -> Result<String, Error> {
    if *name == "taken" {
        return Err(ErrorConflict("taken"));
    }
    let name = Some(name.into_inner()).filter(|name| !name.is_empty());
    name.ok_or_else(|| ErrorImATeapot("empty"))
}

async fn plain() -> &'static str {
    "plain"
}

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
async fn each_method_has_its_policy() {
    let items = || resource("/items/{id}").get(list).post(create).put(plain);
    let app = App::new()
        .service(items())
        .service(web::scope("/a/v1").service(items()));
    let app = actix(init_service(app).await);
    for path in ["/items/7", "/a/v1/items/7"] {
        got(&app, path)
            .await
            .is(200)
            .says("list 7")
            .exposes(&["x-total"]);
        let asked = preflight("POST", path)
            .from(ADMIN)
            .with_headers("content-type");
        let reply = asked.to(&app).await;
        reply
            .is_permission_for(ADMIN)
            .methods(&["POST"])
            .max_age("60");
        preflight("GET", path)
            .from(APP)
            .to(&app)
            .await
            .methods(&["GET"]);
        preflight("HEAD", path)
            .from(APP)
            .to(&app)
            .await
            .is_permission_for(APP);
        preflight("DELETE", path)
            .from(APP)
            .to(&app)
            .await
            .is_refusal();
        preflight("POST", path)
            .from(APP)
            .to(&app)
            .await
            .is_refusal();
        // A handler without a policy: actix-web's own answer.
        preflight("PUT", path)
            .from(APP)
            .to(&app)
            .await
            .is(405)
            .has_no_cors();
        ask("PUT", path)
            .from(APP)
            .to(&app)
            .await
            .says("plain")
            .is_untouched();
        let reply = ask("POST", path).from(ADMIN).json("\"tea\"").to(&app).await;
        reply.is(200).says("tea").allows(ADMIN);
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_405_has_the_first_policy_that_allows_the_origin() {
    let app = App::new().service(resource("/items/{id}").get(list).post(create));
    let app = actix(init_service(app).await);
    let reply = ask("DELETE", "/items/7").from(ADMIN).to(&app).await;
    reply
        .is(405)
        .allows(ADMIN)
        .vary(&["origin"])
        .lists(&ALLOW, &["GET", "POST"]);
    ask("DELETE", "/items/7")
        .from(APP)
        .to(&app)
        .await
        .is(405)
        .allows(APP);
    ask("DELETE", "/items/7")
        .from(STRANGER)
        .to(&app)
        .await
        .is(405)
        .is_unreadable();
    ask("OPTIONS", "/items/7")
        .from(APP)
        .to(&app)
        .await
        .is(405)
        .allows(APP);

    let own = || HttpResponse::Gone().body("gone");
    let app = resource("/items/{id}")
        .get(list)
        .default_service(web::to(move || async move { own() }));
    let app = actix(init_service(App::new().service(app)).await);
    ask("PUT", "/items/7")
        .from(APP)
        .to(&app)
        .await
        .is(410)
        .says("gone")
        .allows(APP);
    preflight("PUT", "/items/7")
        .from(APP)
        .to(&app)
        .await
        .is_refusal();
}

#[tokio::test(flavor = "current_thread")]
async fn errors_carry_the_headers_once() {
    let app = resource("/items/{id}")
        .get(list)
        .post(create)
        .wrap(from_fn(mark));
    let app = actix(init_service(App::new().service(app)).await);
    let reply = ask("POST", "/items/7").from(ADMIN).json("7").to(&app).await;
    reply.is(400).allows(ADMIN).vary(&["origin"]);
    ask("POST", "/items/x")
        .from(ADMIN)
        .json("\"\"")
        .to(&app)
        .await
        .is(404)
        .allows(ADMIN);
    ask("POST", "/items/7")
        .from(ADMIN)
        .json("\"\"")
        .to(&app)
        .await
        .is(418)
        .allows(ADMIN);
    ask("POST", "/items/7")
        .from(ADMIN)
        .json("\"taken\"")
        .to(&app)
        .await
        .is(409)
        .allows(ADMIN);
    let sent = ask("GET", "/items/7")
        .from(APP)
        .header(Name::from_static("x-fail"), "1");
    sent.to(&app)
        .await
        .is(418)
        .says("inside")
        .allows(APP)
        .vary(&["origin"]);
}

#[tokio::test(flavor = "current_thread")]
async fn wraps_guards_names_and_data_stay() {
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
    let version = |asked: common::Ask| asked.header(Name::from_static("x-version"), "2");
    let reply = version(ask("PUT", "/items")).to(&app).await;
    reply.says("7 Some(\"the-items\")");
    assert_eq!(reply.lines(&X_WRAPPED), ["1", "1"]);
    let reply = version(preflight("GET", "/items").from(APP)).to(&app).await;
    reply.is_permission_for(APP).lacks(&X_WRAPPED);
    // Told apart by the guard, also for a preflight.
    preflight("GET", "/items")
        .from(ADMIN)
        .to(&app)
        .await
        .is_permission_for(ADMIN);
    preflight("GET", "/items")
        .from(APP)
        .to(&app)
        .await
        .is_refusal();
    ask("GET", "/items")
        .from(ADMIN)
        .to(&app)
        .await
        .is(200)
        .allows(ADMIN);
}

#[cors(origins = ["https://app.example"])]
async fn nothing() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(origins = ["https://admin.example"])]
async fn for_admins() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(origins = ["https://app.example"], methods = "*", headers = ["x-one"], max_age = "1h")]
async fn every_method() -> &'static str {
    "every"
}

#[tokio::test(flavor = "current_thread")]
async fn to_serves_what_no_handler_before_it_does() {
    let app = App::new()
        .service(resource("/alone").to(every_method))
        .service(resource("/after").get(nothing).to(every_method))
        .service(resource("/before").to(every_method).get(nothing))
        .service(resource("/default").to(nothing));
    let app = actix(init_service(app).await);
    preflight("DELETE", "/alone")
        .from(APP)
        .to(&app)
        .await
        .is_permission_for(APP)
        .methods(&["*"]);
    let reply = preflight("DELETE", "/after").from(APP).to(&app).await;
    reply
        .is_permission_for(APP)
        .methods(&["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
    preflight("GET", "/after")
        .from(APP)
        .to(&app)
        .await
        .methods(&["GET"]);
    let reply = preflight("GET", "/before").from(APP).to(&app).await;
    assert_eq!(
        reply
            .tokens(&axum::http::header::ACCESS_CONTROL_ALLOW_METHODS)
            .len(),
        7
    );
    let reply = preflight("GET", "/default").from(APP).to(&app).await;
    reply
        .is_permission_for(APP)
        .methods(&["GET", "HEAD", "POST"]);
    preflight("PUT", "/default")
        .from(APP)
        .to(&app)
        .await
        .is_refusal();
    ask("OPTIONS", "/alone")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .says("every")
        .allows(APP);
}

#[tokio::test(flavor = "current_thread")]
async fn headers_are_not_cached_beside_a_post_of_somebody_else() {
    let app = App::new()
        .service(resource("/plain").put(with_headers).post(plain))
        .service(resource("/other").put(with_headers).post(create))
        .service(resource("/same").put(with_headers).post(with_headers))
        .service(resource("/any").put(with_headers).to(plain))
        .service(resource("/alone").put(with_headers).get(plain));
    let app = actix(init_service(app).await);
    for (path, seconds) in [
        ("/plain", "0"),
        ("/other", "0"),
        ("/any", "0"),
        ("/same", "3600"),
        ("/alone", "3600"),
    ] {
        preflight("PUT", path)
            .from(APP)
            .to(&app)
            .await
            .max_age(seconds);
    }
}

#[cors(origins = ["https://app.example"], headers = ["x-one"], max_age = "1h")]
async fn with_headers() -> &'static str {
    "with headers"
}

#[tokio::test(flavor = "current_thread")]
async fn methods_of_any_name() {
    let report = Method::from_bytes(b"REPORT").expect("a method");
    let app = resource("items")
        .method(&report, nothing)
        .trace(plain)
        .options(plain);
    let app = actix(init_service(App::new().service(app)).await);
    preflight("REPORT", "/items")
        .from(APP)
        .to(&app)
        .await
        .is_permission_for(APP)
        .methods(&["REPORT"]);
    preflight("OPTIONS", "/items")
        .from(APP)
        .to(&app)
        .await
        .says("plain")
        .is_untouched();
    ask("OPTIONS", "/items")
        .from(APP)
        .to(&app)
        .await
        .says("plain")
        .is_untouched();
}

#[cors(origins = ["https://app.example"], methods = [PUT])]
async fn only_put() -> &'static str {
    "only put"
}

#[test]
fn a_method_that_the_policy_does_not_list_is_a_panic_at_the_line() {
    let panic = panic_of(|| resource("/items").delete(only_put));
    assert!(panic.message.contains("only_put` ("), "{}", panic.message);
    assert!(
        panic.message.contains("is mounted for DELETE"),
        "{}",
        panic.message
    );
    assert_eq!(panic.file, file!());
    let fine = resource("/items").get(only_put).to(only_put).put(only_put);
    drop(fine);
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

/// A future that is not `Send`, arguments of any pattern.
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
    ask("GET", "/7")
        .from(APP)
        .to(&app)
        .await
        .says("held held 7")
        .allows(APP);
    assert_eq!(state.get(), "dropped");
}

static SHARED: Policy = policy! { origins = ["https://app.example"], headers = ["content-type"] };

#[cors(policy = SHARED)]
async fn shared(_: web::Json<u8>) -> &'static str {
    "shared"
}

#[tokio::test(flavor = "current_thread")]
async fn it_is_a_function_still() {
    assert_eq!(shared(web::Json(7)).await, "shared");
    assert_eq!(
        tokio::task::LocalSet::new()
            .run_until(shared(web::Json(7)).into_future())
            .await,
        "shared"
    );
    let app = App::new().service(resource("/shared").post(shared).put(shared));
    let app = actix(init_service(app).await);
    let asked = preflight("PUT", "/shared")
        .from(APP)
        .with_headers("content-type");
    asked
        .to(&app)
        .await
        .is_permission_for(APP)
        .methods(&["PUT"]);
    ask("POST", "/shared")
        .from(APP)
        .json("7")
        .to(&app)
        .await
        .says("shared")
        .allows(APP);
}

#[tokio::test(flavor = "current_thread")]
async fn a_resource_without_policies_is_actix_webs_own() {
    let app = App::new().service(resource("/items").get(plain).options(plain));
    let app = actix(init_service(app).await);
    preflight("GET", "/items")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .says("plain")
        .is_untouched();
    ask("PUT", "/items")
        .from(APP)
        .to(&app)
        .await
        .is(405)
        .is_untouched();
}
