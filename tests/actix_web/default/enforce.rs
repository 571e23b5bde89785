//! Tests `enforce`, in the policy of a handler and in a default policy.

use actix_web::middleware::from_fn;
use actix_web::test::init_service;
use actix_web::{App, post, web};
use axum::http::header::{AUTHORIZATION, HOST, ORIGIN};
use cors_runtime::actix_web::{Cors, cors, resource};
use cors_runtime::{Policy, policy};

use super::{RUNS, SITE, any, deny, fenced, strict};
use crate::app::actix;
use crate::common::{APP, STRANGER, request};

static FENCE: Policy = policy! { origins = ["https://app.example"], enforce };

#[cors(origins = ["https://app.example", "https://shop.example"], enforce)]
#[post("/fence")]
async fn fence(_: web::Bytes) -> &'static str {
    RUNS.set(RUNS.get() + 1);
    "inside"
}

#[tokio::test(flavor = "current_thread")]
async fn enforce_refuses_before_inner_middlewares_run() {
    let bare = || {
        App::new()
            .service(fence)
            .service(resource("/r").post(fenced).wrap(from_fn(deny)))
    };
    let outermost = bare().wrap(from_fn(deny)).wrap(Cors::outermost());
    let bare = actix(init_service(bare()).await);
    let outermost = actix(init_service(outermost).await);
    for path in ["/fence", "/r"] {
        for origin in [STRANGER, "null", "", "https://app.example.evil.example"] {
            for app in [
                request("POST", path).from(origin).to(&bare).await,
                request("POST", path).from(origin).to(&outermost).await,
            ] {
                app.is(403)
                    .has_no_cors()
                    .vary(&["origin", "sec-fetch-site"]);
            }
        }
        let two = request("POST", path).from(APP).header(ORIGIN, STRANGER);
        two.to(&outermost).await.is(403);
    }
    assert_eq!(RUNS.get(), 0);
    request("POST", "/fence")
        .from(APP)
        .to(&bare)
        .await
        .has_body("inside")
        .allows(APP);
    request("POST", "/fence")
        .to(&bare)
        .await
        .has_body("inside")
        .is_denied();
    let sent = request("POST", "/r").from(APP).header(AUTHORIZATION, "x");
    sent.to(&outermost).await.has_body("inside").allows(APP);
}

#[tokio::test(flavor = "current_thread")]
async fn enforce_allows_same_origin_requests() {
    let app = actix(init_service(App::new().service(fence)).await);
    let own = request("POST", "/fence")
        .from("https://own.example")
        .header(SITE, "same-origin");
    own.to(&app).await.has_body("inside").is_denied();
    let cross = request("POST", "/fence")
        .from("https://own.example")
        .header(SITE, "cross-site");
    cross.header(HOST, "own.example").to(&app).await.is(403);
    let old = request("POST", "/fence")
        .from("http://own.example:8080")
        .header(HOST, "own.example:8080");
    old.to(&app).await.has_body("inside").is_denied();
    let other = request("POST", "/fence")
        .from("http://own.example:8080")
        .header(HOST, "own.example");
    other.to(&app).await.is(403);
}

#[tokio::test(flavor = "current_thread")]
async fn a_default_can_enforce() {
    let app = App::new()
        .route("/any", web::to(any))
        .service(strict)
        .wrap(Cors::new(&FENCE));
    let app = actix(init_service(app).await);
    request("POST", "/any")
        .from(STRANGER)
        .to(&app)
        .await
        .is(403)
        .has_no_cors();
    request("POST", "/none")
        .from(STRANGER)
        .to(&app)
        .await
        .is(403)
        .has_no_cors();
    assert_eq!(RUNS.get(), 0);
    request("POST", "/any")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .allows(APP);
    // The policy of the handler does not have `enforce`.
    request("GET", "/strict")
        .from(STRANGER)
        .to(&app)
        .await
        .is(200)
        .is_denied();
}

static LOCAL: Policy = policy! {
    origins = ["https://app.example"],
    enforce,
    hosts = ["localhost:*"],
};

#[cors(policy = LOCAL)]
#[post("/local")]
async fn local() -> &'static str {
    RUNS.set(RUNS.get() + 1);
    "local"
}

#[tokio::test(flavor = "current_thread")]
async fn hosts_are_checked_before_inner_middlewares_run() {
    let app = App::new()
        .service(local)
        .wrap(from_fn(deny))
        .wrap(Cors::outermost());
    let app = actix(init_service(app).await);
    let at = |host| request("POST", "/local").header(HOST, host);
    for sent in [at("rebound.example"), at("rebound.example").from(APP)] {
        let sent = sent.header(AUTHORIZATION, "x");
        sent.to(&app).await.is(403).has_no_cors();
    }
    assert_eq!(RUNS.get(), 0);
    // The page can read the response of the inner middleware.
    at("localhost").from(APP).to(&app).await.is(401).allows(APP);
    let allowed = at("localhost").from(APP).header(AUTHORIZATION, "x");
    allowed.to(&app).await.has_body("local").allows(APP);

    let app = App::new()
        .route("/any", web::post().to(any))
        .wrap(from_fn(deny))
        .wrap(Cors::new(&LOCAL));
    let app = actix(init_service(app).await);
    let at = |host| request("POST", "/any").header(HOST, host);
    at("rebound.example")
        .header(AUTHORIZATION, "x")
        .to(&app)
        .await
        .is(403)
        .has_no_cors();
    at("localhost").from(APP).to(&app).await.is(401).allows(APP);
}
