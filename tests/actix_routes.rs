//! `#[cors]` above the route macros of actix-web.

mod actix_common;
mod common;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::{ErrorConflict, ErrorImATeapot};
use actix_web::guard::GuardContext;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::{Next, from_fn};
use actix_web::test::init_service;
use actix_web::{
    App, Error, HttpRequest, Responder, delete, get, options, post, put, route, routes, web,
};
use axum::http::HeaderName as Name;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, AUTHORIZATION, CONTENT_TYPE};
use cors_runtime::actix_web::cors;

use actix_common::actix;
use common::{ADMIN, APP, STRANGER, ask, got, preflight};

const X_WRAPPED: Name = Name::from_static("x-wrapped");
const X_FAIL: Name = Name::from_static("x-fail");

fn not_blocked(context: &GuardContext<'_>) -> bool {
    !context.head().headers().contains_key("x-block")
}

fn not_blocked_either(context: &GuardContext<'_>) -> bool {
    !context.head().headers().contains_key("x-block-too")
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
    headers.append(
        HeaderName::from_static("x-wrapped"),
        HeaderValue::from_static("1"),
    );
    Ok(response)
}

/// Lists the items.
#[cors(origins = ["https://app.example"], expose = ["x-total"], credentials)]
#[get(
    "/items",
    name = "all-items",
    guard = "not_blocked",
    guard = "not_blocked_either",
    wrap = "from_fn(mark)",
    wrap = "from_fn(mark)"
)]
async fn list() -> &'static str {
    "list"
}

#[cors(origins = ["https://admin.example"], headers = ["content-type"], max_age = "10m")]
#[post("/items")]
async fn create(name: web::Json<String>) -> Result<String, Error> {
    if *name == "taken" {
        return Err(ErrorConflict("taken"));
    }
    Ok(name.into_inner())
}

#[cors(origins = ["https://app.example"], methods = [PUT, PATCH, DELETE])]
#[route("/item/{id:[0-9]+}", method = "PUT", method = "PATCH", method = "GET")]
async fn several(id: web::Path<u8>) -> String {
    id.to_string()
}

#[cors(origins = ["https://app.example"])]
#[routes]
#[get("/one")]
#[put("two")]
async fn both() -> impl Responder {
    "both"
}

#[tokio::test(flavor = "current_thread")]
async fn two_handlers_of_a_path_keep_two_policies() {
    let app = actix(init_service(App::new().service(list).service(create)).await);
    let reply = preflight("GET", "/items").from(APP).to(&app).await;
    reply.is_permission_for(APP).methods(&["GET"]).credentials();
    let reply = preflight("HEAD", "/items").from(APP).to(&app).await;
    reply.is_permission_for(APP).methods(&["GET"]);
    let reply = preflight("POST", "/items")
        .from(ADMIN)
        .with_headers("content-type");
    let reply = reply.to(&app).await;
    reply
        .is_permission_for(ADMIN)
        .methods(&["POST"])
        .max_age("600");
    reply.allowed_headers(&["content-type"]);
    for (method, origin) in [("GET", ADMIN), ("POST", APP), ("GET", STRANGER)] {
        let asked = preflight(method, "/items").from(origin);
        asked.to(&app).await.is_refusal();
    }
    let reply = ask("GET", "/items").from(APP).to(&app).await;
    reply.is(200).says("list").allows(APP).exposes(&["x-total"]);
    reply.vary(&["origin"]).credentials();
    let reply = ask("POST", "/items")
        .from(ADMIN)
        .json("\"tea\"")
        .to(&app)
        .await;
    reply.is(200).says("tea").allows(ADMIN).vary(&["origin"]);
    let reply = ask("GET", "/items").from(ADMIN).to(&app).await;
    reply.is(200).says("list").is_unreadable();
    ask("GET", "/items").to(&app).await.is(200).is_unreadable();
}

#[tokio::test(flavor = "current_thread")]
async fn a_method_that_nobody_serves_is_refused() {
    let app = actix(init_service(App::new().service(list).service(create)).await);
    for method in ["PUT", "DELETE", "get", "OPTIONS", "*", ""] {
        preflight(method, "/items")
            .from(APP)
            .to(&app)
            .await
            .is_refusal();
    }
    let two = preflight("GET", "/items").from(APP);
    let two = two.header(axum::http::header::ACCESS_CONTROL_REQUEST_METHOD, "GET");
    two.to(&app).await.is_refusal();
    // What actix-web answers where no resource takes the method.
    ask("PUT", "/items")
        .from(APP)
        .to(&app)
        .await
        .is(404)
        .is_untouched();
    ask("OPTIONS", "/items")
        .from(APP)
        .to(&app)
        .await
        .is(404)
        .is_untouched();
    preflight("GET", "/none")
        .from(APP)
        .to(&app)
        .await
        .is(404)
        .is_untouched();
}

#[tokio::test(flavor = "current_thread")]
async fn guards_and_wraps_of_the_user_stay() {
    let app = actix(init_service(App::new().service(list)).await);
    let reply = ask("GET", "/items").from(APP).to(&app).await;
    assert_eq!(reply.lines(&X_WRAPPED), ["1", "1"]);
    let reply = preflight("GET", "/items").from(APP).to(&app).await;
    reply.is_permission_for(APP).lacks(&X_WRAPPED);
    for name in ["x-block", "x-block-too"] {
        let name = Name::from_static(name);
        let blocked = ask("GET", "/items").from(APP).header(name.clone(), "1");
        blocked.to(&app).await.is(404).is_untouched();
        let blocked = preflight("GET", "/items").from(APP).header(name, "1");
        blocked.to(&app).await.is_refusal();
    }
}

#[tokio::test(flavor = "current_thread")]
async fn errors_carry_the_headers_once() {
    let app = actix(init_service(App::new().service(list).service(create).service(several)).await);
    let reply = ask("POST", "/items").from(ADMIN).json("7").to(&app).await;
    reply.is(400).allows(ADMIN).vary(&["origin"]);
    let reply = ask("POST", "/items")
        .from(ADMIN)
        .json("\"taken\"")
        .to(&app)
        .await;
    reply.is(409).says("taken").allows(ADMIN).vary(&["origin"]);
    let reply = ask("PUT", "/item/999").from(APP).to(&app).await;
    reply.is(404).allows(APP).vary(&["origin"]);
    let reply = ask("GET", "/items")
        .from(APP)
        .header(X_FAIL, "1")
        .to(&app)
        .await;
    reply.is(418).says("inside").allows(APP).vary(&["origin"]);
    let reply = ask("GET", "/items")
        .from(STRANGER)
        .header(X_FAIL, "1")
        .to(&app)
        .await;
    reply.is(418).is_unreadable();
}

#[tokio::test(flavor = "current_thread")]
async fn a_route_of_several_methods_advertises_what_it_serves() {
    let app = actix(init_service(App::new().service(several)).await);
    // DELETE is in the policy, and not served here.
    let reply = preflight("PATCH", "/item/7").from(APP).to(&app).await;
    reply.is_permission_for(APP).methods(&["PUT", "PATCH"]);
    preflight("GET", "/item/7")
        .from(APP)
        .to(&app)
        .await
        .is_permission_for(APP);
    preflight("DELETE", "/item/7")
        .from(APP)
        .to(&app)
        .await
        .is_refusal();
    preflight("PUT", "/item/x")
        .from(APP)
        .to(&app)
        .await
        .is(404)
        .is_untouched();
}

#[tokio::test(flavor = "current_thread")]
async fn routes_keep_their_paths_apart() {
    let app = actix(init_service(App::new().service(both)).await);
    let reply = got(&app, "/one").await;
    reply.says("both");
    preflight("GET", "/one")
        .from(APP)
        .to(&app)
        .await
        .methods(&["GET"]);
    let reply = preflight("PUT", "/two").from(APP).to(&app).await;
    reply.is_permission_for(APP).methods(&["PUT"]);
    preflight("PUT", "/one")
        .from(APP)
        .to(&app)
        .await
        .is_refusal();
    preflight("GET", "/two")
        .from(APP)
        .to(&app)
        .await
        .is_refusal();
    ask("PUT", "/two")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .allows(APP);
}

async fn tell(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let told = format!("{:?} {:?}", request.match_name(), request.match_pattern());
    let mut response = next.call(request).await?;
    let told = HeaderValue::try_from(told).expect("text");
    response
        .headers_mut()
        .insert(HeaderName::from_static("x-wrapped"), told);
    Ok(response)
}

#[tokio::test(flavor = "current_thread")]
async fn the_names_and_patterns_of_the_user_stay() {
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
    let reply = ask("GET", "/v1/about/x").to(&app).await;
    reply.says(r#"Some("about") Some("/v1/about/{what}") Ok("/v1/items")"#);

    // Before it is routed, it is asked for by path.
    let app = App::new().service(scope()).wrap(from_fn(tell));
    let app = actix(init_service(app).await);
    let reply = ask("GET", "/v1/about/x").to(&app).await;
    reply.has(&X_WRAPPED, r#"Some("about") Some("/v1/about/{what}")"#);
    let reply = ask("GET", "/v1/items").to(&app).await;
    let lines = reply.lines(&X_WRAPPED);
    assert_eq!(
        lines.last(),
        Some(&r#"Some("all-items") Some("/v1/items")"#)
    );
}

#[tokio::test(flavor = "current_thread")]
async fn in_scopes_of_any_kind() {
    let inner = || web::scope("/inner").service(list).service(both);
    let app = App::new()
        .service(web::scope("/outer").service(inner()))
        .service(
            web::scope("/{tenant}/dynamic")
                .service(list)
                .service(create),
        )
        .service(web::scope("/again").service(create))
        .service(web::scope("").service(list));
    let app = actix(init_service(app).await);
    for path in ["/outer/inner/items", "/x/dynamic/items", "/items"] {
        got(&app, path).await.says("list");
    }
    got(&app, "/outer/inner/one").await;
    preflight("POST", "/x/dynamic/items")
        .from(ADMIN)
        .to(&app)
        .await
        .is_permission_for(ADMIN);
    preflight("POST", "/again/items")
        .from(ADMIN)
        .to(&app)
        .await
        .is_permission_for(ADMIN);
    // Its own scope's handlers alone count.
    preflight("POST", "/items")
        .from(ADMIN)
        .to(&app)
        .await
        .is_refusal();
    preflight("GET", "/again/items")
        .from(APP)
        .to(&app)
        .await
        .is_refusal();
    preflight("POST", "/outer/inner/items")
        .from(ADMIN)
        .to(&app)
        .await
        .is_refusal();
}

#[cors(origins = ["https://admin.example"])]
#[get("/items")]
async fn list_for_admin() -> &'static str {
    "list for admin"
}

#[cors(origins = ["https://admin.example"])]
#[put("/items")]
async fn replace_for_admin() -> &'static str {
    "replaced"
}

#[tokio::test(flavor = "current_thread")]
async fn scopes_told_apart_by_guards_keep_their_policies() {
    let of_admin = actix_web::guard::Header("x-host", "admin");
    let app = App::new()
        .service(
            web::scope("/a")
                .guard(of_admin)
                .service(list_for_admin)
                .service(replace_for_admin),
        )
        .service(web::scope("/a").service(list).service(create));
    let app = actix(init_service(app).await);
    let admin = |method| preflight(method, "/a/items").header(Name::from_static("x-host"), "admin");
    admin("GET")
        .from(ADMIN)
        .to(&app)
        .await
        .is_permission_for(ADMIN);
    admin("PUT")
        .from(ADMIN)
        .to(&app)
        .await
        .is_permission_for(ADMIN)
        .methods(&["PUT"]);
    admin("GET").from(APP).to(&app).await.is_refusal();
    let plain = |method| preflight(method, "/a/items");
    plain("GET").from(APP).to(&app).await.is_permission_for(APP);
    plain("GET").from(ADMIN).to(&app).await.is_refusal();
    plain("POST")
        .from(ADMIN)
        .to(&app)
        .await
        .is_permission_for(ADMIN);
    plain("PUT").from(ADMIN).to(&app).await.is_refusal();
    // Only the other scope serves it: nobody answers.
    admin("POST").from(ADMIN).to(&app).await.has_no_cors();
}

#[tokio::test(flavor = "current_thread")]
async fn two_apps_on_one_thread_do_not_mix() {
    let one = actix(init_service(App::new().service(list)).await);
    let other = actix(init_service(App::new().service(list_for_admin).service(create)).await);
    preflight("GET", "/items")
        .from(APP)
        .to(&one)
        .await
        .is_permission_for(APP);
    preflight("GET", "/items")
        .from(APP)
        .to(&other)
        .await
        .is_refusal();
    preflight("POST", "/items")
        .from(ADMIN)
        .to(&one)
        .await
        .is_refusal();
    preflight("POST", "/items")
        .from(ADMIN)
        .to(&other)
        .await
        .is_permission_for(ADMIN);
    drop(one);
    let third = actix(init_service(App::new().service(create)).await);
    preflight("POST", "/items")
        .from(ADMIN)
        .to(&third)
        .await
        .is_permission_for(ADMIN);
    preflight("GET", "/items")
        .from(ADMIN)
        .to(&third)
        .await
        .is_refusal();
}

#[cors(origins = ["https://app.example"], headers = ["x-one"], max_age = "1h")]
#[get("/item/{id}")]
async fn item(id: web::Path<String>) -> String {
    id.into_inner()
}

#[cors(origins = ["https://admin.example"], headers = ["content-type"])]
#[post("/item/{other_name}")]
async fn change(name: web::Path<String>, _: web::Json<u8>) -> String {
    name.into_inner()
}

#[tokio::test(flavor = "current_thread")]
async fn parameters_of_other_names_are_the_same_path() {
    let app = actix(init_service(App::new().service(item).service(change)).await);
    preflight("GET", "/item/7")
        .from(APP)
        .to(&app)
        .await
        .is_permission_for(APP);
    preflight("POST", "/item/7")
        .from(ADMIN)
        .to(&app)
        .await
        .is_permission_for(ADMIN);
}

#[tokio::test(flavor = "current_thread")]
async fn headers_are_not_cached_beside_a_post_of_another_policy() {
    let app = App::new()
        .service(web::scope("/both").service(item).service(change))
        .service(web::scope("/turned").service(change).service(item))
        .service(web::scope("/alone").service(item));
    let app = actix(init_service(app).await);
    for path in ["/both/item/7", "/turned/item/7"] {
        preflight("GET", path).from(APP).to(&app).await.max_age("0");
    }
    preflight("GET", "/alone/item/7")
        .from(APP)
        .to(&app)
        .await
        .max_age("3600");
}

#[cors(origins = ["https://app.example"], methods = [OPTIONS])]
#[options("/items")]
async fn own_options() -> &'static str {
    "own"
}

#[tokio::test(flavor = "current_thread")]
async fn a_handler_for_options_serves_what_is_no_preflight() {
    let in_front = App::new().service(own_options).service(list);
    let behind = App::new().service(list).service(own_options);
    for app in [in_front, behind] {
        let app = actix(init_service(app).await);
        let reply = ask("OPTIONS", "/items").from(APP).to(&app).await;
        reply.is(200).says("own").allows(APP);
        preflight("GET", "/items")
            .from(APP)
            .to(&app)
            .await
            .is_permission_for(APP);
        preflight("OPTIONS", "/items")
            .from(APP)
            .to(&app)
            .await
            .is_permission_for(APP);
        preflight("PUT", "/items")
            .from(APP)
            .to(&app)
            .await
            .is_refusal();
    }
}

mod inside {
    use super::{cors, get};

    #[cors(origins = "*")]
    #[get("/inside")]
    pub(super) async fn visible() -> &'static str {
        "visible"
    }
}

#[tokio::test(flavor = "current_thread")]
async fn any_origin_is_said_on_every_response() {
    let app = actix(
        init_service(App::new().configure(|it| {
            it.service(inside::visible);
        }))
        .await,
    );
    let reply = ask("GET", "/inside").to(&app).await;
    reply.is(200).allows("*").lacks(&axum::http::header::VARY);
    preflight("GET", "/inside")
        .from("null")
        .to(&app)
        .await
        .is_permission_for("*");
}

#[cors(origins = ["https://app.example"], headers = ["authorization"])]
#[delete("")]
async fn remove() -> Result<String, Error> {
    let mut answer = "removed".to_owned();
    answer.push('!');
    Ok(answer)
}

#[tokio::test(flavor = "current_thread")]
async fn at_the_path_of_its_scope() {
    let app = actix(init_service(App::new().service(web::scope("/items").service(remove))).await);
    let asked = preflight("DELETE", "/items")
        .from(APP)
        .with_headers("authorization");
    asked
        .to(&app)
        .await
        .is_permission_for(APP)
        .allowed_headers(&["authorization"]);
    let sent = ask("DELETE", "/items").from(APP).header(AUTHORIZATION, "x");
    let sent = sent.header(CONTENT_TYPE, "text/plain");
    let reply = sent.to(&app).await;
    reply
        .is(200)
        .says("removed!")
        .has(&ACCESS_CONTROL_ALLOW_ORIGIN, APP);
}
