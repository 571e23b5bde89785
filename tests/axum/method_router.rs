//! Tests `MethodRouter` as a service, as a handler, and with an error type.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;

use axum::BoxError;
use axum::body::Body;
use axum::error_handling::HandleErrorLayer;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::http::header::ALLOW;
use axum::response::Response;
use axum::routing as plainly;
use cors_runtime::axum::routing::{any_service, get, get_service, on_service, post};
use cors_runtime::axum::{MethodRouter, Router, cors};
use cors_runtime::{Policy, policy};
use tower::{ServiceExt, service_fn};

use crate::common::{ADMIN, APP, App, get_allowed, preflight, request};

static DEFAULT: Policy = policy! { origins = ["https://admin.example"] };

#[cors(origins = ["https://app.example"])]
async fn list() -> &'static str {
    "list"
}

#[cors(origins = ["https://admin.example"])]
async fn create(State(name): State<&'static str>) -> &'static str {
    name
}

async fn plain() -> &'static str {
    "plain"
}

/// GET is `list`, and POST is `create` with the state "made".
fn items() -> MethodRouter {
    get(list).post(create).with_state("made")
}

async fn works(app: &impl App, path: &str) {
    get_allowed(app, path).await.is(200).has_body("list");
    let sent = preflight("POST", path).from(ADMIN).to(app).await;
    sent.is_allowed_preflight(ADMIN);
    let made = request("POST", path).from(ADMIN).to(app).await;
    made.is(200).has_body("made").allows(ADMIN);
    preflight("PUT", path)
        .from(APP)
        .to(app)
        .await
        .is_refused_preflight();
    for origin in [APP, ADMIN] {
        let reply = request("PUT", path).from(origin).to(app).await;
        reply.is(405).allows(origin);
        reply.lists(&ALLOW, &["GET", "HEAD", "POST"]);
    }
}

#[tokio::test]
async fn as_a_router() {
    works(&items(), "/anything").await;
    let response = items().oneshot(Request::new(Body::empty())).await;
    assert_eq!(response.map(|it| it.status()), Ok(StatusCode::OK));
}

#[tokio::test]
async fn as_a_service() {
    let new = Router::<()>::new;
    works(&new().nest_service("/x", items()), "/x/y").await;
    works(&new().route_service("/x", items()), "/x").await;
    works(&new().fallback_service(items()), "/x").await;
    let new = axum::Router::<()>::new;
    works(&new().nest_service("/x", items()), "/x/y").await;
    works(&new().route_service("/x", items()), "/x").await;
}

#[tokio::test]
async fn as_a_handler() {
    works(&Router::<()>::new().fallback(items()), "/x").await;
    works(&axum::Router::<()>::new().fallback(items()), "/x").await;
    let with_state = get(list).post(create);
    let app = Router::new().fallback(with_state).with_state("made");
    works(&app, "/x").await;
}

/// The inner policies decide about the responses, as with a service.
#[tokio::test]
async fn as_a_handler_under_a_default() {
    let app = Router::<()>::new().fallback(get(list)).cors(&DEFAULT);
    let reply = request("GET", "/x").from(APP).to(&app).await;
    reply.is(200).allows(APP);
    let reply = request("GET", "/x").from(ADMIN).to(&app).await;
    reply.is(403).has_no_cors();
    let app = Router::<()>::new().fallback(get(plain)).cors(&DEFAULT);
    let reply = request("GET", "/x").from(ADMIN).to(&app).await;
    reply.is(200).has_body("plain").allows(ADMIN);
}

#[tokio::test]
async fn changes_after_a_request_apply_but_not_to_clones() {
    let before: MethodRouter = get(list);
    request("GET", "/").to(&before).await.is(200);
    let after = before.clone().layer(axum::Extension(1)).post(plain);
    request("POST", "/").to(&after).await.is(200);
    request("POST", "/").to(&before).await.is(405);
}

#[tokio::test]
async fn served() {
    async fn address(ConnectInfo(address): ConnectInfo<SocketAddr>) -> String {
        address.to_string()
    }
    async fn listener() -> io::Result<tokio::net::TcpListener> {
        tokio::net::TcpListener::bind("127.0.0.1:0").await
    }
    let serve = async || {
        drop(axum::serve(listener().await?, items()));
        drop(axum::serve(listener().await?, items().into_make_service()));
        let with_address = get::<_, _, ()>(address);
        let make = with_address.into_make_service_with_connect_info::<SocketAddr>();
        drop(axum::serve(listener().await?, make));
        io::Result::Ok(())
    };
    serve().await.expect("a free port");
}

async fn fails(_: Request) -> Result<Response, io::Error> {
    Err(io::Error::other("no file"))
}

async fn explain(error: BoxError) -> (StatusCode, String) {
    (StatusCode::IM_A_TEAPOT, error.to_string())
}

/// The response for the error of a service has the headers of the other handler, or its own
/// headers.
#[tokio::test]
async fn services_that_fail() {
    let explain_io = async |error: io::Error| explain(error.into()).await;
    let failing: MethodRouter<(), io::Error> = get_service(service_fn(fails));
    let ways: [MethodRouter; 4] = [
        failing.clone().handle_error(explain_io),
        failing.layer(HandleErrorLayer::new(explain_io)),
        any_service(service_fn(fails)).handle_error(explain_io),
        on_service(plainly::MethodFilter::GET, service_fn(fails)).handle_error(explain_io),
    ];
    for way in ways {
        let app = Router::<()>::new().route("/x", way).cors(&DEFAULT);
        let reply = request("GET", "/x").from(ADMIN).to(&app).await;
        reply.is(418).has_body("no file").allows(ADMIN);
    }
    let plain_siblings = get_service(service_fn(fails)).handle_error(explain_io);
    let app = Router::<()>::new().route("/x", plain_siblings.post(list));
    let reply = request("GET", "/x").from(APP).to(&app).await;
    reply.is(418).has_no_cors();
    let sent = preflight("POST", "/x").from(APP).to(&app).await;
    sent.is_allowed_preflight(APP);
}

#[tokio::test]
async fn with_the_error_of_a_layer() {
    let timeout = tower::ServiceBuilder::new()
        .layer(HandleErrorLayer::new(explain))
        .layer(tower::limit::ConcurrencyLimitLayer::new(1))
        .layer(tower::util::MapErrLayer::new(
            |it: Infallible| -> BoxError { match it {} },
        ));
    let app = Router::<()>::new().route("/x", get(list).layer(timeout));
    get_allowed(&app, "/x").await.has_body("list");
}

#[tokio::test]
async fn a_router_with_only_post_converts_in_both_directions() {
    let theirs: plainly::MethodRouter = post(list).into();
    let app = Router::<()>::new().route("/x", MethodRouter::from(theirs));
    let sent = preflight("POST", "/x").from(APP).to(&app).await;
    sent.is_allowed_preflight(APP);
}
