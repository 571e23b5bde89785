//! Projects with actix-web.

use std::sync::LazyLock;

use actix_web::body::EitherBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::{Condition, Next, from_fn};
use actix_web::{App, Error, HttpResponse, get, test, web};
use cors_runtime::actix_web::{Cors, cors};
use cors_runtime::{OriginList, Policy, Rule, policy};
use http::header::{ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_MAX_AGE};

use super::{STRANGER, STRANGER_WITH_COOKIES, page, page_with_cookies};
use crate::actix::actix;
use crate::common::{preflight, request};

async fn handler() -> &'static str {
    "handler"
}

/// An app with a plain handler for four methods, and a policy for all of it.
macro_rules! app {
    ($($wrap:expr),+) => {{
        let items = web::resource("/items")
            .get(handler)
            .post(handler)
            .put(handler)
            .delete(handler);
        let app = App::new().service(items)$(.wrap($wrap))+;
        actix(test::init_service(app).await)
    }};
}

/// 6. hyperswitch: either `*`, or origins with cookies; every header, every exposed header.
#[actix_web::test]
async fn every_header_with_cookies() {
    static POLICY: LazyLock<Policy> = LazyLock::new(|| {
        let policy = serde_json::from_str(
            r#"{
                "origins": ["https://app.example.com"],
                "methods": ["GET", "POST", "PUT", "DELETE"],
                "headers": ["*", "authorization"],
                "expose": ["x-request-id"],
                "max_age": 30,
                "credentials": true
            }"#,
        );
        policy.expect("a valid policy")
    });
    // With cookies, `*` is the name of a header: the page would read none.
    let exposed =
        r#"{ "origins": ["https://app.example.com"], "expose": "*", "credentials": true }"#;
    let refused = serde_json::from_str::<Policy>(exposed).expect_err("a mistake");
    assert!(refused.to_string().contains("expose"), "{refused}");

    let app = app!(Cors::new(&POLICY));
    let checkout = page_with_cookies("https://app.example.com");
    assert!(
        checkout
            .may_send(&app, "DELETE", "/items", "authorization,x-any")
            .await
    );
    assert!(checkout.can_read(&app, "DELETE", "/items").await);
    assert!(
        !STRANGER_WITH_COOKIES
            .may_send(&app, "DELETE", "/items", "x-any")
            .await
    );
    assert!(
        !STRANGER_WITH_COOKIES
            .can_read(&app, "DELETE", "/items")
            .await
    );
}

/// 7. meilisearch: every origin, method and header for a day, with keys in `Authorization`.
#[actix_web::test]
async fn a_search_engine_with_keys() {
    static POLICY: Policy = policy! {
        origins = "*",
        methods = "*",
        headers = ["*", "authorization"],
        max_age = "24h",
    };
    let app = app!(Cors::new(&POLICY));
    assert!(
        STRANGER
            .may_send(&app, "PUT", "/items", "authorization,x-any")
            .await
    );
    assert!(STRANGER.can_read(&app, "PUT", "/items").await);
    let sent = preflight("PUT", "/items")
        .from(STRANGER.origin)
        .to(&app)
        .await;
    sent.has(&ACCESS_CONTROL_MAX_AGE, "86400");
}

/// 8. qdrant: as meilisearch, with a switch, and outside of the check of the key.
#[actix_web::test]
async fn a_switch_and_a_key() {
    static POLICY: Policy = policy! {
        origins = "*",
        methods = "*",
        headers = ["*", "authorization"],
    };
    async fn key(
        request: ServiceRequest,
        next: Next<impl actix_web::body::MessageBody>,
    ) -> Result<ServiceResponse<EitherBody<impl actix_web::body::MessageBody>>, Error> {
        if request.headers().contains_key("api-key") {
            return Ok(next.call(request).await?.map_into_left_body());
        }
        let response = request.into_response(HttpResponse::Unauthorized().finish());
        Ok(response.map_into_right_body())
    }
    for is_on in [true, false] {
        let app = app!(from_fn(key), Condition::new(is_on, Cors::new(&POLICY)));
        assert_eq!(
            STRANGER.may_send(&app, "PUT", "/items", "api-key").await,
            is_on
        );
        let unauthorized = request("PUT", "/items")
            .from(STRANGER.origin)
            .to(&app)
            .await;
        unauthorized.is(401);
        assert_eq!(STRANGER.passes(&unauthorized), is_on);
    }
}

/// 9. lemmy: every method and header for an hour; the origins are a list or `*` in the
/// configuration.
#[actix_web::test]
async fn any_origin_or_a_list_at_start_up() {
    static ORIGINS: OriginList = OriginList::new().allow_any();

    #[cors(origins = [ORIGINS], headers = "*", expose = "*", max_age = "1h")]
    #[get("/site")]
    async fn site() -> &'static str {
        "site"
    }

    let lemmy = page("https://lemmy.example");
    for (configured, stranger) in [(["*"], true), (["https://lemmy.example"], false)] {
        ORIGINS.replace(configured).expect("origins");
        let app = actix(test::init_service(App::new().service(site)).await);
        assert!(lemmy.may_send(&app, "GET", "/site", "x-any").await);
        assert!(lemmy.can_read(&app, "GET", "/site").await);
        assert_eq!(
            STRANGER.may_send(&app, "GET", "/site", "x-any").await,
            stranger
        );
        assert_eq!(STRANGER.can_read(&app, "GET", "/site").await, stranger);
    }
}

/// 20. The examples of actix-web: one origin with cookies for an hour, and `Cors::permissive()`,
/// which allows the cookies of every page.
#[actix_web::test]
async fn one_origin_with_cookies_and_never_all_of_them() {
    #[cors(
        origins = ["http://localhost:8080"],
        headers = ["content-type", "authorization"],
        credentials,
        max_age = "1h",
    )]
    #[get("/user")]
    async fn user() -> &'static str {
        "user"
    }

    let app = actix(test::init_service(App::new().service(user)).await);
    let frontend = page_with_cookies("http://localhost:8080");
    assert!(
        frontend
            .may_send(&app, "GET", "/user", "authorization")
            .await
    );
    assert!(frontend.can_read(&app, "GET", "/user").await);
    // `starts_with("http://localhost")`, as in that example, allows this page.
    let neighbour = page_with_cookies("http://localhost.evil.example");
    assert!(!neighbour.can_read(&app, "GET", "/user").await);
    let sent = preflight("GET", "/user").from("http://localhost:8080");
    let answer = sent.with_headers("authorization").to(&app).await;
    answer.lists(
        &ACCESS_CONTROL_ALLOW_HEADERS,
        &["content-type", "authorization"],
    );

    let permissive = Policy::builder().origins(["*"]).credentials(true).build();
    let refused = permissive.expect_err("a mistake");
    assert_eq!(refused.violations()[0].rule, Rule::CredentialsWildcard);
}
