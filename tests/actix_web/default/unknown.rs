//! Tests a default policy where it is not known which handler serves a request.

use actix_web::dev::Service as _;
use actix_web::middleware::from_fn;
use actix_web::test::init_service;
use actix_web::{App, delete, get, post, put, web};
use axum::http::header::HOST;
use cors_runtime::actix_web::{Cors, cors, resource};
use cors_runtime::testing::{Browser, Fetch};
use cors_runtime::{Policy, policy};

use super::{DEFAULT, RUNS, any, deny};
use crate::app::actix;
use crate::common::{ADMIN, APP, STRANGER, preflight, request};

static FENCE: Policy = policy! {
    origins = ["https://app.example"],
    enforce,
    hosts = ["own.example", "localhost:*"],
};

#[cors(origins = ["https://admin.example"])]
#[post("/{page}")]
async fn page() -> &'static str {
    "page"
}

#[cors(origins = ["https://admin.example"])]
#[get("/{tail:.*}")]
async fn tail() -> &'static str {
    "tail"
}

#[tokio::test(flavor = "current_thread")]
async fn an_enforcing_default_refuses_what_no_handler_allows() {
    let app = App::new()
        .route("/plain", web::post().to(any))
        .service(page)
        .service(tail)
        .wrap(Cors::new(&FENCE));
    let app = actix(init_service(app).await);
    for (method, path) in [("POST", "/plain"), ("GET", "//plain"), ("GET", "/plain/")] {
        let sent = request(method, path)
            .from(STRANGER)
            .header(HOST, "own.example");
        sent.to(&app).await.is(403).has_no_cors();
        let rebound = request(method, path).header(HOST, "evil.example");
        rebound.to(&app).await.is(403).has_no_cors();
    }
    assert_eq!(RUNS.get(), 0);
    for origin in [APP, ADMIN] {
        let sent = request("POST", "/plain")
            .from(origin)
            .header(HOST, "own.example");
        sent.to(&app).await.is(200);
    }
    let own = request("POST", "/plain").header(HOST, "own.example");
    own.to(&app).await.is(200);
}

#[cors(origins = ["https://app.example"], enforce, hosts = ["own.example"])]
async fn fenced() -> &'static str {
    "fenced"
}

#[cors(origins = ["https://admin.example"], enforce)]
async fn admins() -> &'static str {
    "admins"
}

#[tokio::test(flavor = "current_thread")]
async fn a_method_without_a_handler_is_refused_if_all_policies_enforce() {
    let one = resource("/one").get(fenced).default_service(web::to(any));
    let two = resource("/two")
        .get(fenced)
        .put(admins)
        .default_service(web::to(any));
    let app = actix(init_service(App::new().service(one).service(two)).await);
    for path in ["/one", "/two"] {
        let sent = request("POST", path)
            .from(STRANGER)
            .header(HOST, "own.example");
        sent.to(&app).await.is(403).has_no_cors();
    }
    let rebound = request("POST", "/one").header(HOST, "evil.example");
    rebound.to(&app).await.is(403);
    assert_eq!(RUNS.get(), 0);
    let sent = request("POST", "/two")
        .from(ADMIN)
        .header(HOST, "own.example");
    sent.to(&app).await.is(200).allows(ADMIN);
    let sent = request("POST", "/one")
        .from(APP)
        .header(HOST, "own.example");
    sent.to(&app).await.is(200).allows(APP);
}

#[cors(origins = ["https://admin.example"])]
#[put("/real")]
async fn real() -> &'static str {
    RUNS.set(RUNS.get() + 1);
    "real"
}

#[tokio::test(flavor = "current_thread")]
async fn a_rewritten_path_does_not_lead_past_the_policy_of_the_handler() {
    let app = App::new()
        .service(real)
        .wrap_fn(|mut request, next| {
            if request.path() == "/alias" {
                request.head_mut().uri = "/real".parse().unwrap();
                request
                    .match_info_mut()
                    .get_mut()
                    .update(&"/real".parse().unwrap());
            }
            next.call(request)
        })
        .wrap(Cors::new(&DEFAULT));
    let app = actix(init_service(app).await);
    // The default policy answers the preflight of the path before it is rewritten.
    let sent = preflight("PUT", "/alias").from(APP).to(&app).await;
    sent.is_allowed_preflight(APP);
    request("PUT", "/alias")
        .from(APP)
        .to(&app)
        .await
        .is(403)
        .has_no_cors();
    assert_eq!(RUNS.get(), 0);
    let sent = request("PUT", "/alias").from(ADMIN).to(&app).await;
    sent.is(200).allows(ADMIN);
}

#[cors(origins = ["https://admin.example"])]
#[delete("/items")]
async fn clear() -> &'static str {
    "clear"
}

#[tokio::test(flavor = "current_thread")]
async fn a_kept_preflight_does_not_lead_to_another_handler() {
    static KEPT: Policy = policy! {
        origins = ["https://app.example"],
        methods = [PUT, DELETE],
        headers = ["content-type"],
        max_age = "10m",
    };
    let app = App::new()
        .service(clear)
        .route("/items", web::put().to(any))
        .route("/other", web::put().to(any))
        .wrap(Cors::new(&KEPT));
    let mut app = init_service(app).await;
    let mut browser = Browser::at(APP);
    let fetch = |method, path| Fetch::new(method, format!("https://api.example{path}"));
    let put = browser
        .fetch(&mut app, fetch("PUT", "/items"))
        .await
        .unwrap();
    assert_eq!(put.status(), 200);
    let delete = browser.fetch(&mut app, fetch("DELETE", "/items")).await;
    assert!(delete.unwrap_err().is_preflight());

    let app = actix(app);
    let shared = preflight("PUT", "/items").from(APP).to(&app).await;
    shared
        .is_allowed_preflight(APP)
        .methods(&["PUT"])
        .max_age("0");
    let alone = preflight("PUT", "/other").from(APP).to(&app).await;
    alone
        .is_allowed_preflight(APP)
        .methods(&["PUT", "DELETE"])
        .max_age("600");
}

#[cors(origins = ["https://admin.example"])]
#[get("/users")]
async fn users() -> &'static str {
    "users"
}

#[cors(origins = ["https://admin.example"])]
#[delete("/users/{id}")]
async fn remove() -> &'static str {
    "remove"
}

#[tokio::test(flavor = "current_thread")]
async fn a_plain_handler_in_a_scope_of_the_same_prefix_has_the_default_policy() {
    let protected = web::scope("")
        .wrap(from_fn(deny))
        .service(remove)
        .route("/users", web::post().to(any));
    let app = App::new().service(users).service(protected);
    let app = actix(init_service(app.wrap(Cors::new(&DEFAULT))).await);
    let sent = preflight("POST", "/users").from(APP).with_headers("x-one");
    sent.to(&app).await.is_allowed_preflight(APP);
    let sent = request("POST", "/users").from(APP).to(&app).await;
    sent.is(401).allows(APP);
}
