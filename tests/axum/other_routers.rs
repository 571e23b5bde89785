//! Routers of other crates: aide, and the typed paths of axum-extra.

use aide::axum::ApiRouter;
use aide::axum::routing::{ApiMethodDocs, get_with};
use aide::openapi::{OpenApi, Operation};
use axum::Json;
use axum_extra::routing::TypedPath;
use cors_runtime::axum::routing::{MethodRouter, get};
use cors_runtime::axum::{Router, cors};
use cors_runtime::{Policy, policy};
use serde::Deserialize;

use crate::common::{ADMIN, APP, STRANGER, get_allowed, preflight, request};

#[cors(origins = ["https://app.example"])]
async fn list() -> &'static str {
    "list"
}

#[cors(origins = ["https://admin.example"], headers = ["content-type"])]
async fn create(Json(name): Json<String>) -> String {
    name
}

async fn documented() -> &'static str {
    "documented"
}

#[tokio::test]
async fn a_method_router_can_be_used_in_aide() {
    let summary = Operation {
        summary: Some("Lists the items.".to_owned()),
        ..Operation::default()
    };
    let items: MethodRouter = get(list).post(create);
    let mut api = OpenApi::default();
    let app = ApiRouter::new()
        .route("/items", axum::routing::MethodRouter::from(items))
        .api_route_docs("/items", ApiMethodDocs::new("get", summary))
        .api_route(
            "/documented",
            get_with(documented, |it| it.id("documented")),
        )
        .finish_api(&mut api);

    get_allowed(&app, "/items").await.is(200).has_body("list");
    let sent = preflight("POST", "/items").with_headers("content-type");
    let permission = sent.from(ADMIN).to(&app).await;
    permission.is_allowed_preflight(ADMIN).methods(&["POST"]);
    let sent = preflight("POST", "/items").from(APP).to(&app).await;
    sent.is_refused_preflight();
    let rejected = request("POST", "/items")
        .from(ADMIN)
        .json("{")
        .to(&app)
        .await;
    rejected.is(422).allows(ADMIN);
    let other = request("GET", "/documented").from(APP).to(&app).await;
    other.is(200).has_body("documented").is_without_policy();

    let paths = api.paths.expect("paths").paths;
    assert_eq!(paths.keys().collect::<Vec<_>>(), ["/items", "/documented"]);
}

static DEFAULT: Policy = policy! { origins = ["https://app.example"] };

#[tokio::test]
async fn a_router_of_aide_can_be_merged_or_have_a_default_policy() {
    let aide = || ApiRouter::new().api_route("/documented", get_with(documented, |it| it));
    let mut api = OpenApi::default();
    let merged = Router::new().route("/items", get(list));
    let merged = merged.merge(aide().finish_api(&mut api));
    get_allowed(&merged, "/items").await.is(200);
    let plain = request("GET", "/documented").from(APP).to(&merged).await;
    plain.is(200).is_without_policy();

    let covered = Router::from(aide().finish_api(&mut api)).cors(&DEFAULT);
    let covered_get = request("GET", "/documented").from(APP).to(&covered).await;
    covered_get.is(200).has_body("documented").allows(APP);
    let sent = preflight("GET", "/documented").from(APP).to(&covered).await;
    sent.is(204).allows(APP);
    let sent = preflight("GET", "/documented")
        .from(STRANGER)
        .to(&covered)
        .await;
    sent.is(403).has_no_cors();
}

#[derive(TypedPath, Deserialize)]
#[typed_path("/items/{id}")]
struct ItemPath {
    id: u32,
}

#[cors(origins = ["https://app.example"])]
async fn show(ItemPath { id }: ItemPath) -> String {
    id.to_string()
}

#[cors(origins = ["https://admin.example"])]
async fn remove(path: ItemPath) -> String {
    path.to_string()
}

#[tokio::test]
async fn a_typed_path_can_be_the_path_of_a_route() {
    let app: Router = Router::new().route(ItemPath::PATH, get(show).delete(remove));
    get_allowed(&app, "/items/7").await.is(200).has_body("7");
    let sent = preflight("DELETE", "/items/7").from(ADMIN).to(&app).await;
    sent.is_allowed_preflight(ADMIN);
    let sent = preflight("DELETE", "/items/7").from(APP).to(&app).await;
    sent.is_refused_preflight();
    let removed = request("DELETE", "/items/7").from(ADMIN).to(&app).await;
    removed.is(200).has_body("/items/7").allows(ADMIN);
    let rejected = request("GET", "/items/x").from(APP).to(&app).await;
    rejected.is(400).allows(APP);
}
