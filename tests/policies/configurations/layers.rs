//! Projects with a tower layer, or one function.

use std::convert::Infallible;

use axum::body::Body;
use cors_runtime::tower::CorsLayer;
use cors_runtime::{Policy, PolicyError, Rule};
use http::{Request, Response};
use tower::{Layer as _, service_fn};

use super::{STRANGER, STRANGER_WITH_COOKIES, page, page_with_cookies};
use crate::common::App;

async fn service(_: Request<Body>) -> Result<Response<Body>, Infallible> {
    Ok(Response::default())
}

/// The service with a policy that is made at start-up.
fn with(policy: Policy) -> impl App {
    let policy: &'static Policy = Box::leak(Box::new(policy));
    CorsLayer::new(policy).layer(service_fn(service))
}

/// 11. reth: a value of the command line, `*` or origins with commas. A `*` beside others is an
/// error there and here.
#[tokio::test]
async fn an_argument_of_the_command_line() {
    fn policy(argument: &str) -> Result<Policy, PolicyError> {
        let origins = argument.split(',').map(str::trim);
        Policy::builder()
            .origins(origins)
            .methods(["GET", "POST"])
            .headers(["*"])
            .build()
    }
    let app = with(policy("*").expect("a valid policy"));
    assert!(STRANGER.may_send(&app, "POST", "/", "content-type").await);
    let app = with(policy("https://a.example, https://b.example").expect("a valid policy"));
    assert!(
        page("https://b.example")
            .may_send(&app, "POST", "/", "content-type")
            .await
    );
    assert!(!STRANGER.may_send(&app, "POST", "/", "content-type").await);
    let refused = policy("*,https://a.example").expect_err("a mistake");
    assert_eq!(refused.violations()[0].rule, Rule::WildcardBesideEntries);
}

/// 12. quickwit: a list of the configuration, which allows every origin if it contains `*`; five
/// methods, and no headers, so that no page can send JSON.
#[tokio::test]
async fn a_list_of_a_configuration() {
    let policy = |origins: &str| {
        let policy = format!(
            r#"{{ "origins": {origins}, "methods": ["GET", "POST", "PUT", "DELETE"],
                  "headers": ["content-type"] }}"#
        );
        serde_json::from_str::<Policy>(&policy)
    };
    let app = with(policy(r#"["https://search.example"]"#).expect("a valid policy"));
    let search = page("https://search.example");
    assert!(search.may_send(&app, "PUT", "/", "content-type").await);
    assert!(search.can_read(&app, "PUT", "/").await);
    assert!(!STRANGER.can_read(&app, "PUT", "/").await);
    let app = with(policy(r#""*""#).expect("a valid policy"));
    assert!(STRANGER.may_send(&app, "DELETE", "/", "content-type").await);
    let refused = policy(r#"["https://search.example", "*"]"#).expect_err("a mistake");
    assert!(
        refused.to_string().contains("matches everything"),
        "{refused}"
    );
}

/// 14. apollo-router: its studio by default, regexes, cookies, and every header.
#[tokio::test]
async fn a_regex_is_for_the_whole_origin() {
    let policy = |regex: &str| {
        let policy = serde_json::json!({
            "origins": ["https://studio.apollographql.com", { "regex": regex }],
            "headers": ["*", "authorization"],
            "credentials": true,
        });
        serde_json::from_value::<Policy>(policy)
    };
    let app = with(policy(r"https://[a-z]+\.example\.com").expect("a valid policy"));
    for origin in [
        "https://studio.apollographql.com",
        "https://shop.example.com",
    ] {
        let page = page_with_cookies(origin);
        assert!(
            page.may_send(&app, "POST", "/", "authorization,x-any")
                .await
        );
        assert!(page.can_read(&app, "POST", "/").await);
    }
    for origin in [
        "https://shop.example.com.evil.example",
        "https://evil.example",
    ] {
        assert!(!page_with_cookies(origin).can_read(&app, "POST", "/").await);
    }
    assert!(!STRANGER_WITH_COOKIES.may_send(&app, "POST", "/", "").await);
    let refused = policy(r"https://.*\.example.com").expect_err("a mistake");
    assert!(
        refused
            .to_string()
            .contains("probably matches other domains"),
        "{refused}"
    );
}

#[cors_runtime::http::cors(origins = "*")]
async fn lambda(_: lambda_http::Request) -> Result<Response<lambda_http::Body>, Infallible> {
    Ok(Response::default())
}

/// 15. The example of the Lambda runtime: every origin, GET and POST.
#[tokio::test]
async fn a_function_of_lambda() {
    let app = service_fn(async |request: Request<Body>| {
        let request = request.map(|_| lambda_http::Body::Empty);
        lambda(request)
            .await
            .map(|response| response.map(|_| Body::empty()))
    });
    assert!(STRANGER.can_read(&app, "GET", "/").await);
    assert!(STRANGER.may_send(&app, "POST", "/", "").await);
    assert!(!STRANGER.may_send(&app, "PUT", "/", "").await);
    assert!(!STRANGER.may_send(&app, "POST", "/", "content-type").await);
}
