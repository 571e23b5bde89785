//! Which handler and which policy a method gets.

use actix_web::http::Method;
use actix_web::test::init_service;
use actix_web::{App, HttpResponse, web};
use axum::http::header::ALLOW;
use cors_runtime::actix_web::{cors, resource};

use super::{create, list, nothing};
use crate::app::actix;
use crate::common::{ADMIN, APP, STRANGER, got, panic_of, preflight, request};

async fn plain() -> &'static str {
    "plain"
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
        // GET does not serve HEAD.
        preflight("HEAD", path)
            .from(APP)
            .to(&app)
            .await
            .is_refusal();
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
        request("PUT", path)
            .from(APP)
            .to(&app)
            .await
            .says("plain")
            .is_untouched();
        let reply = request("POST", path)
            .from(ADMIN)
            .json("\"tea\"")
            .to(&app)
            .await;
        reply.is(200).says("tea").allows(ADMIN);
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_405_has_the_first_policy_that_allows_the_origin() {
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
        .is_unreadable();
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
        .says("gone")
        .allows(APP);
    preflight("PUT", "/items/7")
        .from(APP)
        .to(&app)
        .await
        .is_refusal();
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
    request("OPTIONS", "/alone")
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
    request("OPTIONS", "/items")
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
    request("PUT", "/items")
        .from(APP)
        .to(&app)
        .await
        .is(405)
        .is_untouched();
}
