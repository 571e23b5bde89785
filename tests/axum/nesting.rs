//! Tests `nest`, `nest_service` and `merge`, with routers of this crate and of axum.

use axum::extract::Path;
use axum::http::header::ALLOW;
use cors_runtime::axum::routing::{get, post};
use cors_runtime::axum::{Router, cors};

use crate::common::{ADMIN, APP, App, STRANGER, preflight, request};

#[cors(origins = ["https://app.example"], methods = [GET, PUT])]
async fn list() -> &'static str {
    "list"
}

#[cors(origins = ["https://admin.example"])]
async fn create() -> &'static str {
    "create"
}

#[cors(origins = ["https://app.example"])]
async fn item(Path(ids): Path<Vec<String>>) -> String {
    ids.join(" ")
}

async fn special() -> &'static str {
    "special"
}

fn items() -> Router {
    Router::new()
        .route("/", get(list).post(create))
        .route("/items", get(list).post(create))
        .route("/items/{id}", get(item))
        .route("/items/special", get(special).post(special))
}

fn plain() -> axum::Router {
    axum::Router::new()
}

/// Asserts everything about `items()`, at a prefix.
async fn works_at(app: &impl App, prefix: &str) {
    let items = format!("{prefix}/items");
    let got = request("GET", &items).from(APP).to(app).await;
    got.is(200).has_body("list").allows(APP);
    let made = request("POST", &items).from(ADMIN).to(app).await;
    made.is(200).has_body("create").allows(ADMIN);
    let read = preflight("GET", &items).from(APP).to(app).await;
    read.is_allowed_preflight(APP).methods(&["GET"]);
    let write = preflight("POST", &items).from(ADMIN).to(app).await;
    write.is_allowed_preflight(ADMIN).methods(&["POST"]);
    for (method, origin) in [("POST", APP), ("GET", STRANGER), ("PUT", APP)] {
        let refused = preflight(method, &items).from(origin).to(app).await;
        refused.is_refused_preflight();
    }
    let refused = request("DELETE", &items).from(ADMIN).to(app).await;
    refused
        .is(405)
        .allows(ADMIN)
        .lists(&ALLOW, &["GET", "HEAD", "POST"]);
    siblings_work_at(app, prefix).await;
}

async fn siblings_work_at(app: &impl App, prefix: &str) {
    let one = format!("{prefix}/items/7");
    let got = request("GET", &one).from(APP).to(app).await;
    got.is(200).allows(APP);
    let read = preflight("GET", &one).from(APP).to(app).await;
    read.is_allowed_preflight(APP);
    let special = format!("{prefix}/items/special");
    let got = request("GET", &special).from(APP).to(app).await;
    got.is(200).has_body("special").is_without_policy();
    let sent = preflight("GET", &special).from(APP).to(app).await;
    sent.is(405).is_without_policy();
    let unknown = format!("{prefix}/unknown");
    let lost = request("GET", &unknown).from(APP).to(app).await;
    lost.is(404).is_without_policy();
    let sent = preflight("GET", &unknown).from(APP).to(app).await;
    sent.is(404).is_without_policy();
}

async fn root_works_at(app: &impl App, path: &str) {
    let got = request("GET", path).from(APP).to(app).await;
    got.is(200).has_body("list").allows(APP);
    let read = preflight("POST", path).from(ADMIN).to(app).await;
    read.is_allowed_preflight(ADMIN).methods(&["POST"]);
}

#[tokio::test]
async fn without_a_prefix() {
    works_at(&items(), "").await;
    root_works_at(&items(), "/").await;
}

#[tokio::test]
async fn nested_in_ours() {
    let app: Router = Router::new().nest("/api", items());
    works_at(&app, "/api").await;
    root_works_at(&app, "/api").await;
}

#[tokio::test]
async fn nested_twice_in_ours() {
    let app: Router = Router::new().nest("/a", Router::new().nest("/b", items()));
    works_at(&app, "/a/b").await;
    root_works_at(&app, "/a/b").await;
}

#[tokio::test]
async fn nested_at_a_prefix_with_a_trailing_slash() {
    let app: Router = Router::new().nest("/api/", items());
    works_at(&app, "/api").await;
    root_works_at(&app, "/api/").await;
}

#[tokio::test]
async fn nested_at_a_prefix_with_parameters() {
    let app: Router = Router::new().nest("/{tenant}/shop/{shop}", items());
    works_at(&app, "/acme/shop/1").await;
    let got = request("GET", "/acme/shop/1/items/7")
        .from(APP)
        .to(&app)
        .await;
    got.has_body("acme 1 7");
}

#[tokio::test]
async fn two_nested_at_different_prefixes_keep_their_policies() {
    #[cors(origins = ["https://stranger.example"])]
    async fn other() {}

    let app: Router = Router::new()
        .nest("/api", items())
        .nest("/other", Router::new().route("/items", get(other)));
    works_at(&app, "/api").await;
    let got = request("GET", "/other/items").from(STRANGER).to(&app).await;
    got.is(200).allows(STRANGER);
    let refused = preflight("GET", "/other/items").from(APP).to(&app).await;
    refused.is_refused_preflight();
}

#[tokio::test]
async fn converted() {
    works_at(&axum::Router::from(items()), "").await;
}

#[tokio::test]
async fn converted_with_nested_routers() {
    let app = axum::Router::from(Router::<()>::new().nest("/api", items()));
    works_at(&app, "/api").await;
}

#[tokio::test]
async fn converted_and_nested_in_axums() {
    let app = plain().nest("/api", items().into());
    works_at(&app, "/api").await;
    root_works_at(&app, "/api").await;
}

#[tokio::test]
async fn converted_and_nested_twice_in_axums() {
    let app = plain().nest("/a", plain().nest("/b", items().into()));
    works_at(&app, "/a/b").await;
    root_works_at(&app, "/a/b").await;
}

#[tokio::test]
async fn converted_and_nested_in_axums_at_unusual_prefixes() {
    let app = plain().nest("/api/", items().into());
    works_at(&app, "/api").await;
    root_works_at(&app, "/api/").await;
    let app = plain().nest("/{tenant}", items().into());
    works_at(&app, "/acme").await;
}

#[tokio::test]
async fn nested_as_a_service_in_axums() {
    let app = plain().nest_service("/api", items());
    works_at(&app, "/api").await;
    root_works_at(&app, "/api").await;
    let app = plain().nest_service("/api", axum::Router::from(items()));
    works_at(&app, "/api").await;
}

#[tokio::test]
async fn nested_as_a_service_twice_in_axums() {
    let app = plain().nest_service("/a", plain().nest_service("/b", items()));
    works_at(&app, "/a/b").await;
    root_works_at(&app, "/a/b").await;
    let app = plain().nest("/a", plain().nest_service("/b", items()));
    works_at(&app, "/a/b").await;
    let app = plain().nest_service("/a", plain().nest("/b", items().into()));
    works_at(&app, "/a/b").await;
}

#[tokio::test]
async fn on_a_route_of_axums_that_is_nested() {
    let app = plain().nest("/a", plain().route_service("/items", items()));
    let got = request("GET", "/a/items").from(APP).to(&app).await;
    got.is(200).has_body("list").allows(APP);
    let write = preflight("POST", "/a/items").from(ADMIN).to(&app).await;
    write.is_allowed_preflight(ADMIN).methods(&["POST"]);
}

#[tokio::test]
async fn nested_as_a_service_at_unusual_prefixes() {
    let app = plain().nest_service("/api/", items());
    works_at(&app, "/api").await;
    let app = plain().nest_service("/{tenant}", items());
    works_at(&app, "/acme").await;
}

#[tokio::test]
async fn the_root_of_a_nested_service_has_its_policy_with_a_slash() {
    let app = plain().nest_service("/api", items());
    root_works_at(&app, "/api/").await;
}

#[tokio::test]
async fn the_root_of_a_service_nested_with_a_slash_has_its_policy() {
    let app = plain().nest_service("/api/", items());
    root_works_at(&app, "/api/").await;
}

#[tokio::test]
async fn nested_as_a_service_in_ours() {
    let app: Router = Router::new().nest_service("/api", items());
    works_at(&app, "/api").await;
    root_works_at(&app, "/api").await;
}

#[tokio::test]
async fn nested_as_a_service_in_ours_beside_annotated_paths() {
    let app: Router = items().nest_service("/api", items());
    works_at(&app, "").await;
    works_at(&app, "/api").await;
    let app: Router = items().nest("/v1", Router::new().nest_service("/api", items()));
    works_at(&app, "").await;
    works_at(&app, "/v1/api").await;
}

#[tokio::test]
async fn merged_into_ours_and_into_axums() {
    let app: Router = Router::new().merge(items());
    works_at(&app, "").await;
    let app = plain().merge(axum::Router::from(items()));
    works_at(&app, "").await;
    let app =
        axum::Router::from(items()).merge(plain().route("/more", axum::routing::get(special)));
    works_at(&app, "").await;
    let app = plain().nest("/api", plain().merge(axum::Router::from(items())));
    works_at(&app, "/api").await;
}

#[tokio::test]
async fn as_the_fallback_of_axums() {
    let app = plain().fallback_service(items());
    works_at(&app, "").await;
    let app = plain().nest("/api", plain().fallback_service(items()));
    works_at(&app, "/api").await;
}

#[tokio::test]
async fn as_a_service_on_a_route_of_axums() {
    let app = plain().route_service("/items", items());
    let read = preflight("GET", "/items").from(APP).to(&app).await;
    read.is_allowed_preflight(APP);
    let got = request("GET", "/items").from(APP).to(&app).await;
    got.is(200).has_body("list").allows(APP);
}

#[tokio::test]
async fn as_a_service_below_a_wildcard_of_ours() {
    let service = tower::ServiceBuilder::new().service(items());
    let service = tower::util::BoxCloneSyncService::new(service);
    let app: Router = Router::new().route_service("/{*rest}", service);
    works_at(&app, "").await;
}

#[tokio::test]
async fn a_nested_axum_router_has_no_policy() {
    let theirs = || plain().route("/items", axum::routing::get(special).post(special));
    for app in [
        items().nest("/their", theirs()),
        items().nest_service("/their", theirs()),
    ] {
        let got = request("GET", "/their/items").from(APP).to(&app).await;
        got.is(200).has_body("special").is_without_policy();
        let sent = preflight("POST", "/their/items").from(ADMIN).to(&app).await;
        sent.is(405).is_without_policy();
        preflight("GET", "/items")
            .from(APP)
            .to(&app)
            .await
            .is(204)
            .allows(APP);
    }
}

#[tokio::test]
async fn state_can_be_provided_before_or_after_the_conversion() {
    #[cors(origins = ["https://app.example"])]
    async fn number(axum::extract::State(number): axum::extract::State<u8>) -> String {
        number.to_string()
    }

    let numbers = || Router::new().route("/number", get(number).post(create));
    let before: axum::Router = axum::Router::from(numbers().with_state::<()>(7));
    let after: axum::Router = axum::Router::from(numbers()).with_state(7);
    let nested: Router = Router::new().nest("/in", numbers()).with_state(7);
    for (app, path) in [
        (before, "/number"),
        (after, "/number"),
        (nested.into(), "/in/number"),
    ] {
        let got = request("GET", path).from(APP).to(&app).await;
        got.is(200).has_body("7").allows(APP);
        let read = preflight("GET", path).from(APP).to(&app).await;
        read.is_allowed_preflight(APP);
    }
}

#[test]
#[should_panic(expected = "Nesting at the root is no longer supported")]
fn nesting_at_the_root_panics_as_in_axum() {
    let _ = Router::<()>::new().nest("/", Router::new().route("/items", post(create)));
}
