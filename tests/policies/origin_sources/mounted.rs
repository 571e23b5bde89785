//! Tests policies with origin sources, as debug output and where they are mounted.

use axum::http::Request;
use cors_runtime::axum::{MethodRouter, Router, cors, routing::get, routing::put};
use cors_runtime::{OriginList, OriginRequest, Policy, policy};
use tower::ServiceExt as _;

use super::{allowed, bare, preflight, request, send, tenants};

static LIST: OriginList = OriginList::new().allow_empty();

#[cors(origins = [
    "https://app.example.com",
    tenants::allowed,
    LIST,
    crate::origin_sources::mounted::LIST,
])]
async fn items() {}

#[test]
fn debug_output_has_the_path_of_a_source() {
    let app: Router = Router::new().route("/items", get(items));
    let table = app.policies().to_string();
    let origins =
        "https://app.example.com, tenants::allowed, LIST, crate::origin_sources::mounted::LIST";
    assert!(table.contains(origins), "{table}");
    let policy = Policy::builder().origin_source(&tenants::allowed).build();
    assert!(format!("{policy:?}").contains("tenants::allowed"));
}

async fn is_tenant(_: OriginRequest) -> bool {
    true
}

static MIXED: Policy = policy! {
    origins = [regex(r"https://pr-[0-9]+\.example\.com"), ask(is_tenant)],
};

#[test]
fn debug_output_has_regexes_and_the_path_of_an_ask() {
    let output = format!("{MIXED:?}");
    assert!(
        output.contains(r"https://pr-[0-9]+\\.example\\.com"),
        "{output}"
    );
    assert!(output.contains("is_tenant"), "{output}");
}

#[tokio::test]
async fn a_built_policy_can_have_sources() {
    let policy = Policy::builder().origin_source(&tenants::allowed).build();
    let layer = cors_runtime::tower::CorsLayer::new(policy.unwrap());
    let service = tower::ServiceBuilder::new().layer(layer).service_fn(bare);
    let response = service.oneshot(request("https://tenant.example.com")).await;
    assert_eq!(
        allowed(&response.unwrap()),
        Some("https://tenant.example.com")
    );

    let error = Policy::builder()
        .origins(["*"])
        .origin_source(&LIST)
        .build()
        .unwrap_err();
    assert!(error.to_string().contains("`\"*\"` matches everything"));
}

#[cors(origins = [tenants::allowed], headers = ["content-type"], max_age = 600)]
async fn replace_item() {}

#[cors(origins = [tenants::allowed], headers = ["content-type"], max_age = 600)]
async fn add_item() {}

#[cors(origins = [tenants::denied], headers = ["content-type"], max_age = 600)]
async fn add_other_item() {}

/// Browsers cache header names without the method. Caching is safe if the same source decides for
/// the other handler.
#[tokio::test]
async fn preflights_are_cached_if_the_sibling_has_the_same_source() {
    let max_age = async |item: MethodRouter| {
        let request = preflight("https://tenant.example.com");
        let (mut parts, body) = request.into_parts();
        let method = "PUT".parse().unwrap();
        parts
            .headers
            .insert("access-control-request-method", method);
        let app = Router::new().route("/items", item);
        let response = send(app, Request::from_parts(parts, body)).await;
        response.headers()["access-control-max-age"].clone()
    };
    assert_eq!(max_age(put(replace_item).post(add_item)).await, "600");
    assert_eq!(max_age(put(replace_item).post(add_other_item)).await, "0");
}

/// A list with the same name as an item of the expansion.
static POLICY: OriginList = OriginList::new().allow_empty();
static SOURCE: OriginList = OriginList::new().allow_empty();

#[cors(origins = [POLICY, SOURCE])]
async fn names() {}

#[tokio::test]
async fn names_of_the_expansion_do_not_shadow_user_items() {
    POLICY.replace(["https://policy.example.com"]).unwrap();
    SOURCE.replace(["https://source.example.com"]).unwrap();
    let app = Router::new().route("/items", get(names));
    for origin in ["https://policy.example.com", "https://source.example.com"] {
        let response = send(app.clone(), request(origin)).await;
        assert_eq!(allowed(&response), Some(origin));
    }
}

#[cfg_attr(debug_assertions, cors(origins = ["https://app.example.com", "http://localhost:*"]))]
#[cfg_attr(not(debug_assertions), cors(origins = ["https://app.example.com"]))]
async fn development() {}

#[tokio::test]
async fn origins_for_development_only() {
    let app = Router::new().route("/items", get(development));
    let response = send(app.clone(), request("http://localhost:5173")).await;
    assert_eq!(allowed(&response).is_some(), cfg!(debug_assertions));
    let response = send(app, request("https://app.example.com")).await;
    assert!(allowed(&response).is_some());
}
