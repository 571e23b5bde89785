//! Whose policy answers: the methods of one path, what a preflight lists, and start-up panics.

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_METHOD,
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
async fn each_method_of_a_path_answers_by_its_own_policy() {
    let app = items();
    let got = request("GET", "/items").from(APP).to(&app).await;
    got.is(200).says("list").allows(APP).credentials();
    let got = request("GET", "/items").from(ADMIN).to(&app).await;
    got.is(200).says("list").is_unreadable();

    let made = request("POST", "/items").from(ADMIN).to(&app).await;
    made.is(200).says("create").allows(ADMIN);
    made.lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);
    let made = request("POST", "/items").from(APP).to(&app).await;
    made.is(200).says("create").is_unreadable();
}

#[tokio::test]
async fn each_method_of_a_path_has_its_own_preflight() {
    let app = items();
    let read = preflight("GET", "/items").from(APP).to(&app).await;
    read.is_permission_for(APP).methods(&["GET"]).credentials();
    let write = preflight("POST", "/items").from(ADMIN);
    let write = write.with_headers("content-type").to(&app).await;
    write.is_permission_for(ADMIN).methods(&["POST"]);
    write.allowed_headers(&["content-type"]).max_age("600");
    write.lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);

    for (method, origin) in [("GET", ADMIN), ("POST", APP), ("GET", STRANGER)] {
        let refused = preflight(method, "/items").from(origin).to(&app).await;
        refused.is_refusal();
    }
}

#[tokio::test]
async fn two_calls_of_route_for_one_path_are_as_one() {
    let app: Router = Router::new()
        .route("/items", get(list))
        .route("/items", post(create));
    let read = preflight("GET", "/items").from(APP).to(&app).await;
    read.is_permission_for(APP).methods(&["GET"]);
    let write = preflight("POST", "/items").from(ADMIN).to(&app).await;
    write.is_permission_for(ADMIN).methods(&["POST"]);
    preflight("POST", "/items")
        .from(APP)
        .to(&app)
        .await
        .is_refusal();
}

#[tokio::test]
async fn head_falls_back_to_the_handler_of_get() {
    let app = items();
    let head = request("HEAD", "/items").from(APP).to(&app).await;
    head.is(200).says("").allows(APP).credentials();
    preflight("HEAD", "/items")
        .from(APP)
        .to(&app)
        .await
        .is_permission_for(APP);
    preflight("HEAD", "/items")
        .from(ADMIN)
        .to(&app)
        .await
        .is_refusal();
}

#[tokio::test]
async fn a_handler_for_head_keeps_its_own_policy_beside_get() {
    let app: Router = Router::new().route("/items", get(list).head(create));
    let head = request("HEAD", "/items").from(ADMIN).to(&app).await;
    head.is(200).allows(ADMIN);
    let permission = preflight("HEAD", "/items").from(ADMIN).to(&app).await;
    permission.is_permission_for(ADMIN).methods(&["HEAD"]);
    let refused = preflight("HEAD", "/items").from(APP).to(&app).await;
    refused.is_refusal();
}

#[tokio::test]
async fn a_method_that_nobody_serves_on_an_annotated_path_is_refused() {
    let app = items();
    for method in [
        "PUT", "DELETE", "PROPFIND", "get", "", "OPTIONS", "G\u{eb}T",
    ] {
        let refused = preflight(method, "/items").from(APP).to(&app).await;
        refused.is_refusal();
    }
    let twice = preflight("GET", "/items").from(APP);
    let twice = twice.header(ACCESS_CONTROL_REQUEST_METHOD, "GET");
    twice.to(&app).await.is_refusal();
}

#[tokio::test]
async fn a_preflight_without_an_origin_is_none() {
    let app = items();
    let reply = preflight("GET", "/items").to(&app).await;
    reply.is(405).is_unreadable();
}

#[tokio::test]
async fn without_methods_the_registration_names_them() {
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
        reply.is_permission_for(APP).methods(listed);
    }
    for (path, method) in [("/put", "POST"), ("/two", "POST"), ("/any", "PUT")] {
        let reply = preflight(method, path).from(APP).to(&app).await;
        reply.is_refusal();
    }
}

#[tokio::test]
async fn every_method_listed_is_advertised_for_each_request() {
    #[cors(origins = ["https://app.example"], methods = [GET, PUT, DELETE])]
    async fn item() {}

    let served = MethodFilter::GET.or(MethodFilter::PUT);
    let app: Router = Router::new().route("/item", on(served, item));
    for method in ["GET", "PUT", "HEAD"] {
        let reply = preflight(method, "/item").from(APP).to(&app).await;
        reply.is_permission_for(APP).methods(&["GET", "PUT"]);
    }
    let unserved = preflight("DELETE", "/item").from(APP).to(&app).await;
    unserved.is_refusal();
}

#[tokio::test]
async fn a_star_in_methods_is_cut_to_what_is_served() {
    let app: Router = Router::new().route("/items", get(every).put(every).post(create));
    let reply = preflight("PUT", "/items").from(APP).to(&app).await;
    let listed = reply
        .is_permission_for(APP)
        .tokens(&ACCESS_CONTROL_ALLOW_METHODS);
    assert!(listed.contains(&"put".to_owned()), "{reply:#?}");
    assert!(!listed.contains(&"*".to_owned()), "{reply:#?}");
    assert!(!listed.contains(&"post".to_owned()), "{reply:#?}");
    let sibling = preflight("POST", "/items").from(APP).to(&app).await;
    sibling.is_refusal();
}

#[tokio::test]
async fn a_star_in_methods_permits_what_any_serves() {
    star_permits(&["PUT", "PATCH", "DELETE", "OPTIONS"]).await;
}

#[tokio::test]
async fn a_star_in_methods_permits_a_method_of_ones_own_where_any_stands_alone() {
    star_permits(&["PROPFIND"]).await;
}

async fn star_permits(methods: &[&str]) {
    let app: Router = Router::new().route("/items", any(every));
    for method in methods {
        let reply = preflight(method, "/items").from(APP).to(&app).await;
        reply.is_permission_for(APP);
        let listed = reply.tokens(&ACCESS_CONTROL_ALLOW_METHODS);
        let permits = |name: &String| name == "*" || *name == method.to_ascii_lowercase();
        assert!(listed.iter().any(permits), "{method}: {reply:#?}");
    }
}

#[tokio::test]
async fn a_method_of_its_own_can_be_listed_for_any() {
    let app: Router = Router::new().route("/dav", any(dav));
    let reply = preflight("PROPFIND", "/dav").from(APP).to(&app).await;
    reply.is_permission_for(APP).methods(&["PROPFIND", "PUT"]);
    let reply = request("PROPFIND", "/dav").from(APP).to(&app).await;
    reply.is(200).says("dav").allows(APP);
    for method in ["propfind", "DELETE", "MKCOL"] {
        let reply = preflight(method, "/dav").from(APP).to(&app).await;
        reply.is_refusal();
    }
    // Safelisted, and served here.
    preflight("POST", "/dav")
        .from(APP)
        .to(&app)
        .await
        .is_permission_for(APP);
}

#[tokio::test]
async fn any_leaves_to_its_siblings_what_is_theirs() {
    let app: Router = Router::new().route("/items", any(list).post(create));
    let rest = preflight("GET", "/items").from(APP).to(&app).await;
    rest.is_permission_for(APP).methods(&["GET", "HEAD"]);
    let named = preflight("POST", "/items").from(ADMIN).to(&app).await;
    named.is_permission_for(ADMIN).methods(&["POST"]);
    let refused = preflight("POST", "/items").from(APP).to(&app).await;
    refused.is_refusal();
}

#[tokio::test]
async fn safelisted_methods_need_no_entry_where_they_are_served() {
    let app: Router = Router::new().route("/dav", get(dav).post(dav).head(dav));
    for method in ["GET", "HEAD", "POST"] {
        let reply = preflight(method, "/dav").from(APP).to(&app).await;
        reply.is_permission_for(APP);
        let listed = reply.tokens(&ACCESS_CONTROL_ALLOW_METHODS);
        assert!(!listed.contains(&"put".to_owned()), "{reply:#?}");
    }
}

#[test]
fn a_handler_under_a_method_that_it_does_not_list_does_not_start() {
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
fn every_way_to_name_an_unlisted_method_panics_at_the_users_line() {
    for panic in [
        panic_of(|| patch::<_, _, ()>(dav)),
        panic_of(|| get::<_, _, ()>(list).delete(dav)),
        panic_of(|| on::<_, _, ()>(MethodFilter::PATCH, dav)),
        panic_of(|| any::<_, _, ()>(list).on(MethodFilter::DELETE, dav)),
    ] {
        assert!(panic.message.contains("dav"), "{}", panic.message);
        assert_eq!(panic.file, file!(), "{}", panic.message);
    }
}

#[test]
fn what_axum_refuses_panics_at_the_users_line() {
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
async fn without_v07_checks_a_path_may_look_like_an_old_one() {
    let app: Router = Router::new()
        .without_v07_checks()
        .route("/:items", get(list));
    let read = preflight("GET", "/:items").from(APP).to(&app).await;
    read.is_permission_for(APP);
    let panic = panic_of(|| Router::<()>::new().route("/:items", get(list)));
    assert_eq!(panic.file, file!(), "{}", panic.message);
}

#[test]
fn safelisted_methods_any_and_several_start_without_an_entry() {
    let several = MethodFilter::PUT.or(MethodFilter::DELETE);
    let _ = get::<_, _, ()>(dav).head(dav).post(dav).put(dav);
    let _ = any::<_, _, ()>(dav);
    let _ = on::<_, _, ()>(several, dav);
    let _ = put::<_, _, ()>(list).fallback(dav);
    let _ = Router::<()>::new().fallback(dav);
    let _ = delete::<_, _, ()>(every).patch(every);
}

#[tokio::test]
async fn max_age_is_absent_unless_it_is_set_and_zero_is_sent() {
    #[cors(origins = ["https://app.example"], max_age = 0)]
    async fn never() {}

    let app: Router = Router::new().route("/items", get(list).put(never));
    let reply = preflight("GET", "/items").from(APP).to(&app).await;
    reply.is_permission_for(APP).lacks(&ACCESS_CONTROL_MAX_AGE);
    let reply = preflight("PUT", "/items").from(APP).to(&app).await;
    reply.is_permission_for(APP).max_age("0");
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
fn the_table_has_a_line_for_everything_without_a_policy() {
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
fn the_table_tells_a_change_of_exposure() {
    let other: Router = Router::new().route("/items", get(list).post(list));
    assert_eq!(items().policies(), items().policies());
    assert_ne!(items().policies(), other.policies());
    assert_eq!(
        Router::<()>::new().policies().to_string().lines().count(),
        1
    );
}
