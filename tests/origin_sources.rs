//! Paths in `origins`: functions and lists that decide while the program runs.

use std::panic::{self, AssertUnwindSafe};
use std::sync::LazyLock;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use cors_runtime::axum::{Router, cors, routing::get};
use cors_runtime::{NotReady, OriginList, OriginSource, Policy, RequestHead, policy};
use tower::ServiceExt as _;

mod tenants {
    use cors_runtime::RequestHead;

    pub(crate) fn allowed(origin: &str, _: &RequestHead<'_>) -> bool {
        origin == "https://tenant.example.com"
    }
}

static LIST: OriginList = OriginList::new().allow_empty();
static LAZY: LazyLock<OriginList> =
    LazyLock::new(|| OriginList::try_from_iter(["https://lazy.example.com"]).unwrap());

#[cors(
    origins = ["https://app.example.com", tenants::allowed, LIST, crate::LAZY],
    headers = ["content-type"],
    expose = ["location"],
    credentials,
)]
async fn items() -> &'static str {
    "items"
}

async fn send(app: Router, request: Request<Body>) -> Response<Body> {
    app.oneshot(request).await.unwrap()
}

fn request(origin: &str) -> Request<Body> {
    let request = Request::get("/items").header("origin", origin);
    request.body(Body::empty()).unwrap()
}

fn preflight(origin: &str) -> Request<Body> {
    let request = Request::options("/items")
        .header("origin", origin)
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "content-type");
    request.body(Body::empty()).unwrap()
}

fn allowed(response: &Response<Body>) -> Option<&str> {
    let value = response.headers().get("access-control-allow-origin");
    value.map(|value| value.to_str().unwrap())
}

fn vary(response: &Response<Body>) -> &str {
    response.headers()["vary"].to_str().unwrap()
}

#[tokio::test]
async fn every_kind_of_entry_answers_with_the_origin_that_asked() {
    LIST.replace(["https://*.listed.example.com"]).unwrap();
    let app = Router::new().route("/items", get(items));
    for origin in [
        "https://app.example.com",
        "https://tenant.example.com",
        "https://blue.listed.example.com",
        "https://lazy.example.com",
    ] {
        let response = send(app.clone(), request(origin)).await;
        assert_eq!(allowed(&response), Some(origin));
        assert_eq!(
            response.headers()["access-control-allow-credentials"],
            "true"
        );
        assert_eq!(
            response.headers()["access-control-expose-headers"],
            "location"
        );
        assert_eq!(vary(&response), "Origin");

        let response = send(app.clone(), preflight(origin)).await;
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
        assert_eq!(allowed(&response), Some(origin));
    }
    let response = send(app.clone(), request("https://other.example.com")).await;
    assert_eq!((allowed(&response), vary(&response)), (None, "Origin"));
    let response = send(app.clone(), preflight("https://other.example.com")).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);

    let none = Request::get("/items").body(Body::empty()).unwrap();
    assert_eq!(vary(&send(app, none).await), "Origin");
}

static ASKED: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn remember(origin: &str, _: &RequestHead<'_>) -> bool {
    ASKED.lock().unwrap().push(origin.to_owned());
    false
}

#[cors(origins = ["https://app.example.com", remember])]
async fn remembered() {}

#[tokio::test]
async fn only_what_has_the_form_of_an_origin_reaches_user_code() {
    let app = Router::new().route("/items", get(remembered));
    let long = format!("https://{}.example.com", "a".repeat(400));
    for junk in [
        "null",
        "",
        "*",
        "https://a.example.com/",
        "https://A.example.com",
        "https://a.example.com:443",
        "https://a.example.com https://b.example.com",
        "a.example.com",
        "file:///etc/passwd",
        &long,
    ] {
        let response = send(app.clone(), request(junk)).await;
        assert_eq!(allowed(&response), None, "{junk}");
    }
    let two = Request::get("/items")
        .header("origin", "https://a.example.com")
        .header("origin", "https://b.example.com");
    send(app.clone(), two.body(Body::empty()).unwrap()).await;
    let bytes = Request::get("/items").header("origin", &b"https://\xe9.example.com"[..]);
    send(app.clone(), bytes.body(Body::empty()).unwrap()).await;
    // What is listed is not asked about.
    send(app.clone(), request("https://app.example.com")).await;
    assert_eq!(*ASKED.lock().unwrap(), [""; 0]);

    send(app, request("https://a.example.com:8443")).await;
    assert_eq!(*ASKED.lock().unwrap(), ["https://a.example.com:8443"]);
}

fn by_head(origin: &str, request: &RequestHead<'_>) -> bool {
    // The same for a preflight and for what it is about, in every adapter.
    assert_eq!(request.path(), "/items");
    assert_eq!(request.host(), Some("blue.api.example.com"));
    assert_eq!(request.header("Origin"), Some(origin.as_bytes()));
    assert_eq!(request.is_preflight(), request.method() == "OPTIONS");
    assert_eq!(
        request.header("cookie").is_some(),
        request.method() == "GET"
    );
    true
}

static BY_HEAD: Policy = policy! { origins = [by_head], headers = ["content-type"] };

#[cors(policy = BY_HEAD)]
async fn in_axum() {}

#[cors_runtime::http::cors(policy = BY_HEAD)]
async fn in_http(request: Request<Body>) -> Response<Body> {
    Response::new(request.into_body())
}

async fn bare(request: Request<Body>) -> Result<Response<Body>, std::convert::Infallible> {
    Ok(Response::new(request.into_body()))
}

#[tokio::test]
async fn the_head_of_a_request_is_the_same_in_every_adapter() {
    let origin = "https://blue.example.com";
    let requests = || {
        let mut actual = request(origin);
        let mut preflight = preflight(origin);
        actual
            .headers_mut()
            .insert("cookie", "a=b".parse().unwrap());
        for request in [&mut actual, &mut preflight] {
            let host = "blue.api.example.com".parse().unwrap();
            request.headers_mut().insert("host", host);
        }
        [actual, preflight]
    };
    let layer = cors_runtime::tower::CorsLayer::new(&BY_HEAD);
    let service = tower::ServiceBuilder::new().layer(layer).service_fn(bare);
    for request in requests() {
        let app = Router::new().route("/items", get(in_axum));
        assert_eq!(allowed(&send(app, request).await), Some(origin));
    }
    for request in requests() {
        assert_eq!(allowed(&in_http(request).await), Some(origin));
    }
    for request in requests() {
        let response = service.clone().oneshot(request).await.unwrap();
        assert_eq!(allowed(&response), Some(origin));
    }
}

#[test]
fn the_host_of_http_2_stands_in_the_target() {
    let request = Request::get("https://api.example.com:8443/a%20b?c=d").body(());
    let request = request.unwrap();
    let head = RequestHead::from(&request);
    assert_eq!(head.host(), Some("api.example.com:8443"));
    assert_eq!(head.path(), "/a%20b");
    assert!(!head.is_preflight());
}

fn panics(origin: &str, _: &RequestHead<'_>) -> bool {
    panic!("no database for {origin}");
}

#[cors(origins = [panics, tenants::allowed], methods = [GET])]
async fn panicking() -> &'static str {
    "served"
}

#[tokio::test]
async fn a_panic_denies_and_the_response_lives() {
    let app = Router::new().route("/items", get(panicking));
    let response = send(app.clone(), request("https://other.example.com")).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!((allowed(&response), vary(&response)), (None, "Origin"));
    let reason = response.headers()["cors-denied"].to_str().unwrap();
    assert!(reason.contains("panicked"), "{reason}");

    let response = send(app.clone(), preflight("https://other.example.com")).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    // The entries behind it are still asked.
    let response = send(app, request("https://tenant.example.com")).await;
    assert_eq!(allowed(&response), Some("https://tenant.example.com"));
}

static MISSING: OriginList = OriginList::from_env("NO_SUCH_VARIABLE_OF_CORS");
static NEEDS_MISSING: Policy = policy! {
    origins = ["https://app.example.com", MISSING],
    credentials,
};

#[cors(policy = NEEDS_MISSING)]
async fn unready() {}

fn panic_message<T>(run: impl FnOnce() -> T) -> String {
    let Err(message) = panic::catch_unwind(AssertUnwindSafe(run)) else {
        panic!("it did not panic");
    };
    message.downcast_ref::<String>().unwrap().clone()
}

const NOT_SET: &str = "MISSING: the environment variable `NO_SUCH_VARIABLE_OF_CORS` is not set";

#[test]
fn mounting_a_handler_asks_for_its_list() {
    let mounts: [(&str, fn()); 4] = [
        ("`origin_sources::unready`", || {
            drop(get::<_, _, ()>(unready));
        }),
        ("`origin_sources::unready`", || {
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

#[cors_runtime::http::cors(policy = NEEDS_MISSING)]
async fn without_mounting(request: Request<Body>) -> Response<Body> {
    Response::new(request.into_body())
}

#[tokio::test]
async fn where_nothing_is_mounted_a_request_finds_the_list_that_is_not_ready() {
    let response = without_mounting(request("https://other.example.com")).await;
    assert_eq!(allowed(&response), None);
    let reason = response.headers()["cors-denied"].to_str().unwrap();
    assert!(
        reason.contains("not ready") && reason.contains("Policy::ready"),
        "{reason}"
    );
    // What is written out needs no list.
    let response = without_mounting(request("https://app.example.com")).await;
    assert_eq!(allowed(&response), Some("https://app.example.com"));
}

static INSECURE: OriginList = OriginList::new();

#[cors_runtime::http::cors(origins = [INSECURE], credentials)]
async fn with_credentials(request: Request<Body>) -> Response<Body> {
    Response::new(request.into_body())
}

#[tokio::test]
async fn a_list_keeps_to_the_rules_of_the_policy_that_names_it() {
    let origin = "http://intranet.example.com";
    INSECURE.replace([origin]).unwrap();
    let response = with_credentials(request(origin)).await;
    assert_eq!(allowed(&response), None);
    // As soon as it is sound, it is asked; and from then on it stays sound.
    INSECURE.replace(["https://intranet.example.com"]).unwrap();
    let response = with_credentials(request("https://intranet.example.com")).await;
    assert_eq!(allowed(&response), Some("https://intranet.example.com"));
    INSECURE.replace([origin]).unwrap_err();
}

/// A type of the user's own.
struct Counter {
    asked: AtomicUsize,
    ready: AtomicUsize,
}

impl OriginSource for Counter {
    fn allows(&self, _: &str, _: &RequestHead<'_>) -> bool {
        self.asked.fetch_add(1, Ordering::Relaxed) == 0
    }

    fn ready(&self, policy: &Policy) -> Result<(), NotReady> {
        if policy.credentials() {
            return Err(NotReady::new("not with credentials"));
        }
        self.ready.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

static COUNTER: Counter = Counter {
    asked: AtomicUsize::new(0),
    ready: AtomicUsize::new(0),
};

#[cors(origins = [COUNTER])]
async fn counted() {}

#[cors(origins = [COUNTER], credentials)]
async fn counted_with_credentials() {}

#[tokio::test]
async fn a_type_of_the_users_own_is_asked_once_for_each_request() {
    let app = Router::new().route("/items", get(counted));
    for expected in [Some("https://a.example.com"), None, None] {
        let response = send(app.clone(), request("https://a.example.com")).await;
        assert_eq!(allowed(&response), expected);
    }
    assert_eq!(COUNTER.asked.load(Ordering::Relaxed), 3);
    assert_eq!(COUNTER.ready.load(Ordering::Relaxed), 1);

    let message = panic_message(|| get::<_, _, ()>(counted_with_credentials));
    assert!(
        message.contains("COUNTER: not with credentials"),
        "{message}"
    );
}

#[test]
fn policies_show_the_path_as_it_was_written() {
    let app: Router = Router::new().route("/items", get(items));
    let table = app.policies().to_string();
    let origins = "https://app.example.com, tenants::allowed, LIST, crate::LAZY";
    assert!(table.contains(origins), "{table}");
    assert!(format!("{BY_HEAD:?}").contains("Source(\"by_head\")"));
}

#[tokio::test]
async fn a_policy_from_the_builder_has_sources_too() {
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
    assert!(error.to_string().contains("`\"*\"` stands for everything"));
}

/// A list with the name of what the expansion makes.
static POLICY: OriginList = OriginList::new().allow_empty();
static SOURCE: OriginList = OriginList::new().allow_empty();

#[cors(origins = [POLICY, SOURCE])]
async fn names() {}

#[tokio::test]
async fn no_name_of_the_users_is_hidden() {
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

/// The same for a list that the environment fills: in development it need not be set.
static DEPLOYED: OriginList = if cfg!(debug_assertions) {
    OriginList::from_env("NO_SUCH_VARIABLE_OF_CORS").allow_empty()
} else {
    OriginList::from_env("NO_SUCH_VARIABLE_OF_CORS")
};

#[test]
fn a_list_that_only_a_deployment_has() {
    static API: Policy = policy! { origins = [DEPLOYED] };
    assert_eq!(API.ready().is_ok(), cfg!(debug_assertions));
}
