//! Applications of each kind, with the policies of this crate.

use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};

use cors_runtime::testing::{App, Browser, Credentials, Fetch, Page, Reason, with_body};
use cors_runtime::tower::CorsLayer;
use cors_runtime::{Policy, policy};
use http::{Request, Response};
use tower::{Layer, Service, ServiceBuilder, ServiceExt, service_fn};

use crate::server::{API, PAGE, last, methods};

static POLICY: Policy = policy! {
    origins = ["https://app.example.com"],
    methods = [GET, PUT],
    headers = ["content-type"],
    expose = ["x-total"],
    credentials,
};

/// Fetches what the policy allows, and what it does not allow.
async fn check<A: App<M>, M>(app: &mut A) {
    let mut browser = Browser::at(PAGE);
    let fetch = Fetch::put(API).json("{}").credentials(Credentials::Include);
    let page: Page = browser.fetch(app, fetch.clone()).await.unwrap();
    assert_eq!(methods(&browser), ["OPTIONS", "PUT"]);
    page.assert_status(200)
        .assert_header("x-total", "3")
        .assert_hidden("x-build");
    assert_eq!(page.text().await, "{}");

    let token = fetch.clone().header("x-token", "1");
    let blocked = browser.fetch(app, token).await.unwrap_err();
    assert!(blocked.is_preflight(), "{blocked}");
    let mut browser = Browser::at("https://evil.example");
    let blocked = browser.fetch(app, fetch).await.unwrap_err();
    assert!(blocked.is_preflight(), "{blocked}");
    assert_eq!(blocked.reason(), &Reason::AllowOriginMissing);
    let blocked = browser.fetch(app, Fetch::get(API)).await.unwrap_err();
    assert!(!blocked.is_preflight(), "{blocked}");
    assert_eq!(last(&browser).response_header("x-total"), Some("3"));
}

mod axum {
    pub(super) use cors_runtime::axum::cors;

    use super::POLICY;

    pub(super) type Answer = ([(&'static str, &'static str); 2], String);

    #[cors(policy = POLICY)]
    pub(super) async fn annotated(body: String) -> Answer {
        plain(body).await
    }

    #[cors(policy = POLICY)]
    pub(super) async fn read() -> Answer {
        plain(String::new()).await
    }

    pub(super) async fn plain(body: String) -> Answer {
        ([("x-total", "3"), ("x-build", "42")], body)
    }
}

#[tokio::test]
async fn a_router() {
    use cors_runtime::axum::{Router, routing::get};

    let methods = || get(axum::read).put(axum::annotated);
    let mut router: Router = Router::new().route("/items", methods());
    check(&mut router).await;
    check(&mut ::axum::Router::from(router)).await;
    check(&mut methods()).await;
}

#[tokio::test]
async fn enforce_refuses_the_handshake_of_a_web_socket() {
    use ::axum::extract::WebSocketUpgrade;
    use cors_runtime::axum::{Router, cors, routing::any};

    #[cors(origins = ["https://app.example.com"], enforce)]
    async fn chat(upgrade: WebSocketUpgrade) -> ::axum::response::Response {
        upgrade.on_upgrade(async |_| {})
    }

    let mut app: Router = Router::new().route("/chat", any(chat));
    // 426: the policy allows the page, but there is no connection to upgrade.
    for (page, status) in [(PAGE, 426), ("https://evil.example", 403)] {
        let fetch = Fetch::websocket("wss://api.example.com/chat");
        let blocked = Browser::at(page).fetch(&mut app, fetch).await.unwrap_err();
        assert_eq!(blocked.reason(), &Reason::WebSocketStatus(status));
    }
}

#[tokio::test]
async fn a_router_of_axum() {
    use ::axum::routing::get;

    let router = ::axum::Router::new().route("/items", get(axum::plain).put(axum::plain));
    check(&mut CorsLayer::new(&POLICY).layer(router.clone())).await;
    check(&mut cors_runtime::axum::Router::from(router).cors(&POLICY)).await;
}

async fn echo<B>(request: Request<B>) -> Result<Response<String>, Infallible>
where
    B: hyper::body::Body<Error: std::fmt::Debug>,
{
    use http_body_util::BodyExt;

    let body = request.into_body().collect().await.unwrap().to_bytes();
    Ok(answer(&body))
}

fn answer(body: &[u8]) -> Response<String> {
    let response = Response::builder()
        .header("x-total", 3)
        .header("x-build", 42);
    response
        .body(String::from_utf8(body.to_vec()).unwrap())
        .unwrap()
}

#[tokio::test]
async fn a_layer() {
    check(
        &mut ServiceBuilder::new()
            .layer(CorsLayer::new(&POLICY))
            .service_fn(echo),
    )
    .await;
}

mod function {
    use super::{Infallible, POLICY, Request, Response, answer};
    use cors_runtime::http::cors;

    #[cors(policy = POLICY)]
    pub(super) async fn of_vec(request: Request<Vec<u8>>) -> Result<Response<String>, Infallible> {
        Ok(answer(request.body()))
    }

    #[cors(policy = POLICY)]
    pub(super) async fn of_lambda(
        request: lambda_http::Request,
    ) -> Result<Response<lambda_http::Body>, lambda_http::Error> {
        Ok(answer(request.body()).map(Into::into))
    }
}

#[tokio::test]
async fn functions() {
    check(&mut with_body(service_fn(function::of_vec), |bytes| {
        bytes.to_vec()
    }))
    .await;
    let lambda = |bytes: hyper::body::Bytes| lambda_http::Body::from(bytes.to_vec());
    check(&mut with_body(service_fn(function::of_lambda), lambda)).await;
}

mod actix {
    use super::POLICY;
    use actix_web::{HttpResponse, get, put};
    use cors_runtime::actix_web::cors;

    fn answer(body: String) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        response
            .insert_header(("x-total", "3"))
            .insert_header(("x-build", "42"))
            .body(body)
    }

    #[cors(policy = POLICY)]
    #[put("/items")]
    pub(super) async fn write(body: String) -> HttpResponse {
        answer(body)
    }

    #[cors(policy = POLICY)]
    #[get("/items")]
    pub(super) async fn read() -> HttpResponse {
        answer(String::new())
    }
}

#[tokio::test]
async fn an_application_of_actix_web() {
    use actix_web::{App, test};
    use cors_runtime::actix_web::Cors;

    let app = || App::new().service(actix::write).service(actix::read);
    check(&mut test::init_service(app()).await).await;
    check(&mut test::init_service(app().wrap(Cors::outermost())).await).await;
}

#[tokio::test]
async fn an_error_of_actix_web_is_a_response() {
    use actix_web::dev::Service;
    use actix_web::{App, error, test};

    let fail = App::new().wrap_fn(|request, service| {
        drop(service.call(request));
        std::future::ready(Err::<actix_web::dev::ServiceResponse, _>(
            error::ErrorImATeapot("tea"),
        ))
    });
    let mut app = test::init_service(fail).await;
    let page = Browser::at(PAGE)
        .fetch(&mut app, Fetch::get("/"))
        .await
        .unwrap();
    page.assert_status(418);
    assert_eq!(page.text().await, "tea");
}

#[tokio::test]
async fn an_error_of_actix_web_has_the_headers_of_outer_middleware() {
    use actix_web::body::BoxBody;
    use actix_web::dev::{ServiceRequest, ServiceResponse};
    use actix_web::middleware::{Next, from_fn};
    use actix_web::{App, error, test};
    use cors_runtime::actix_web::Cors;

    async fn refuse(_: ServiceRequest, _: Next<BoxBody>) -> actix_web::Result<ServiceResponse> {
        Err(error::ErrorUnauthorized("sign in"))
    }

    let app = App::new().service(actix::read).wrap(from_fn(refuse));
    let mut app = test::init_service(app.wrap(Cors::outermost())).await;
    let page = Browser::at(PAGE).fetch(&mut app, Fetch::get(API)).await;
    page.unwrap().assert_status(401);
}

#[tokio::test]
async fn routes_of_several_applications() {
    let mut browser = Browser::at(PAGE);
    browser.route(
        "https://api.example.com",
        cors_runtime::axum::Router::<()>::new(),
    );
    browser.route(
        "http://localhost:3000",
        service_fn(echo::<http_body_util::Full<_>>),
    );
    browser.send(Fetch::get(API)).await.unwrap_err();
    assert_eq!(last(&browser).status(), Some(404));
    browser
        .send(Fetch::get("http://localhost:3000/"))
        .await
        .unwrap_err();
    assert_eq!(last(&browser).status(), Some(200));
    let blocked = browser
        .send(Fetch::get("https://api.example.com:444/"))
        .await
        .unwrap_err();
    assert_eq!(blocked.reason(), &Reason::NoServer);
}

#[tokio::test]
async fn a_failing_service_is_a_network_error() {
    let mut app = service_fn(async |_| Err::<Response<String>, _>("no answer"));
    let mut browser = Browser::at(PAGE);
    let blocked = browser.fetch(&mut app, Fetch::get(API)).await.unwrap_err();
    assert_eq!(
        blocked.reason(),
        &Reason::ServerFailed("no answer".to_owned())
    );
    assert_eq!(last(&browser).status(), None);
}

#[tokio::test]
async fn a_service_is_polled_until_it_is_ready() {
    static CALLS: AtomicUsize = AtomicUsize::new(0);

    let service = service_fn(async |_| {
        CALLS.fetch_add(1, Ordering::Relaxed);
        Ok::<_, Infallible>(answer(b""))
    });
    // A service that panics if it is called before `poll_ready` returned.
    let mut app = tower::limit::ConcurrencyLimit::new(service, 1);
    for _ in 0..3 {
        Browser::at(PAGE)
            .fetch(&mut app, Fetch::get("/"))
            .await
            .unwrap();
    }
    assert_eq!(CALLS.load(Ordering::Relaxed), 3);
    let mut boxed = service_fn(echo::<http_body_util::Full<_>>).boxed();
    let _ = boxed.poll_ready(&mut std::task::Context::from_waker(std::task::Waker::noop()));
    Browser::at(PAGE)
        .fetch(&mut boxed, Fetch::get("/"))
        .await
        .unwrap();
}
