//! Tests that axum does not run user code before `enforce` refuses a request.

use axum::extract::{FromRequestParts, Query, Request};
use axum::http::header::{AUTHORIZATION, HOST};
use axum::http::request::Parts;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing as plainly;
use cors_runtime::axum::routing::{get, post};
use cors_runtime::axum::{Router, cors};
use cors_runtime::{Policy, policy};

use super::{POLICY, RUNS, SEC_FETCH_SITE, handler, is_refused, is_served, stranger, work};
use crate::common::{ADMIN, APP, STRANGER, request};

/// An extractor that counts its calls, and rejects every request.
struct Rejecting;

impl<S: Sync> FromRequestParts<S> for Rejecting {
    type Rejection = Response;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Response> {
        Err(work())
    }
}

#[cors(origins = ["https://app.example"], enforce)]
async fn extracting(_: Query<()>, _: Rejecting) {}

async fn auth(request: Request, next: Next) -> Response {
    if request.headers().contains_key(AUTHORIZATION) {
        return next.run(request).await;
    }
    work()
}

#[tokio::test]
async fn extractors_do_not_run_for_refused_requests() {
    let app = Router::new().route("/", get(extracting));
    is_refused(&stranger("GET").to(&app).await);
    is_served(&request("GET", "/").from(APP).to(&app).await).allows(APP);
}

#[tokio::test]
async fn layers_do_not_run_for_refused_requests() {
    let app = Router::new().route("/", get(handler)).layer(from_fn(auth));
    let app = Router::new().nest("/api", app).layer(from_fn(auth));
    let sent = || request("GET", "/api").from(STRANGER);
    is_refused(&sent().to(&app).await);
    is_refused(&sent().header(AUTHORIZATION, "token").to(&app).await);
    is_served(&request("GET", "/api").from(APP).to(&app).await).allows(APP);
    let own = sent().header(SEC_FETCH_SITE, "same-origin");
    is_served(&own.to(&app).await).is_denied();
}

#[tokio::test]
async fn enforce_applies_only_to_its_own_handler() {
    #[cors(origins = ["https://app.example"])]
    async fn lenient() -> Response {
        work()
    }
    let handlers = get(handler).post(lenient).put(async || work());
    let app = Router::new().route("/", handlers);
    is_refused(&stranger("GET").to(&app).await);
    is_refused(&stranger("HEAD").to(&app).await);
    is_served(&stranger("POST").to(&app).await).is_denied();
    stranger("PUT").to(&app).await.is(200).is_without_policy();
    assert_eq!(RUNS.take(), 1);
    // No handler serves the method, so no handler runs.
    stranger("DELETE").to(&app).await.is(405).is_denied();
    request("DELETE", "/")
        .from(APP)
        .to(&app)
        .await
        .is(405)
        .allows(APP);
}

#[tokio::test]
async fn a_default_of_the_app_can_enforce() {
    let app = Router::new()
        .route("/plain", get(async || work()))
        .route("/open", get(open))
        .cors(&POLICY);
    is_refused(&request("GET", "/plain").from(STRANGER).to(&app).await);
    is_served(&request("GET", "/plain").from(APP).to(&app).await).allows(APP);
    // The policy of the handler replaces all of the default policy.
    let reply = request("GET", "/open").from(STRANGER).to(&app).await;
    reply.is(200).allows("*");
}

static OTHER: Policy = policy! { origins = ["https://admin.example"], enforce };

#[cors(policy = OTHER)]
async fn other() {}

/// The 405 of axum, or the fallback of the user.
#[tokio::test]
async fn a_method_that_is_not_served_is_refused_if_all_policies_of_the_path_refuse() {
    for path in [
        Router::new().route("/", get(handler)),
        Router::new().route("/", get(async || work())).cors(&POLICY),
        Router::new().route("/", get(handler).post(other)),
        Router::new()
            .merge(Router::new().route("/", get(async || work())).cors(&OTHER))
            .merge(
                Router::new()
                    .route("/", post(async || work()))
                    .cors(&POLICY),
            ),
    ] {
        let fallback = path.clone().method_not_allowed_fallback(async || work());
        for (app, ran) in [(path, 0), (fallback, 1)] {
            for method in ["PUT", "OPTIONS"] {
                is_refused(&stranger(method).to(&app).await);
                let own = stranger(method).header(SEC_FETCH_SITE, "same-origin");
                own.to(&app).await.is_denied();
                assert_eq!(RUNS.take(), ran);
                request(method, "/").from(APP).to(&app).await.allows(APP);
                assert_eq!(RUNS.take(), ran);
                request(method, "/").to(&app).await.is_denied();
                assert_eq!(RUNS.take(), ran);
            }
        }
    }
}

#[tokio::test]
async fn a_method_that_is_not_served_is_refused_on_another_host() {
    static LOCAL: Policy = policy! {
        origins = ["https://app.example"],
        enforce,
        hosts = ["localhost"],
    };
    #[cors(policy = LOCAL)]
    async fn local() {}

    let app = Router::new().route("/", get(local).put(handler));
    let app = app.method_not_allowed_fallback(async || work());
    let alone = Router::new().route("/", get(async || work())).cors(&LOCAL);
    let alone = alone.method_not_allowed_fallback(async || work());
    for origin in ["http://rebound.example", STRANGER] {
        let sent = || {
            request("POST", "/")
                .from(origin)
                .header(HOST, "rebound.example")
        };
        is_refused(&sent().to(&alone).await);
    }
    let sent = || request("POST", "/").header(HOST, "rebound.example");
    is_refused(&sent().to(&alone).await);
    // The other policy of the path does not have `hosts`, and allows the page of the same origin.
    let same = sent().from("http://rebound.example");
    is_served(&same.to(&app).await).is_denied();
    is_refused(&sent().from(STRANGER).to(&app).await);
}

/// A method router of axum's own does not list its methods.
#[tokio::test]
async fn a_handler_that_is_not_known_does_not_run_if_all_policies_that_may_apply_refuse() {
    static THIRD: Policy = policy! { origins = ["https://third.example"], enforce };
    let theirs = |policy| {
        let router = Router::new().route("/", plainly::post(async || work()));
        router.cors(policy)
    };
    let head = || plainly::head(async || work());
    let two = Router::new()
        .merge(theirs(&POLICY))
        .merge(Router::new().route("/", head()).cors(&OTHER));
    let three = two.clone();
    let three = three.merge(
        Router::new()
            .route("/", plainly::put(async || work()))
            .cors(&THIRD),
    );
    let covered = Router::new().merge(theirs(&OTHER)).route("/", head());
    let beside = Router::new().route("/", head()).route("/", get(other));
    for app in [two, three, covered.cors(&POLICY), beside.cors(&POLICY)] {
        for method in ["HEAD", "POST", "OPTIONS"] {
            is_refused(&stranger(method).to(&app).await);
        }
        for sent in [
            request("HEAD", "/").from(APP),
            request("HEAD", "/").from(ADMIN),
            request("HEAD", "/"),
            request("HEAD", "/")
                .from(STRANGER)
                .header(SEC_FETCH_SITE, "same-origin"),
        ] {
            sent.to(&app).await.is(200).has_no_cors();
            assert_eq!(RUNS.take(), 1);
        }
    }
}

#[tokio::test]
async fn a_handler_that_is_not_known_runs_if_a_policy_that_may_apply_does_not_refuse() {
    static LENIENT: Policy = policy! { origins = ["https://admin.example"] };
    let theirs = || Router::new().route("/", plainly::post(async || work()));
    let head = || Router::new().route("/", plainly::head(async || work()));
    for app in [
        head().merge(theirs().cors(&POLICY)),
        theirs().cors(&POLICY).merge(head().cors(&LENIENT)),
        Router::new()
            .route("/", get(open))
            .merge(head().cors(&POLICY)),
    ] {
        let reply = stranger("HEAD").to(&app).await;
        reply.is(200).has_no_cors();
        assert_eq!(RUNS.take(), 1);
    }
}

#[cors(origins = "*")]
async fn open() {}
