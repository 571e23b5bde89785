//! Tests which handler and which policy apply to a method.

use actix_web::http::Method;
use actix_web::test::init_service;
use actix_web::{App, HttpResponse, web};
use axum::http::header::ALLOW;
use cors_runtime::actix_web::{cors, resource};

use super::{create, list, nothing};
use crate::app::actix;
use crate::common::{ADMIN, APP, STRANGER, get_allowed, panic_of, preflight, request};

async fn plain() -> &'static str {
    "plain"
}

#[tokio::test(flavor = "current_thread")]
async fn each_method_has_its_own_policy() {
    let items = || resource("/items/{id}").get(list).post(create).put(plain);
    let app = App::new()
        .service(items())
        .service(web::scope("/a/v1").service(items()));
    let app = actix(init_service(app).await);
    for path in ["/items/7", "/a/v1/items/7"] {
        get_allowed(&app, path)
            .await
            .is(200)
            .has_body("list 7")
            .exposes(&["x-total"]);
        let sent = preflight("POST", path)
            .from(ADMIN)
            .with_headers("content-type");
        let reply = sent.to(&app).await;
        reply
            .is_allowed_preflight(ADMIN)
            .methods(&["POST"])
            .max_age("60");
        preflight("GET", path)
            .from(APP)
            .to(&app)
            .await
            .methods(&["GET"]);
        // GET does not serve HEAD.
        preflight("HEAD", path)
            .from(APP)
            .to(&app)
            .await
            .is_refused_preflight();
        preflight("DELETE", path)
            .from(APP)
            .to(&app)
            .await
            .is_refused_preflight();
        preflight("POST", path)
            .from(APP)
            .to(&app)
            .await
            .is_refused_preflight();
        // actix-web answers for a handler without a policy.
        preflight("PUT", path)
            .from(APP)
            .to(&app)
            .await
            .is(405)
            .has_no_cors();
        request("PUT", path)
            .from(APP)
            .to(&app)
            .await
            .has_body("plain")
            .is_without_policy();
        let reply = request("POST", path)
            .from(ADMIN)
            .json("\"tea\"")
            .to(&app)
            .await;
        reply.is(200).has_body("tea").allows(ADMIN);
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_405_has_the_headers_of_the_first_policy_that_allows_the_origin() {
    let app = App::new().service(resource("/items/{id}").get(list).post(create));
    let app = actix(init_service(app).await);
    let reply = request("DELETE", "/items/7").from(ADMIN).to(&app).await;
    reply
        .is(405)
        .allows(ADMIN)
        .vary(&["origin"])
        .lists(&ALLOW, &["GET", "POST"]);
    request("DELETE", "/items/7")
        .from(APP)
        .to(&app)
        .await
        .is(405)
        .allows(APP);
    request("DELETE", "/items/7")
        .from(STRANGER)
        .to(&app)
        .await
        .is(405)
        .is_denied();
    request("OPTIONS", "/items/7")
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
    request("PUT", "/items/7")
        .from(APP)
        .to(&app)
        .await
        .is(410)
        .has_body("gone")
        .allows(APP);
    preflight("PUT", "/items/7")
        .from(APP)
        .to(&app)
        .await
        .is_refused_preflight();
}

#[cors(origins = ["https://app.example"], methods = "*", headers = ["x-one"], max_age = "1h")]
async fn every_method() -> &'static str {
    "every"
}

#[tokio::test(flavor = "current_thread")]
async fn to_serves_the_methods_of_no_earlier_handler() {
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
        .is_allowed_preflight(APP)
        .methods(&["*"]);
    let reply = preflight("DELETE", "/after").from(APP).to(&app).await;
    reply
        .is_allowed_preflight(APP)
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
        .is_allowed_preflight(APP)
        .methods(&["GET", "HEAD", "POST"]);
    preflight("PUT", "/default")
        .from(APP)
        .to(&app)
        .await
        .is_refused_preflight();
    request("OPTIONS", "/alone")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .has_body("every")
        .allows(APP);
}

#[tokio::test(flavor = "current_thread")]
async fn headers_are_not_cached_beside_another_post() {
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
async fn custom_methods_are_supported() {
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
        .is_allowed_preflight(APP)
        .methods(&["REPORT"]);
    preflight("OPTIONS", "/items")
        .from(APP)
        .to(&app)
        .await
        .has_body("plain")
        .is_without_policy();
    request("OPTIONS", "/items")
        .from(APP)
        .to(&app)
        .await
        .has_body("plain")
        .is_without_policy();
}

#[cors(origins = ["https://app.example"], methods = [PUT])]
async fn only_put() -> &'static str {
    "only put"
}

#[test]
fn a_method_that_the_policy_does_not_list_panics() {
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

#[tokio::test(flavor = "current_thread")]
async fn a_resource_without_policies_behaves_as_in_actix_web() {
    let app = App::new().service(resource("/items").get(plain).options(plain));
    let app = actix(init_service(app).await);
    preflight("GET", "/items")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .has_body("plain")
        .is_without_policy();
    request("PUT", "/items")
        .from(APP)
        .to(&app)
        .await
        .is(405)
        .is_without_policy();
}
