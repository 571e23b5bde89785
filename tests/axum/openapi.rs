//! The mirror of utoipa-axum: real requests, the document, and the order of the attributes.

use axum::extract::{Path, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use cors_runtime::axum::utoipa::{OpenApiRouter, routes};
use cors_runtime::axum::{Router, cors, routing};
use cors_runtime::{Policy, policy};
use utoipa::openapi::OpenApi;

use crate::common::{ADMIN, APP, App, STRANGER, get_allowed, panic_of, preflight, request};

#[utoipa::path(get, path = "/items", responses((status = OK, body = String)))]
#[cors(origins = ["https://app.example"])]
async fn list() -> &'static str {
    "list"
}

#[utoipa::path(post, path = "/items", request_body = String)]
#[cors(origins = ["https://admin.example"], headers = ["content-type"])]
async fn create(body: String) -> (StatusCode, String) {
    (StatusCode::CREATED, body)
}

#[utoipa::path(delete, path = "/items")]
async fn clear() -> &'static str {
    "clear"
}

#[utoipa::path(method(put, patch), path = "/items")]
#[cors(origins = ["https://app.example"])]
async fn change(method: Method) -> String {
    method.to_string()
}

mod of_one_item {
    use super::{Path, State, cors};

    #[utoipa::path(get, path = "/items/{id}", params(("id", description = "Its number")))]
    #[cors(origins = ["https://app.example"])]
    pub(super) async fn show(State(shop): State<&'static str>, Path(id): Path<u32>) -> String {
        format!("{shop} {id}")
    }

    #[cors(origins = ["https://admin.example"])]
    #[utoipa::path(put, path = "/items/{id}", params(("id", description = "Its number")))]
    pub(super) async fn replace(State(shop): State<&'static str>, Path(id): Path<u32>) -> String {
        format!("{shop} {id} replaced")
    }
}

async fn has_four_policies(app: &impl App) {
    get_allowed(app, "/items").await.is(200).has_body("list");
    let sent = preflight("GET", "/items").from(ADMIN).to(app).await;
    sent.is_refused_preflight();

    let sent = preflight("POST", "/items").with_headers("content-type");
    let permission = sent.from(ADMIN).to(app).await;
    permission.is_allowed_preflight(ADMIN).methods(&["POST"]);
    permission.allowed_headers(&["content-type"]);
    let sent = preflight("POST", "/items").from(APP).to(app).await;
    sent.is_refused_preflight();
    let created = request("POST", "/items").from(ADMIN).body("tea");
    created.to(app).await.is(201).has_body("tea").allows(ADMIN);
    let created = request("POST", "/items")
        .from(APP)
        .body("tea")
        .to(app)
        .await;
    created.is(201).is_denied();

    for method in ["PUT", "PATCH"] {
        let sent = preflight(method, "/items").from(APP).to(app).await;
        sent.is_allowed_preflight(APP);
        let changed = request(method, "/items").from(APP).to(app).await;
        changed.is(200).has_body(method).allows(APP);
    }

    // A handler without a policy.
    let sent = preflight("DELETE", "/items").from(APP).to(app).await;
    sent.is(405).is_without_policy();
    let cleared = request("DELETE", "/items").from(APP).to(app).await;
    cleared.is(200).has_body("clear").is_without_policy();

    // A method and a path that nothing serves.
    let sent = preflight("TRACE", "/items").from(APP).to(app).await;
    sent.is_refused_preflight();
    let not_allowed = request("TRACE", "/items").from(ADMIN).to(app).await;
    not_allowed.is(405).allows(ADMIN);
    let not_found = request("GET", "/other").from(APP).to(app).await;
    not_found.is(404).is_without_policy();
}

#[tokio::test]
async fn each_handler_of_a_path_has_its_own_policy() {
    let router = OpenApiRouter::new().routes(routes!(list, create, clear, change));
    has_four_policies(&Router::from(router)).await;
}

#[tokio::test]
async fn handlers_of_a_path_can_be_added_separately() {
    let router = OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(create,))
        .merge(OpenApiRouter::new().routes(routes!(clear)))
        .merge(OpenApiRouter::new().routes(routes!(change)));
    has_four_policies(&axum::Router::from(router)).await;
}

/// Their handlers are not known, so that their methods get no policy.
#[tokio::test]
async fn routes_and_routers_of_utoipa_axum_are_accepted() {
    let theirs = utoipa_axum::router::OpenApiRouter::new()
        .routes(utoipa_axum::routes!(plain::show))
        .nest(
            "/nested",
            utoipa_axum::router::OpenApiRouter::new().routes(utoipa_axum::routes!(clear)),
        );
    let router = OpenApiRouter::new()
        .routes(routes!(list))
        .routes(utoipa_axum::routes!(clear))
        .merge(theirs.clone())
        .nest("/theirs", theirs);
    let (app, api) = router.split_for_parts();
    let paths: Vec<_> = api.paths.paths.keys().map(String::as_str).collect();
    let expected = [
        "/items",
        "/nested/items",
        "/tea",
        "/theirs/nested/items",
        "/theirs/tea",
    ];
    assert_eq!(paths, expected);

    let listed = request("GET", "/items").from(APP).to(&app).await;
    listed.is(200).has_body("list").allows(APP);
    let sent = preflight("GET", "/items").from(APP).to(&app).await;
    sent.is(204).allows(APP).methods(&["GET"]);
    for path in ["/items", "/nested/items", "/theirs/nested/items"] {
        let sent = preflight("DELETE", path).from(APP).to(&app).await;
        sent.is(405).has_no_cors();
        let cleared = request("DELETE", path).from(APP).to(&app).await;
        cleared.is(200).has_body("clear").has_no_cors();
    }
}

#[tokio::test]
async fn state_and_prefixes_reach_router_and_document() {
    let items = OpenApiRouter::new()
        .routes(routes!(of_one_item::show, of_one_item::replace))
        .with_state("shop");
    let (app, api) = OpenApiRouter::new().nest("/api", items).split_for_parts();

    get_allowed(&app, "/api/items/7")
        .await
        .is(200)
        .has_body("shop 7");
    let sent = preflight("PUT", "/api/items/7").from(ADMIN).to(&app).await;
    sent.is_allowed_preflight(ADMIN).methods(&["PUT"]);
    let sent = preflight("PUT", "/api/items/7").from(APP).to(&app).await;
    sent.is_refused_preflight();
    // A rejection of an extractor.
    let rejected = request("GET", "/api/items/x").from(APP).to(&app).await;
    rejected.is(400).allows(APP);

    let paths = api.paths.paths;
    assert_eq!(paths.keys().collect::<Vec<_>>(), ["/api/items/{id}"]);
}

/// `#[utoipa::path]` gets the names of parameters from the patterns that were written.
#[test]
fn both_orders_of_the_attributes_give_the_same_document() {
    let router: OpenApiRouter<&'static str> =
        OpenApiRouter::new().routes(routes!(of_one_item::show, of_one_item::replace));
    let api = router.into_openapi();
    let item = &api.paths.paths["/items/{id}"];
    let parameters = |operation: &Option<utoipa::openapi::path::Operation>| {
        let operation = operation.as_ref().expect("an operation");
        serde_json::to_value(&operation.parameters).expect("JSON")
    };
    let expected = serde_json::json!([{
        "name": "id",
        "in": "path",
        "description": "Its number",
        "required": true,
        "schema": { "type": "integer", "format": "int32", "minimum": 0 },
    }]);
    assert_eq!(parameters(&item.get), expected);
    assert_eq!(parameters(&item.put), expected);
}

mod plain {
    #[derive(utoipa::ToSchema)]
    #[allow(dead_code, reason = "in the document only")]
    pub(super) struct Tea {
        name: String,
    }

    #[utoipa::path(get, path = "", tag = "root")]
    pub(super) async fn root() {}

    #[utoipa::path(get, path = "/tea", responses((status = OK, body = Tea)))]
    pub(super) async fn show() {}

    #[utoipa::path(post, path = "/tea")]
    pub(super) async fn create() {}
}

/// The document of plain handlers, by one of the two macros and routers.
macro_rules! document {
    ($router:ty, $routes:path) => {{
        use $routes as routes;
        let tea = <$router>::new()
            .routes(routes!(plain::show))
            .routes(routes!(plain::create));
        let other = <$router>::default().routes(routes!(plain::root));
        let router = <$router>::with_openapi(OpenApi::default())
            .nest("/shop", tea.clone())
            .nest("/other/", other.clone())
            .merge(tea)
            .merge(other);
        serde_json::to_value(router.into_openapi()).expect("JSON")
    }};
}

#[test]
fn the_document_is_the_same_as_in_utoipa_axum() {
    let theirs = document!(utoipa_axum::router::OpenApiRouter, utoipa_axum::routes);
    let ours = document!(OpenApiRouter, cors_runtime::axum::utoipa::routes);
    assert_eq!(ours, theirs);
    let paths = ours["paths"].as_object().expect("paths");
    assert!(paths.contains_key("/shop/tea"), "{paths:#?}");
    assert!(
        ours["components"]["schemas"].get("Tea").is_some(),
        "{ours:#?}"
    );
}

async fn auth(
    headers: HeaderMap,
    request: axum::extract::Request,
    next: middleware::Next,
) -> Response {
    if headers.contains_key(AUTHORIZATION) {
        return next.run(request).await;
    }
    StatusCode::UNAUTHORIZED.into_response()
}

#[tokio::test]
async fn cors_is_outside_of_every_layer() {
    let auth = || middleware::from_fn(auth);
    let layered = |path| (path, OpenApiRouter::new().routes(routes!(list, create)));
    let (path, router) = layered("/router");
    let router = OpenApiRouter::new().nest(path, router.layer(auth()));
    let (path, inner) = layered("/routes");
    let router = router.nest(path, inner.route_layer(auth()));
    let handlers = routes!(list, create).layer(auth());
    let router = router.nest("/handlers", OpenApiRouter::new().routes(handlers));
    let one = routes!(list).map(|list| list.route_layer(auth()));
    let router = router.nest("/one", OpenApiRouter::new().routes(one));
    let app = Router::from(router);

    for path in [
        "/router/items",
        "/routes/items",
        "/handlers/items",
        "/one/items",
    ] {
        get_allowed(&app, path).await.is(401);
        let sent = preflight("POST", path).from(STRANGER).to(&app).await;
        sent.is_refused_preflight();
        let allowed = request("GET", path).from(APP).header(AUTHORIZATION, "x");
        allowed.to(&app).await.is(200).has_body("list").allows(APP);
    }
}

static DEFAULT: Policy = policy! { origins = ["https://app.example"] };

#[cors(disabled)]
async fn not_found() -> StatusCode {
    StatusCode::NOT_FOUND
}

#[tokio::test]
async fn a_router_has_a_default_policy_and_a_fallback() {
    let app = OpenApiRouter::new()
        .routes(routes!(list, create, clear))
        .route("/plain", routing::get(plain::root))
        .route_service("/service", routing::get_service(tower::service_fn(service)))
        .nest_service("/nested", tower::service_fn(service))
        .fallback(not_found)
        .cors(&DEFAULT);
    let app = Router::from(app);
    let sent = preflight("DELETE", "/items").from(APP).to(&app).await;
    sent.is_allowed_preflight(APP).methods(&["DELETE"]);
    let sent = preflight("POST", "/items").from(APP).to(&app).await;
    sent.is_refused_preflight();
    for path in ["/plain", "/service", "/nested/x"] {
        get_allowed(&app, path).await.is(200);
    }
    let not_found = request("GET", "/other").from(APP).to(&app).await;
    not_found.is(404).has_no_cors();
}

async fn service(_: axum::extract::Request) -> Result<Response, std::convert::Infallible> {
    Ok(().into_response())
}

#[cors(origins = ["https://app.example"], methods = [GET])]
#[utoipa::path(delete, path = "/items")]
async fn delete_without_permission() {}

#[test]
fn panics_have_the_location_of_the_caller() {
    let panic = panic_of(|| -> OpenApiRouter {
        OpenApiRouter::new().routes(routes!(delete_without_permission))
    });
    assert!(
        panic.message.contains("delete_without_permission"),
        "{}",
        panic.message
    );
    assert_eq!(panic.file, file!());

    let panic = panic_of(|| -> OpenApiRouter {
        OpenApiRouter::new()
            .routes(routes!(list))
            .routes(routes!(list))
    });
    assert!(panic.message.contains("Overlapping"), "{}", panic.message);
    assert_eq!(panic.file, file!());
}
