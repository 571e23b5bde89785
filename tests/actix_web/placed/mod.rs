//! Tests the places of handlers and `Cors`: `configure`, `Condition`, custom methods, HTTP/2.

use actix_web::middleware::{Condition, from_fn};
use actix_web::test::init_service;
use actix_web::web::ServiceConfig;
use actix_web::{App, HttpRequest, get, route, web};
use cors_runtime::actix_web::{Cors, Policies, cors, resource};

use crate::app::actix;
use crate::common::{ADMIN, APP, STRANGER, get_allowed, preflight, request};

#[cors(origins = ["https://app.example"])]
#[get("/items")]
async fn list() -> &'static str {
    "list"
}

/// A copy of a route macro of actix-web 4.18, so that this crate does not depend on that version.
#[cors(origins = ["https://app.example"], methods = [QUERY])]
#[route("/search", method = "QUERY")]
async fn search() -> &'static str {
    "found"
}

#[cors(origins = ["https://admin.example"])]
async fn resource_handler() -> &'static str {
    "of resource"
}

fn configure(config: &mut ServiceConfig) {
    config
        .service(list)
        .service(search)
        .service(
            resource("/resource")
                .get(resource_handler)
                .query(resource_handler),
        )
        .route("/plain", web::get().to(|| async { "plain" }));
}

async fn deny(
    request: actix_web::dev::ServiceRequest,
    next: actix_web::middleware::Next<impl actix_web::body::MessageBody>,
) -> Result<actix_web::dev::ServiceResponse<impl actix_web::body::MessageBody>, actix_web::Error> {
    if request.headers().contains_key("authorization") {
        return next.call(request).await;
    }
    Err(actix_web::error::ErrorUnauthorized("deny"))
}

#[tokio::test(flavor = "current_thread")]
async fn handlers_of_configure_keep_their_policies() {
    let scope = || web::scope("/s").configure(configure);
    let app = App::new().configure(configure).service(scope());
    let app = app.wrap(from_fn(deny)).wrap(Cors::outermost());
    let app = actix(init_service(app).await);
    for prefix in ["", "/s"] {
        let path = |path: &str| format!("{prefix}{path}");
        preflight("GET", &path("/items"))
            .from(APP)
            .to(&app)
            .await
            .is_allowed_preflight(APP);
        let sent = preflight("GET", &path("/resource")).from(ADMIN);
        sent.to(&app).await.is_allowed_preflight(ADMIN);
        preflight("GET", &path("/plain"))
            .from(APP)
            .to(&app)
            .await
            .is(401)
            .has_no_cors();
        request("GET", &path("/items"))
            .from(APP)
            .to(&app)
            .await
            .is(401)
            .allows(APP);
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_condition_can_disable_cors() {
    let app = |is_on| {
        let cors = Condition::new(is_on, Cors::outermost());
        App::new()
            .configure(configure)
            .wrap(from_fn(deny))
            .wrap(cors)
    };
    let on = actix(init_service(app(true)).await);
    let off = actix(init_service(app(false)).await);
    preflight("GET", "/items")
        .from(APP)
        .to(&on)
        .await
        .is_allowed_preflight(APP);
    preflight("GET", "/items")
        .from(APP)
        .to(&off)
        .await
        .is(401)
        .has_no_cors();
    request("GET", "/items")
        .from(APP)
        .to(&on)
        .await
        .is(401)
        .allows(APP);
    request("GET", "/items")
        .from(APP)
        .to(&off)
        .await
        .is(401)
        .has_no_cors();
}

#[tokio::test(flavor = "current_thread")]
async fn query_is_a_supported_method() {
    let app = actix(init_service(App::new().configure(configure)).await);
    let reply = preflight("QUERY", "/search").from(APP).to(&app).await;
    reply.is_allowed_preflight(APP).methods(&["QUERY"]);
    preflight("QUERY", "/search")
        .from(STRANGER)
        .to(&app)
        .await
        .is_refused_preflight();
    request("QUERY", "/search")
        .from(APP)
        .to(&app)
        .await
        .has_body("found")
        .allows(APP);
    let reply = preflight("QUERY", "/resource").from(ADMIN).to(&app).await;
    reply.is_allowed_preflight(ADMIN).methods(&["QUERY"]);
    request("QUERY", "/resource")
        .from(ADMIN)
        .to(&app)
        .await
        .has_body("of resource")
        .allows(ADMIN);
    preflight("GET", "/search")
        .from(APP)
        .to(&app)
        .await
        .is(404)
        .is_without_policy();
}

#[tokio::test(flavor = "current_thread")]
async fn names_and_patterns_are_the_same_as_in_actix_web() {
    #[cors(origins = ["https://app.example"])]
    async fn shown(request: HttpRequest) -> String {
        let name = request.match_name().map(str::to_owned);
        format!("{name:?} {:?}", request.match_pattern())
    }
    let app = App::new().service(
        web::scope("/s")
            .service(resource("/named/{id}").name("named").get(shown))
            .service(resource("/unnamed/{id}").get(shown)),
    );
    let app = actix(init_service(app).await);
    let reply = get_allowed(&app, "/s/named/7").await;
    reply.has_body(r#"Some("named") Some("/s/named/{id}")"#);
    // The name of a resource without a given name is its pattern.
    let reply = get_allowed(&app, "/s/unnamed/7").await;
    reply.has_body(r#"Some("/unnamed/{id}") Some("/s/unnamed/{id}")"#);
}

#[tokio::test(flavor = "current_thread")]
async fn annotated_handlers_are_listed() {
    #[cors(disabled)]
    #[get("/policies")]
    async fn shown(request: HttpRequest) -> String {
        Policies::of(&request).to_string()
    }
    let scope = web::scope("/s").configure(configure);
    let app = App::new().service(scope).service(shown);
    let app = actix(init_service(app).await);
    let reply = request("GET", "/policies").to(&app).await;
    let table = String::from_utf8(reply.body.to_vec()).expect("text");
    let expected = [
        "METHOD PATH ORIGINS",
        "GET /s/items https://app.example",
        "QUERY /s/search https://app.example",
        "GET /s/resource https://admin.example",
        "QUERY /s/resource https://admin.example",
        "GET /policies disabled",
        "(annotated handlers only)",
    ];
    let lines = table.lines().map(|line| {
        let cells: Vec<_> = line.split_whitespace().take(3).collect();
        cells.join(" ")
    });
    assert_eq!(lines.collect::<Vec<_>>(), expected, "{table}");
    assert!(table.contains("::list "), "{table}");
}
