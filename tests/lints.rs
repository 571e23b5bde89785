//! Checks with `cargo clippy` that the expansions of the attributes pass the strictest lints.

#![deny(
    warnings,
    unused,
    future_incompatible,
    nonstandard_style,
    rust_2018_idioms,
    rust_2024_compatibility,
    missing_debug_implementations,
    missing_docs,
    let_underscore_drop,
    single_use_lifetimes,
    trivial_casts,
    unreachable_pub,
    unsafe_code,
    unused_lifetimes,
    unused_qualifications,
    variant_size_differences,
    clippy::all,
    clippy::cargo,
    clippy::nursery,
    clippy::pedantic,
    clippy::exhaustive_enums,
    clippy::exhaustive_structs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::let_underscore_must_use,
    clippy::let_underscore_untyped,
    clippy::missing_docs_in_private_items,
    clippy::missing_inline_in_public_items,
    clippy::panic,
    clippy::same_name_method,
    clippy::shadow_reuse,
    clippy::shadow_same,
    clippy::shadow_unrelated,
    clippy::todo,
    clippy::unimplemented,
    clippy::unreachable,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm
)]
#![allow(
    clippy::cargo_common_metadata,
    clippy::multiple_crate_versions,
    reason = "these look at the workspace and not at the code"
)]
#![allow(
    clippy::unused_async,
    reason = "a whole service is called as an async fn"
)]

use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use cors_runtime::axum::{Router, cors, routing::get};
use cors_runtime::{OriginList, OriginRequest, Policy, RequestHead, policy};
use http::{Request, Response};

/// Returns a page of items.
#[cors(
    origins = ["https://app.example.com", "https://*.example.dev", "http://localhost:*"],
    expose = ["x-total-count"],
    max_age = 60,
    credentials
)]
pub async fn list(
    State(limit): State<u8>,
    mut page: Query<Vec<(String, String)>>,
) -> impl IntoResponse {
    page.0.truncate(usize::from(limit));
    format!("{:?}", page.0)
}

/// Creates an item.
#[cors(origins = "*", headers = ["content-type"])]
#[axum::debug_handler(state = u8)]
async fn create(_: HeaderMap, Json(name): Json<String>) -> Result<impl IntoResponse, StatusCode> {
    if name.is_empty() {
        return Err(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let length: u8 = name
        .len()
        .try_into()
        .map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
    Ok(length.to_string())
}

/// Does nothing.
#[cors(origins = "*")]
async fn nothing() {}

/// Handlers without docs of their own, and with all that a table has to escape.
#[allow(
    missing_docs,
    clippy::missing_docs_in_private_items,
    reason = "the expansion adds the docs"
)]
pub mod undocumented {
    use cors_runtime::axum::cors;
    use http::{Error, Request, Response, StatusCode};

    #[cors(origins = [regex(r"https://(a|b)-<[0-9]+>_c\.example\.dev")])]
    pub async fn list() -> Result<(), StatusCode> {
        Ok(())
    }

    #[cors_runtime::http::cors(origins = "*", headers = "*", expose = ["x-_a__b_"])]
    pub async fn service(_: Request<()>) -> Result<Response<()>, Error> {
        Ok(Response::default())
    }

    #[cors(policy = super::SHARED)]
    pub async fn shared() {}

    #[cors_runtime::actix_web::cors(disabled)]
    #[actix_web::get("/")]
    pub async fn internal() -> String {
        String::new()
    }
}

/// Takes an extractor only to refuse requests.
#[cors(origins = "*")]
async fn guarded(_limit: State<u8>) {}

/// Does nothing, and no page can call it.
#[cors(disabled)]
async fn internal() {}

/// A whole service.
#[cors_runtime::http::cors(origins = ["https://app.example.com"])]
async fn service(mut request: Request<String>) -> Result<Response<String>, http::Error> {
    request.body_mut().push('!');
    let empty = request.body().is_empty();
    if empty {
        return Ok(Response::default());
    }
    Response::builder().body(request.into_body())
}

/// A whole service that is not async.
#[cors_runtime::http::cors(origins = ["https://app.example.com"], enforce)]
fn sync_service((): (), _: Request<()>) -> Response<String> {
    Response::new(String::new())
}

/// A policy of several handlers, with origin sources.
static SHARED: Policy = policy! {
    origins = [regex(r"https://pr-[0-9]+\.example\.dev"), by_head, LIST, ask(by_request)],
    headers = ["content-type"],
};

/// Filled later.
static LIST: OriginList = OriginList::new().allow_empty();

/// Decides immediately.
fn by_head(origin: &str, _: &RequestHead<'_>) -> bool {
    origin == "https://app.example.com"
}

/// Decides asynchronously.
async fn by_request(request: OriginRequest) -> bool {
    request.origin() == "https://app.example.com"
}

/// Takes JSON, with a shared policy.
#[cors(policy = SHARED)]
async fn shared(Json(name): Json<String>) -> String {
    name
}

/// A whole service that may await an origin source.
#[cors_runtime::http::cors(policy = SHARED)]
async fn ask_service(_: Request<()>) -> Response<String> {
    Response::default()
}

/// A whole service with `ask(..)` in the attribute.
#[cors_runtime::http::cors(origins = [by_head, LIST, ask(by_request)])]
async fn inline_ask_service(_: Request<()>) -> Response<String> {
    Response::default()
}

/// An actix-web function with a shared policy.
#[cors_runtime::actix_web::cors(policy = SHARED)]
#[actix_web::post("/shared")]
async fn shared_route(name: actix_web::web::Json<String>) -> String {
    name.into_inner()
}

/// An actix-web handler with a route macro.
#[cors_runtime::actix_web::cors(origins = ["https://app.example.com"], headers = ["content-type"])]
#[actix_web::put("/items/{id}", name = "item", guard = "any_guard")]
pub async fn replace(
    _: actix_web::web::Path<u8>,
    mut name: actix_web::web::Json<String>,
) -> Result<String, actix_web::Error> {
    name.0.push('!');
    Ok(name.into_inner())
}

/// A handler with two route macros.
#[cors_runtime::actix_web::cors(origins = "*")]
#[actix_web::routes]
#[get("/one")]
#[options("/two")]
async fn routes() -> impl actix_web::Responder {
    "one or two"
}

/// A handler without a route macro.
#[cors_runtime::actix_web::cors(origins = ["https://app.example.com"])]
pub async fn function(mut page: actix_web::web::Query<Vec<(String, String)>>) -> String {
    page.0.truncate(1);
    format!("{:?}", page.0)
}

const fn any_guard(_: &actix_web::guard::GuardContext<'_>) -> bool {
    true
}

#[test]
fn expansions_pass_strict_lints() {
    let actix = actix_web::App::new().service(replace).service(routes);
    let function = cors_runtime::actix_web::resource("/").get(function);
    drop(actix.service(shared_route).service(function));
    let items = get(list)
        .post(create)
        .delete(nothing)
        .put(internal)
        .patch(shared)
        .trace(guarded);
    let router: Router<u8> = Router::new().route("/items", items);
    assert!(router.has_routes());
    assert_eq!(sync_service((), Request::new(())).body(), "");
    drop(service(Request::new(String::new())));
    drop((
        ask_service(Request::new(())),
        inline_ask_service(Request::new(())),
    ));
}
