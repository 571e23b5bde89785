//! Tests the methods of a path, and their policies.

use actix_web::test::init_service;
use actix_web::{App, get, options, post, web};
use cors_runtime::actix_web::cors;

use super::{both, create, list, several};
use crate::app::actix;
use crate::common::{ADMIN, APP, STRANGER, get_allowed, preflight, request};

#[tokio::test(flavor = "current_thread")]
async fn two_handlers_of_a_path_have_separate_policies() {
    let app = actix(init_service(App::new().service(list).service(create)).await);
    let reply = preflight("GET", "/items").from(APP).to(&app).await;
    reply
        .is_allowed_preflight(APP)
        .methods(&["GET"])
        .credentials();
    let reply = preflight("POST", "/items")
        .from(ADMIN)
        .with_headers("content-type");
    let reply = reply.to(&app).await;
    reply
        .is_allowed_preflight(ADMIN)
        .methods(&["POST"])
        .max_age("600");
    reply.allowed_headers(&["content-type"]);
    // GET does not serve HEAD.
    let reply = preflight("HEAD", "/items").from(APP).to(&app).await;
    reply.is(404).is_without_policy();
    for (method, origin) in [("GET", ADMIN), ("POST", APP), ("GET", STRANGER)] {
        let sent = preflight(method, "/items").from(origin);
        sent.to(&app).await.is_refused_preflight();
    }
    let reply = request("GET", "/items").from(APP).to(&app).await;
    reply
        .is(200)
        .has_body("list")
        .allows(APP)
        .exposes(&["x-total"]);
    reply.vary(&["origin"]).credentials();
    let reply = request("POST", "/items")
        .from(ADMIN)
        .json("\"tea\"")
        .to(&app)
        .await;
    reply
        .is(200)
        .has_body("tea")
        .allows(ADMIN)
        .vary(&["origin"]);
    let reply = request("GET", "/items").from(ADMIN).to(&app).await;
    reply.is(200).has_body("list").is_denied();
    request("GET", "/items").to(&app).await.is(200).is_denied();
}

#[tokio::test(flavor = "current_thread")]
async fn a_method_that_is_not_served_is_a_404() {
    let app = actix(init_service(App::new().service(list).service(create)).await);
    for method in ["PUT", "DELETE", "get", "OPTIONS", "*", ""] {
        preflight(method, "/items")
            .from(APP)
            .to(&app)
            .await
            .is(404)
            .is_without_policy();
    }
    let two = preflight("GET", "/items").from(APP);
    let two = two.header(axum::http::header::ACCESS_CONTROL_REQUEST_METHOD, "GET");
    two.to(&app).await.is(404).is_without_policy();
    // actix-web responds with a 404 if no resource serves the method.
    request("PUT", "/items")
        .from(APP)
        .to(&app)
        .await
        .is(404)
        .is_without_policy();
    request("OPTIONS", "/items")
        .from(APP)
        .to(&app)
        .await
        .is(404)
        .is_without_policy();
    preflight("GET", "/none")
        .from(APP)
        .to(&app)
        .await
        .is(404)
        .is_without_policy();
}

#[tokio::test(flavor = "current_thread")]
async fn a_route_of_several_methods_allows_the_methods_that_it_serves() {
    let app = actix(init_service(App::new().service(several)).await);
    // DELETE is in the policy, but the handler does not serve it.
    let reply = preflight("PATCH", "/item/7").from(APP).to(&app).await;
    reply.is_allowed_preflight(APP).methods(&["PUT", "PATCH"]);
    preflight("GET", "/item/7")
        .from(APP)
        .to(&app)
        .await
        .is_allowed_preflight(APP);
    preflight("DELETE", "/item/7")
        .from(APP)
        .to(&app)
        .await
        .is(404)
        .is_without_policy();
    preflight("PUT", "/item/x")
        .from(APP)
        .to(&app)
        .await
        .is(404)
        .is_without_policy();
}

#[tokio::test(flavor = "current_thread")]
async fn each_path_of_routes_is_separate() {
    let app = actix(init_service(App::new().service(both)).await);
    let reply = get_allowed(&app, "/one").await;
    reply.has_body("both");
    preflight("GET", "/one")
        .from(APP)
        .to(&app)
        .await
        .methods(&["GET"]);
    let reply = preflight("PUT", "/two").from(APP).to(&app).await;
    reply.is_allowed_preflight(APP).methods(&["PUT"]);
    preflight("PUT", "/one")
        .from(APP)
        .to(&app)
        .await
        .is(404)
        .is_without_policy();
    preflight("GET", "/two")
        .from(APP)
        .to(&app)
        .await
        .is(404)
        .is_without_policy();
    request("PUT", "/two")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .allows(APP);
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
async fn parameter_names_do_not_distinguish_paths() {
    let app = actix(init_service(App::new().service(item).service(change)).await);
    preflight("GET", "/item/7")
        .from(APP)
        .to(&app)
        .await
        .is_allowed_preflight(APP);
    preflight("POST", "/item/7")
        .from(ADMIN)
        .to(&app)
        .await
        .is_allowed_preflight(ADMIN);
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
async fn an_options_handler_serves_requests_that_are_not_preflights() {
    let in_front = App::new().service(own_options).service(list);
    let behind = App::new().service(list).service(own_options);
    for app in [in_front, behind] {
        let app = actix(init_service(app).await);
        let reply = request("OPTIONS", "/items").from(APP).to(&app).await;
        reply.is(200).has_body("own").allows(APP);
        preflight("GET", "/items")
            .from(APP)
            .to(&app)
            .await
            .is_allowed_preflight(APP);
        preflight("OPTIONS", "/items")
            .from(APP)
            .to(&app)
            .await
            .is_allowed_preflight(APP);
        preflight("PUT", "/items")
            .from(APP)
            .to(&app)
            .await
            .is(404)
            .is_without_policy();
    }
}
