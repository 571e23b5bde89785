//! Tests that a list that is not ready stops the program at start-up, or denies requests.

use std::error::Error;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::http::{Request, Response};
use cors_runtime::axum::{Router, cors, routing::get};
use cors_runtime::{NotReady, OriginList, OriginSource, Policy, RequestHead, policy};

use super::{allowed, panic_message, request, send};

static MISSING: OriginList = OriginList::from_env("NO_SUCH_VARIABLE_OF_CORS");
static NEEDS_MISSING: Policy = policy! {
    origins = ["https://app.example.com", MISSING],
    credentials,
};

#[cors(policy = NEEDS_MISSING)]
async fn unready() {}

const NOT_SET: &str = "MISSING: the environment variable `NO_SUCH_VARIABLE_OF_CORS` is not set";

#[test]
fn mounting_a_handler_checks_its_list() {
    let mounts: [(&str, fn()); 4] = [
        ("`policies::origin_sources::ready::unready`", || {
            drop(get::<_, _, ()>(unready));
        }),
        ("`policies::origin_sources::ready::unready`", || {
            drop(Router::<()>::new().fallback(unready));
        }),
        ("`Router::cors`", || {
            drop(Router::<()>::new().cors(&NEEDS_MISSING));
        }),
        ("`CorsLayer::new`", || {
            drop(cors_runtime::tower::CorsLayer::new(&NEEDS_MISSING));
        }),
    ];
    for (who, mount) in mounts {
        let message = panic_message(mount);
        assert!(message.starts_with(who), "{message}");
        assert!(message.contains(NOT_SET), "{message}");
    }

    let error = NEEDS_MISSING.ready().unwrap_err().to_string();
    assert!(
        error.contains(NEEDS_MISSING.location()) && error.contains(NOT_SET),
        "{error}"
    );
}

static LAZY: LazyLock<OriginList> =
    LazyLock::new(|| OriginList::from_env("NO_SUCH_VARIABLE_OF_CORS"));

#[test]
fn a_lazy_source_is_as_ready_as_its_value() {
    for error in [
        OriginSource::ready(&LAZY, false),
        OriginSource::ready_for(&LAZY, false, false),
    ] {
        assert!(NOT_SET.ends_with(&error.unwrap_err().to_string()));
    }
}

#[derive(Debug)]
struct Unreachable(std::fmt::Error);

impl std::fmt::Display for Unreachable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the database is unreachable")
    }
}

impl Error for Unreachable {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn the_reason_of_a_source_keeps_its_cause() {
    let reason = NotReady::new(Unreachable(std::fmt::Error));
    assert_eq!(reason.to_string(), "the database is unreachable");
    let cause = reason.source().map(ToString::to_string);
    assert_eq!(cause, Some(std::fmt::Error.to_string()));
}

#[cors_runtime::http::cors(policy = NEEDS_MISSING)]
async fn without_mounting(request: Request<Body>) -> Response<Body> {
    Response::new(request.into_body())
}

#[tokio::test]
async fn an_unmounted_policy_denies_while_its_list_is_not_ready() {
    let response = without_mounting(request("https://other.example.com")).await;
    assert_eq!(allowed(&response), None);
    let reason = response.headers()["cors-denied"].to_str().unwrap();
    assert!(
        reason.contains("not ready") && reason.contains("Policy::ready"),
        "{reason}"
    );
    // An exact origin does not need the list.
    let response = without_mounting(request("https://app.example.com")).await;
    assert_eq!(allowed(&response), Some("https://app.example.com"));
}

static INSECURE: OriginList = OriginList::new();

#[cors_runtime::http::cors(origins = [INSECURE], credentials)]
async fn with_credentials(request: Request<Body>) -> Response<Body> {
    Response::new(request.into_body())
}

#[tokio::test]
async fn a_list_is_checked_by_the_rules_of_its_policies() {
    let origin = "http://intranet.example.com";
    INSECURE.replace([origin]).unwrap();
    let response = with_credentials(request(origin)).await;
    assert_eq!(allowed(&response), None);
    // Once the list is valid, requests use it, and it has to stay valid.
    INSECURE.replace(["https://intranet.example.com"]).unwrap();
    let response = with_credentials(request("https://intranet.example.com")).await;
    assert_eq!(allowed(&response), Some("https://intranet.example.com"));
    INSECURE.replace([origin]).unwrap_err();
}

static ANY: OriginList = OriginList::new().allow_any();

#[cors_runtime::http::cors(origins = [ANY])]
async fn any(request: Request<Body>) -> Response<Body> {
    Response::new(request.into_body())
}

#[cors(origins = ["https://app.example.com", ANY])]
async fn any_in_axum() {}

#[cors(origins = [ANY], credentials)]
async fn any_with_credentials() {}

#[cors(origins = [ANY], enforce)]
async fn any_with_enforce() {}

#[cors_runtime::http::cors(origins = [ANY], enforce)]
async fn any_with_enforce_unmounted(request: Request<Body>) -> Response<Body> {
    Response::new(request.into_body())
}

#[tokio::test]
async fn a_list_of_any_repeats_the_origin_of_the_request() {
    ANY.replace(["*"]).unwrap();
    let app = Router::new().route("/items", get(any_in_axum));
    for origin in ["https://other.example.com", "http://localhost:3000"] {
        for response in [
            any(request(origin)).await,
            send(app.clone(), request(origin)).await,
        ] {
            assert_eq!(allowed(&response), Some(origin));
            assert_eq!(response.headers()["vary"], "Origin");
        }
    }
    let response = any(request("null")).await;
    assert_eq!(allowed(&response), None);
    assert_eq!(response.headers()["vary"], "Origin");

    // Policies that exclude `*` panic when they are mounted, and otherwise deny each request.
    let message = panic_message(|| get::<_, _, ()>(any_with_credentials));
    assert!(
        message.contains("ANY: ") && message.contains("`credentials`"),
        "{message}"
    );
    let message = panic_message(|| get::<_, _, ()>(any_with_enforce));
    assert!(
        message.contains("ANY: ") && message.contains("`enforce`"),
        "{message}"
    );
    let response = any_with_enforce_unmounted(request("https://other.example.com")).await;
    assert_eq!(response.status(), 403);

    // Once such a policy is ready, the list has to stay valid for it.
    ANY.replace(["https://other.example.com"]).unwrap();
    drop(get::<_, _, ()>(any_with_enforce));
    ANY.replace(["*"]).unwrap_err();
}

static BUILT_ANY: LazyLock<OriginList> = LazyLock::new(|| {
    let list = OriginList::new().allow_any();
    list.replace(["*"]).expect("a valid list");
    list
});

#[test]
fn a_built_policy_rejects_any() {
    let policy = || Policy::builder().origin_source(&BUILT_ANY);
    policy().build().unwrap().ready().unwrap();
    let refused = policy().enforce(true).build().unwrap();
    refused.ready().unwrap_err();
    let refused = policy().credentials(true).build().unwrap();
    refused.ready().unwrap_err();
}

static BROKEN: LazyLock<OriginList> = LazyLock::new(|| {
    OriginList::try_from_iter(["null"]).unwrap_or_else(|error| panic!("origins.txt: {error}"))
});

#[cors(origins = [BROKEN])]
async fn broken() {}

#[test]
fn a_lazy_list_is_created_when_its_handler_is_mounted() {
    let message = panic_message(|| get::<_, _, ()>(broken));
    assert!(message.starts_with("origins.txt: "), "{message}");
}

/// An origin source of a custom type.
struct Counter {
    sent: AtomicUsize,
    ready: AtomicUsize,
}

impl OriginSource for Counter {
    fn allows(&self, _: &str, _: &RequestHead<'_>) -> bool {
        self.sent.fetch_add(1, Ordering::Relaxed) == 0
    }

    fn ready(&self, credentials: bool) -> Result<(), NotReady> {
        if credentials {
            return Err(NotReady::new("not with credentials"));
        }
        self.ready.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

static COUNTER: Counter = Counter {
    sent: AtomicUsize::new(0),
    ready: AtomicUsize::new(0),
};

#[cors(origins = [COUNTER])]
async fn counted() {}

#[cors(origins = [COUNTER], credentials)]
async fn counted_with_credentials() {}

#[tokio::test]
async fn a_custom_source_is_called_once_for_each_request() {
    let app = Router::new().route("/items", get(counted));
    for expected in [Some("https://a.example.com"), None, None] {
        let response = send(app.clone(), request("https://a.example.com")).await;
        assert_eq!(allowed(&response), expected);
    }
    assert_eq!(COUNTER.sent.load(Ordering::Relaxed), 3);
    assert_eq!(COUNTER.ready.load(Ordering::Relaxed), 1);

    let message = panic_message(|| get::<_, _, ()>(counted_with_credentials));
    assert!(
        message.contains("COUNTER: not with credentials"),
        "{message}"
    );
}

/// In development, the variable may be absent.
static DEPLOYED: OriginList = if cfg!(debug_assertions) {
    OriginList::from_env("NO_SUCH_VARIABLE_OF_CORS").allow_empty()
} else {
    OriginList::from_env("NO_SUCH_VARIABLE_OF_CORS")
};

#[test]
fn a_list_that_is_only_set_in_a_deployment() {
    static API: Policy = policy! { origins = [DEPLOYED] };
    assert_eq!(API.ready().is_ok(), cfg!(debug_assertions));
}
