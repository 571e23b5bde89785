//! Tests in every adapter, with and without an outer layer, that a request calls each origin source
//! at most once, and logs one event for a denial.

use std::cell::Cell;
use std::convert::Infallible;

use actix_web::test::init_service;
use actix_web::{self as actix, web};
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use cors_runtime::actix_web::Cors;
use cors_runtime::axum::routing::get;
use cors_runtime::axum::{Router, without_preflight};
use cors_runtime::tower::CorsLayer;
use cors_runtime::{OriginRequest, Policy, RequestHead, policy};
use tower::{Layer as _, ServiceBuilder, ServiceExt as _, service_fn};
use tracing::Level;

use crate::app::actix;
use crate::common::{APP, App, STRANGER, TestRequest, preflight, request};
use crate::log::Log;

thread_local! {
    static CALLS: Cell<usize> = const { Cell::new(0) };
}

fn counted(origin: &str, _: &RequestHead<'_>) -> bool {
    CALLS.set(CALLS.get() + 1);
    origin == APP
}

async fn counted_later(request: OriginRequest) -> bool {
    CALLS.set(CALLS.get() + 1);
    tokio::task::yield_now().await;
    request.origin() == APP
}

static COUNTED: Policy = policy! { origins = [counted] };
static LATER: Policy = policy! { origins = [ask(counted_later)] };
/// Another policy with the same sources.
static OTHER_COUNTED: Policy = policy! { origins = ["https://too.example", counted] };
static LATER_TOO: Policy = policy! { origins = ["https://too.example", ask(counted_later)] };
/// Allows the same origin as the other policies, without calling a source.
static OUTER: Policy = policy! { origins = ["https://app.example"] };

/// Sends an allowed and a denied request, each with its preflight, and a request for a method that
/// no handler serves.
struct Once<'a> {
    adapter: &'a str,
    path: &'a str,
    log: Log,
}

impl Once<'_> {
    async fn check(&self, app: &impl App) {
        let path = self.path;
        self.send(app, preflight("GET", path).from(APP), 1, 0).await;
        self.send(app, request("GET", path).from(APP), 1, 0).await;
        let denied = preflight("GET", path).from(STRANGER);
        self.send(app, denied, 1, 1).await;
        let denied = request("GET", path).from(STRANGER);
        self.send(app, denied, 1, 1).await;
        self.send(app, request("GET", path), 0, 0).await;
    }

    /// Skips the preflights, which are not routed to the handler.
    async fn check_without_preflight(&self, app: &impl App) {
        let path = self.path;
        self.send(app, request("GET", path).from(APP), 1, 0).await;
        let denied = request("GET", path).from(STRANGER);
        self.send(app, denied, 1, 1).await;
    }

    /// Expects an outer layer with another policy, which answers the preflights.
    async fn check_inside(&self, app: &impl App) {
        let path = self.path;
        self.send(app, preflight("GET", path).from(APP), 0, 0).await;
        self.send(app, request("GET", path).from(APP), 1, 0).await;
        let denied = preflight("GET", path).from(STRANGER);
        self.send(app, denied, 0, 1).await;
        let denied = request("GET", path).from(STRANGER);
        self.send(app, denied, 1, 1).await;
    }

    async fn send(&self, app: &impl App, request: TestRequest, calls: usize, events: usize) {
        CALLS.set(0);
        self.log.take();
        let reply = request.to(app).await;
        let (adapter, log) = (self.adapter, self.log.take());
        assert_eq!(CALLS.get(), calls, "calls of {adapter}: {reply:#?}");
        assert_eq!(log.lines().count(), events, "events of {adapter}: {log}");
    }
}

/// Runs the checks on this thread, and captures its events in the log.
fn run<F: Future<Output = ()>>(checks: impl FnOnce(Log) -> F) {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.subscriber(Level::DEBUG));
    actix::rt::System::new().block_on(checks(log));
}

fn once(adapter: &'static str, log: &Log) -> Once<'static> {
    Once {
        adapter,
        path: "/items",
        log: log.clone(),
    }
}

async fn plain() -> &'static str {
    "items"
}

async fn plain_service(_: Request) -> Result<Response, Infallible> {
    Ok(Response::new(Body::from("items")))
}

/// The handlers and apps of one policy.
macro_rules! adapters {
    ($module:ident, $policy:ident, $same_source:ident) => {
        mod $module {
            use super::*;

            mod whole {
                use super::*;
                use cors_runtime::http::cors;

                #[cors(policy = $policy)]
                pub(super) async fn service(
                    _: http::Request<Body>,
                ) -> Result<http::Response<Body>, Infallible> {
                    Ok(Response::new(Body::from("items")))
                }
            }

            mod of_axum {
                use super::*;
                use cors_runtime::axum::cors;

                #[cors(policy = $policy)]
                pub(super) async fn list() -> &'static str {
                    "items"
                }
            }

            mod of_actix {
                use super::*;
                use cors_runtime::actix_web::cors;

                #[cors(policy = $policy)]
                #[actix::get("/items")]
                pub(super) async fn route() -> &'static str {
                    "items"
                }

                #[cors(policy = $policy)]
                pub(super) async fn of_resource() -> &'static str {
                    "items"
                }
            }

            fn router() -> Router {
                Router::new().route("/items", get(of_axum::list))
            }

            #[test]
            fn http() {
                run(async |log| {
                    once("http", &log).check(&service_fn(whole::service)).await;
                });
            }

            #[test]
            fn axum() {
                run(async |log| {
                    once("axum", &log).check(&router()).await;
                    let default = Router::new().route("/items", get(plain)).cors(&$policy);
                    once("axum, default policy", &log).check(&default).await;
                    let fallback = Router::<()>::new().fallback(of_axum::list);
                    once("axum, fallback", &log).check(&fallback).await;
                    let foreign = axum::Router::new().route("/other", axum::routing::get(plain));
                    let fallback = Router::from(foreign).fallback(of_axum::list);
                    let once_there = once("axum, fallback beside axum's routes", &log);
                    once_there.check_without_preflight(&fallback).await;
                    let methods: axum::routing::MethodRouter = get(of_axum::list).into();
                    let converted = axum::Router::<()>::new().route("/items", methods);
                    once("axum, converted", &log).check(&converted).await;
                    let list = axum::routing::get(without_preflight(of_axum::list));
                    let without = axum::Router::<()>::new().route("/items", list);
                    let once_there = once("axum, without preflight", &log);
                    once_there.check_without_preflight(&without).await;
                });
            }

            #[test]
            fn axum_inside_of_a_default_policy() {
                run(async |log| {
                    let inner = axum::Router::from(router());
                    let same = Router::from(inner.clone()).cors(&$policy);
                    once("axum, the same default", &log).check(&same).await;
                    let other = Router::from(inner).cors(&OUTER);
                    let once_there = once("axum, another default", &log);
                    once_there.check_inside(&other).await;
                });
            }

            #[test]
            fn tower() {
                run(async |log| {
                    let layers = || ServiceBuilder::new().layer(CorsLayer::new(&$policy));
                    let app = layers().service(service_fn(plain_service));
                    once("tower", &log).check(&app).await;
                    let app = layers().service(router());
                    once("tower around axum", &log).check(&app).await;
                    let app = layers().service(service_fn(whole::service));
                    once("tower around http", &log).check(&app).await;
                    let app = layers().layer(CorsLayer::new(&$policy));
                    let app = app.service(service_fn(plain_service));
                    once("tower around tower", &log).check(&app).await;
                });
            }

            #[test]
            fn tower_with_another_policy() {
                run(async |log| {
                    let layers = || ServiceBuilder::new().layer(CorsLayer::new(&OUTER));
                    let app = layers().service(router());
                    once("another layer around axum", &log)
                        .check_inside(&app)
                        .await;
                    let app = layers().service(service_fn(whole::service));
                    once("another layer around http", &log)
                        .check_inside(&app)
                        .await;
                    let app = layers().layer(CorsLayer::new(&$policy));
                    let app = app.service(service_fn(plain_service));
                    once("another layer around tower", &log)
                        .check_inside(&app)
                        .await;
                });
            }

            #[test]
            fn tower_with_the_same_source() {
                run(async |log| {
                    let layers = || ServiceBuilder::new().layer(CorsLayer::new(&$same_source));
                    let app = layers().service(router());
                    once("the same source around axum", &log).check(&app).await;
                    let app = layers().service(service_fn(whole::service));
                    once("the same source around http", &log).check(&app).await;
                    let app = layers().layer(CorsLayer::new(&$policy));
                    let app = app.service(service_fn(plain_service));
                    once("the same source around tower", &log).check(&app).await;
                    let app = layers().layer(CorsLayer::new(&OUTER));
                    let app = app.service(service_fn(whole::service));
                    once("a layer without a source between", &log)
                        .check(&app)
                        .await;
                    let inner = axum::Router::from(router());
                    let default = Router::from(inner).cors(&$same_source);
                    once("the same source as the default", &log)
                        .check(&default)
                        .await;
                });
            }

            #[test]
            fn an_inner_service_that_fails() {
                run(async |log| {
                    let fails = service_fn(|_: Request| async { Err::<Response, _>("failure") });
                    let app = CorsLayer::new(&$policy).layer(fails);
                    let denied = axum::http::Request::get("/items").header("origin", STRANGER);
                    let denied = denied.body(Body::empty()).expect("a request");
                    CALLS.set(0);
                    log.take();
                    assert_eq!(app.oneshot(denied).await.err(), Some("failure"));
                    assert_eq!((CALLS.get(), log.take().lines().count()), (1, 1));
                });
            }

            fn services(config: &mut web::ServiceConfig) {
                config.service(of_actix::route);
            }

            fn resources(config: &mut web::ServiceConfig) {
                let resource = cors_runtime::actix_web::resource("/items");
                config.service(resource.get(of_actix::of_resource));
            }

            #[test]
            fn actix_web() {
                run(async |log| {
                    for configure in [services, resources] {
                        let app = actix::App::new().configure(configure);
                        let app = actix(init_service(app).await);
                        once("actix-web", &log).check(&app).await;
                        let app = actix::App::new().configure(configure);
                        let app = actix(init_service(app.wrap(Cors::outermost())).await);
                        once("actix-web, outermost", &log).check(&app).await;
                        let app = actix::App::new().configure(configure);
                        let app = actix(init_service(app.wrap(Cors::new(&OUTER))).await);
                        once("actix-web, another default", &log).check(&app).await;
                        let app = actix::App::new().configure(configure);
                        let app = app.wrap(Cors::new(&$policy)).wrap(Cors::outermost());
                        let app = actix(init_service(app).await);
                        once("actix-web, two of them", &log).check(&app).await;
                        let app = actix::App::new().configure(configure);
                        let app = actix(init_service(app.wrap(Cors::new(&$same_source))).await);
                        once("actix-web, the same source", &log).check(&app).await;
                    }
                });
            }

            #[test]
            fn actix_web_default_policy() {
                run(async |log| {
                    let app = actix::App::new().route("/items", web::get().to(plain));
                    let app = actix(init_service(app.wrap(Cors::new(&$policy))).await);
                    once("actix-web, default policy", &log).check(&app).await;
                });
            }
        }
    };
}

adapters!(source, COUNTED, OTHER_COUNTED);
adapters!(async_source, LATER, LATER_TOO);

/// Two handlers of one path, with different policies that name the same source.
mod method_not_allowed {
    use super::*;

    mod of_axum {
        use super::*;
        use cors_runtime::axum::cors;

        #[cors(origins = [counted])]
        pub(super) async fn list() {}

        #[cors(origins = ["https://other.example", counted])]
        pub(super) async fn create() {}
    }

    mod of_actix {
        use super::*;
        use cors_runtime::actix_web::cors;

        #[cors(origins = [counted])]
        pub(super) async fn list() -> &'static str {
            ""
        }

        #[cors(origins = ["https://other.example", counted])]
        pub(super) async fn create() -> &'static str {
            ""
        }
    }

    #[test]
    fn axum() {
        run(async |log| {
            let methods = get(of_axum::list).post(of_axum::create);
            let app: Router = Router::new().route("/items", methods);
            let once = once("axum", &log);
            once.send(&app, request("PUT", "/items").from(APP), 1, 0)
                .await;
            let denied = request("PUT", "/items").from(STRANGER);
            once.send(&app, denied, 1, 1).await;
        });
    }

    #[test]
    fn actix_web() {
        run(async |log| {
            for is_inside in [false, true] {
                let resource = cors_runtime::actix_web::resource("/items");
                let resource = resource.get(of_actix::list).post(of_actix::create);
                let outermost = actix::middleware::Condition::new(is_inside, Cors::outermost());
                let app = actix::App::new().service(resource).wrap(outermost);
                let app = actix(init_service(app).await);
                let once = once("actix-web", &log);
                once.send(&app, request("PUT", "/items").from(APP), 1, 0)
                    .await;
                let denied = request("PUT", "/items").from(STRANGER);
                once.send(&app, denied, 1, 1).await;
            }
        });
    }
}
