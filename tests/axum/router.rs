//! Tests the methods of a path, the lists in preflight responses, and panics at start-up.

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_METHOD, HeaderName,
};
use cors_runtime::axum::routing::{MethodFilter, any, delete, get, on, patch, post, put};
use cors_runtime::axum::{Router, cors};

use crate::common::{ADMIN, APP, STRANGER, panic_of, preflight, request};

#[cors(origins = ["https://app.example"], credentials)]
async fn list() -> &'static str {
    "list"
}

#[cors(origins = ["https://admin.example"], headers = ["content-type"], max_age = "10m")]
async fn create() -> &'static str {
    "create"
}

#[cors(origins = ["https://app.example"], methods = "*", headers = ["x-one"])]
async fn every() -> &'static str {
    "every"
}

#[cors(origins = ["https://app.example"], methods = ["PROPFIND", PUT])]
async fn dav() -> &'static str {
    "dav"
}

fn items() -> Router {
    Router::new().route("/items", get(list).post(create))
}

#[tokio::test]
async fn each_method_of_a_path_has_its_own_policy() {
    let app = items();
    let got = request("GET", "/items").from(APP).to(&app).await;
    got.is(200).has_body("list").allows(APP).credentials();
    let got = request("GET", "/items").from(ADMIN).to(&app).await;
    got.is(200).has_body("list").is_denied();

    let made = request("POST", "/items").from(ADMIN).to(&app).await;
    made.is(200).has_body("create").allows(ADMIN);
    made.lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);
    let made = request("POST", "/items").from(APP).to(&app).await;
    made.is(200).has_body("create").is_denied();
}

#[tokio::test]
async fn each_method_of_a_path_has_its_own_preflight() {
    let app = items();
    let read = preflight("GET", "/items").from(APP).to(&app).await;
    read.is_allowed_preflight(APP)
        .methods(&["GET"])
        .credentials();
    let write = preflight("POST", "/items").from(ADMIN);
    let write = write.with_headers("content-type").to(&app).await;
    write.is_allowed_preflight(ADMIN).methods(&["POST"]);
    write.allowed_headers(&["content-type"]).max_age("600");
    write.lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);

    for (method, origin) in [("GET", ADMIN), ("POST", APP), ("GET", STRANGER)] {
        let refused = preflight(method, "/items").from(origin).to(&app).await;
        refused.is_refused_preflight();
    }
}

#[tokio::test]
async fn two_calls_of_route_for_one_path_are_merged() {
    let app: Router = Router::new()
        .route("/items", get(list))
        .route("/items", post(create));
    let read = preflight("GET", "/items").from(APP).to(&app).await;
    read.is_allowed_preflight(APP).methods(&["GET"]);
    let write = preflight("POST", "/items").from(ADMIN).to(&app).await;
    write.is_allowed_preflight(ADMIN).methods(&["POST"]);
    preflight("POST", "/items")
        .from(APP)
        .to(&app)
        .await
        .is_refused_preflight();
}

#[tokio::test]
async fn head_falls_back_to_the_handler_of_get() {
    let app = items();
    let head = request("HEAD", "/items").from(APP).to(&app).await;
    head.is(200).has_body("").allows(APP).credentials();
    preflight("HEAD", "/items")
        .from(APP)
        .to(&app)
        .await
        .is_allowed_preflight(APP);
    preflight("HEAD", "/items")
        .from(ADMIN)
        .to(&app)
        .await
        .is_refused_preflight();
}

#[tokio::test]
async fn a_handler_for_head_keeps_its_own_policy_beside_get() {
    let app: Router = Router::new().route("/items", get(list).head(create));
    let head = request("HEAD", "/items").from(ADMIN).to(&app).await;
    head.is(200).allows(ADMIN);
    let allowed_preflight = preflight("HEAD", "/items").from(ADMIN).to(&app).await;
    allowed_preflight
        .is_allowed_preflight(ADMIN)
        .methods(&["HEAD"]);
    let refused = preflight("HEAD", "/items").from(APP).to(&app).await;
    refused.is_refused_preflight();
}

#[tokio::test]
async fn preflight_of_unserved_method_is_refused() {
    let app = items();
    for method in [
        "PUT", "DELETE", "PROPFIND", "get", "", "OPTIONS", "G\u{eb}T",
    ] {
        let refused = preflight(method, "/items").from(APP).to(&app).await;
        refused.is_refused_preflight();
    }
    let twice = preflight("GET", "/items").from(APP);
    let twice = twice.header(ACCESS_CONTROL_REQUEST_METHOD, "GET");
    twice.to(&app).await.is_refused_preflight();
}

#[tokio::test]
async fn a_preflight_for_a_method_that_is_not_ascii_is_refused_as_any_other() {
    let app: Router = Router::new()
        .route("/list", get(list))
        .route("/every", any(every));
    for (path, origin, reason) in [
        ("/list", APP, "no handler"),
        ("/every", APP, "the requested method"),
        ("/every", STRANGER, "this origin"),
    ] {
        let reply = preflight("\u{c9}", path).from(origin).to(&app).await;
        let denied = reply
            .is_refused_preflight()
            .lines(&HeaderName::from_static("cors-denied"));
        assert!(denied[0].starts_with(reason), "{denied:?}");
    }
    let app: Router = Router::new().route("/items", any(|| async { "plain" }).get(list));
    let reply = preflight("\u{c9}", "/items").from(APP).to(&app).await;
    reply.is(200).has_body("plain").is_without_policy();
}

#[tokio::test]
async fn options_without_an_origin_is_not_a_preflight() {
    let app = items();
    let reply = preflight("GET", "/items").to(&app).await;
    reply.is(405).is_denied();
}

#[tokio::test]
async fn without_methods_the_registered_methods_are_allowed() {
    let app: Router = Router::new()
        .route("/put", put(list))
        .route("/two", on(MethodFilter::GET.or(MethodFilter::PUT), list))
        .route("/any", any(list));
    for (path, method, listed) in [
        ("/put", "PUT", &["PUT"][..]),
        ("/two", "PUT", &["GET", "PUT"]),
        ("/two", "GET", &["GET", "PUT"]),
        ("/any", "POST", &["GET", "HEAD", "POST"]),
    ] {
        let reply = preflight(method, path).from(APP).to(&app).await;
        reply.is_allowed_preflight(APP).methods(listed);
    }
    for (path, method) in [("/put", "POST"), ("/two", "POST"), ("/any", "PUT")] {
        let reply = preflight(method, path).from(APP).to(&app).await;
        reply.is_refused_preflight();
    }
}

#[tokio::test]
async fn every_listed_method_is_in_each_preflight_response() {
    #[cors(origins = ["https://app.example"], methods = [GET, PUT, DELETE])]
    async fn item() {}

    let served = MethodFilter::GET.or(MethodFilter::PUT);
    let app: Router = Router::new().route("/item", on(served, item));
    for method in ["GET", "PUT", "HEAD"] {
        let reply = preflight(method, "/item").from(APP).to(&app).await;
        reply.is_allowed_preflight(APP).methods(&["GET", "PUT"]);
    }
    let unserved = preflight("DELETE", "/item").from(APP).to(&app).await;
    unserved.is_refused_preflight();
}

#[tokio::test]
async fn a_wildcard_in_methods_is_limited_to_the_served_methods() {
    let app: Router = Router::new().route("/items", get(every).put(every).post(create));
    let reply = preflight("PUT", "/items").from(APP).to(&app).await;
    let listed = reply
        .is_allowed_preflight(APP)
        .tokens(&ACCESS_CONTROL_ALLOW_METHODS);
    assert!(listed.contains(&"put".to_owned()), "{reply:#?}");
    assert!(!listed.contains(&"*".to_owned()), "{reply:#?}");
    assert!(!listed.contains(&"post".to_owned()), "{reply:#?}");
    let sibling = preflight("POST", "/items").from(APP).to(&app).await;
    sibling.is_refused_preflight();
}

#[tokio::test]
async fn a_wildcard_in_methods_allows_the_methods_of_any() {
    assert_wildcard_allows(&["PUT", "PATCH", "DELETE", "OPTIONS"]).await;
}

#[tokio::test]
async fn a_wildcard_in_methods_allows_custom_methods_for_any_alone() {
    assert_wildcard_allows(&["PROPFIND"]).await;
}

async fn assert_wildcard_allows(methods: &[&str]) {
    let app: Router = Router::new().route("/items", any(every));
    for method in methods {
        let reply = preflight(method, "/items").from(APP).to(&app).await;
        reply.is_allowed_preflight(APP);
        let listed = reply.tokens(&ACCESS_CONTROL_ALLOW_METHODS);
        let permits = |name: &String| name == "*" || *name == method.to_ascii_lowercase();
        assert!(listed.iter().any(permits), "{method}: {reply:#?}");
    }
}

#[tokio::test]
async fn a_custom_method_can_be_listed_for_any() {
    let app: Router = Router::new().route("/dav", any(dav));
    let reply = preflight("PROPFIND", "/dav").from(APP).to(&app).await;
    reply
        .is_allowed_preflight(APP)
        .methods(&["PROPFIND", "PUT"]);
    let reply = request("PROPFIND", "/dav").from(APP).to(&app).await;
    reply.is(200).has_body("dav").allows(APP);
    for method in ["propfind", "DELETE", "MKCOL"] {
        let reply = preflight(method, "/dav").from(APP).to(&app).await;
        reply.is_refused_preflight();
    }
    // POST is safelisted, and served by the handler.
    preflight("POST", "/dav")
        .from(APP)
        .to(&app)
        .await
        .is_allowed_preflight(APP);
}

#[tokio::test]
async fn any_does_not_allow_the_methods_of_its_siblings() {
    let app: Router = Router::new().route("/items", any(list).post(create));
    let rest = preflight("GET", "/items").from(APP).to(&app).await;
    rest.is_allowed_preflight(APP).methods(&["GET", "HEAD"]);
    let named = preflight("POST", "/items").from(ADMIN).to(&app).await;
    named.is_allowed_preflight(ADMIN).methods(&["POST"]);
    let refused = preflight("POST", "/items").from(APP).to(&app).await;
    refused.is_refused_preflight();
}

#[tokio::test]
async fn served_safelisted_methods_are_allowed_without_an_entry() {
    let app: Router = Router::new().route("/dav", get(dav).post(dav).head(dav));
    for method in ["GET", "HEAD", "POST"] {
        let reply = preflight(method, "/dav").from(APP).to(&app).await;
        reply.is_allowed_preflight(APP);
        let listed = reply.tokens(&ACCESS_CONTROL_ALLOW_METHODS);
        assert!(!listed.contains(&"put".to_owned()), "{reply:#?}");
    }
}

#[test]
fn a_handler_for_an_unlisted_method_panics() {
    let line = line!() + 1;
    #[cors(origins = ["https://app.example"], methods = [PUT])]
    async fn replace() {}

    let panic = panic_of(|| Router::<()>::new().route("/items", delete(replace)));
    let message = panic.message;
    let place = format!("{}:{line}", file!());
    for part in ["replace", &place, "DELETE"] {
        assert!(message.contains(part), "{part} is not in {message:?}");
    }
}

#[test]
fn every_registration_for_an_unlisted_method_panics() {
    for panic in [
        panic_of(|| patch::<_, _, ()>(dav)),
        panic_of(|| get::<_, _, ()>(list).delete(dav)),
        panic_of(|| on::<_, _, ()>(MethodFilter::PATCH, dav)),
        panic_of(|| any::<_, _, ()>(list).on(MethodFilter::DELETE, dav)),
        panic_of(|| on::<_, _, ()>(MethodFilter::PATCH.or(MethodFilter::DELETE), dav)),
    ] {
        assert!(panic.message.contains("dav"), "{}", panic.message);
        assert_eq!(panic.file, file!(), "{}", panic.message);
    }
    for allowed in [MethodFilter::PUT, MethodFilter::GET] {
        drop(on::<_, _, ()>(MethodFilter::PATCH.or(allowed), dav));
    }
}

#[test]
fn panics_of_axum_have_the_location_of_the_caller() {
    let fallback = || Router::<()>::new().fallback(list);
    for panic in [
        panic_of(|| items().route("/items", get(list))),
        panic_of(|| items().route("/{items", get(list))),
        panic_of(|| items().route("items", get(list))),
        panic_of(|| items().merge(items())),
        panic_of(|| fallback().merge(fallback())),
        panic_of(|| Router::<()>::new().nest("/", items())),
        panic_of(|| items().nest_service("/", items())),
        panic_of(|| get::<_, _, ()>(list).get(list)),
        panic_of(|| get::<_, _, ()>(list).merge(get(list))),
    ] {
        assert_eq!(panic.file, file!(), "{}", panic.message);
    }
}

#[tokio::test]
async fn without_v07_checks_allows_paths_in_the_old_syntax() {
    let app: Router = Router::new()
        .without_v07_checks()
        .route("/:items", get(list));
    let read = preflight("GET", "/:items").from(APP).to(&app).await;
    read.is_allowed_preflight(APP);
    let panic = panic_of(|| Router::<()>::new().route("/:items", get(list)));
    assert_eq!(panic.file, file!(), "{}", panic.message);
}

#[test]
fn safelisted_methods_and_any_do_not_need_an_entry() {
    let several = MethodFilter::PUT.or(MethodFilter::DELETE);
    let _ = get::<_, _, ()>(dav).head(dav).post(dav).put(dav);
    let _ = any::<_, _, ()>(dav);
    let _ = on::<_, _, ()>(several, dav);
    let _ = put::<_, _, ()>(list).fallback(dav);
    let _ = Router::<()>::new().fallback(dav);
    let _ = delete::<_, _, ()>(every).patch(every);
}

#[tokio::test]
async fn max_age_is_sent_only_if_set_including_zero() {
    #[cors(origins = ["https://app.example"], max_age = 0)]
    async fn never() {}

    let app: Router = Router::new().route("/items", get(list).put(never));
    let reply = preflight("GET", "/items").from(APP).to(&app).await;
    reply
        .is_allowed_preflight(APP)
        .lacks(&ACCESS_CONTROL_MAX_AGE);
    let reply = preflight("PUT", "/items").from(APP).to(&app).await;
    reply.is_allowed_preflight(APP).max_age("0");
}

#[test]
fn the_table_has_a_line_for_every_policy() {
    let app: Router = Router::new()
        .nest("/api", items())
        .route("/any", any(every).put(|| async {}))
        .fallback(list);
    let table = app.policies().to_string();
    let line = |path: &str, method: &str| {
        let has = |line: &&str| {
            let words: Vec<_> = line.split_whitespace().collect();
            words.contains(&path) && words.contains(&method)
        };
        let found = table.lines().find(has);
        found.unwrap_or_else(|| panic!("{method} {path} is not in\n{table}"))
    };
    let place = format!("{}:", file!());
    let read = line("/api/items", "GET");
    for part in [APP, "yes", "list", &place] {
        assert!(read.contains(part), "{part} is not in {read:?}");
    }
    let write = line("/api/items", "POST");
    for part in [ADMIN, "no", "600", "create", &place] {
        assert!(write.contains(part), "{part} is not in {write:?}");
    }
    assert!(line("/any", "any").contains("every"));
    assert!(line("/*", "any").contains("list"));
    assert!(line("/any", "PUT").ends_with("none"));
    assert_eq!(table.matches(&place).count(), 4, "{table}");
}

#[test]
fn the_table_has_a_line_for_every_endpoint_without_a_policy() {
    let app: Router = Router::new()
        .route(
            "/plain",
            get(|| async {}).post_service(axum::routing::any(|| async {})),
        )
        .route("/method", axum::routing::get(|| async {}))
        .route_service("/service", axum::routing::any(|| async {}))
        .nest_service("/files", axum::routing::any(|| async {}))
        .nest("/api", Router::new().fallback(|| async {}))
        .nest(
            "/old",
            axum::Router::new().route("/x", axum::routing::get(|| async {})),
        )
        .fallback_service(axum::routing::any(|| async {}));
    let table = app.policies().to_string();
    let rows = table.lines().skip(1).map(|line| {
        let words: Vec<_> = line.split_whitespace().collect();
        assert_eq!(words.last(), Some(&"none"), "{table}");
        let path = words.iter().position(|word| word.starts_with('/'));
        let path = path.expect("a path");
        (words[..path].join(" "), words[path], words[words.len() - 2])
    });
    let mut rows: Vec<_> = rows.collect();
    rows.sort();
    let expected = [
        ("GET HEAD", "/plain", "-"),
        ("POST", "/plain", "(service)"),
        ("any", "/*", "(service)"),
        ("any", "/api/*", "(fallback)"),
        ("any", "/files/*", "(service)"),
        ("any", "/method", "-"),
        ("any", "/old/*", "(router)"),
        ("any", "/service", "(service)"),
    ];
    let expected = expected.map(|(methods, path, mark)| (methods.to_owned(), path, mark));
    assert_eq!(rows, expected, "{table}");
}

#[test]
fn the_table_changes_with_the_policies() {
    let other: Router = Router::new().route("/items", get(list).post(list));
    assert_eq!(items().policies(), items().policies());
    assert_ne!(items().policies(), other.policies());
    assert_eq!(
        Router::<()>::new().policies().to_string().lines().count(),
        1
    );
}
