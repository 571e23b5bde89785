//! Tests what browsers may cache for a path with several policies.

use axum::http::header::{ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_MAX_AGE};
use cors_runtime::axum::routing::{any, any_service, get, post, put};
use cors_runtime::axum::{Router, cors};

use crate::common::{ADMIN, APP, Reply, preflight};

#[cors(origins = ["https://app.example"], headers = ["content-type", "x-one"], max_age = "1h")]
async fn with_headers() {}

#[cors(origins = ["https://app.example"], headers = ["content-type", "x-one"])]
async fn same_policy() {}

#[cors(origins = ["https://app.example"], headers = "*", max_age = "1h")]
async fn with_all_headers() {}

#[cors(origins = ["https://app.example"], max_age = "1h")]
async fn without_headers() {}

#[cors(origins = ["https://admin.example"], headers = ["content-type"], max_age = "1h")]
async fn with_another_origin() {}

#[cors(origins = ["https://app.example"], headers = ["content-type", "x-one"], credentials)]
async fn with_credentials() {}

mod preview {
    use cors_runtime::axum::cors;

    #[cors(
        origins = ["https://app.example", regex(r"https://pr-[0-9]+\.app\.example")],
        headers = ["content-type"],
        max_age = "1h",
    )]
    pub(super) async fn list() {}

    #[cors(
        origins = ["https://app.example", regex(r"https://pr-[0-9]+\.app\.example")],
        headers = ["content-type"],
        max_age = "1h",
    )]
    pub(super) async fn create() {}

    #[cors(
        origins = ["https://app.example", regex(r"https://pr-[a-z]+\.app\.example")],
        headers = ["content-type"],
        max_age = "1h",
    )]
    pub(super) async fn create_by_name() {}
}

mod tenants {
    use cors_runtime::OriginRequest;
    use cors_runtime::axum::cors;

    async fn is_tenant(_: OriginRequest) -> bool {
        true
    }

    async fn is_trial(_: OriginRequest) -> bool {
        true
    }

    #[cors(
        origins = ["https://app.example", ask(is_tenant)],
        headers = ["content-type"],
        max_age = "1h",
    )]
    pub(super) async fn list() {}

    #[cors(
        origins = ["https://app.example", ask(is_tenant)],
        headers = ["content-type"],
        max_age = "1h",
    )]
    pub(super) async fn create() {}

    #[cors(
        origins = ["https://app.example", ask(is_trial)],
        headers = ["content-type"],
        max_age = "1h",
    )]
    pub(super) async fn create_trial() {}
}

async fn plain() {}

async fn allowed_preflight(app: &Router, method: &str) -> Reply {
    let reply = preflight(method, "/items").from(APP).to(app).await;
    reply.is(204).allows(APP);
    reply
}

#[tokio::test]
async fn headers_are_not_cached_beside_a_post_of_another_policy() {
    for plain_siblings in [
        get(with_headers).post(with_another_origin),
        post(with_another_origin).get(with_headers),
        get(with_headers).post(with_credentials),
        get(with_headers).post(without_headers),
        get(with_all_headers).post(with_headers),
        get(with_headers).fallback(with_another_origin),
        any(with_another_origin).get(with_headers),
    ] {
        let app: Router = Router::new().route("/items", plain_siblings);
        allowed_preflight(&app, "GET").await.max_age("0");
    }
}

#[tokio::test]
async fn headers_are_not_cached_beside_a_post_without_a_policy() {
    for plain_siblings in [
        put(with_headers).post(plain),
        post(plain).put(with_headers),
        any(plain).put(with_headers),
        put(with_headers).fallback(plain),
        put(with_headers).post_service(axum::routing::post(plain)),
        any_service(axum::routing::post(plain)).put(with_headers),
        put(with_headers).merge(axum::routing::post(plain)),
    ] {
        let app: Router = Router::new().route("/items", plain_siblings);
        allowed_preflight(&app, "PUT").await.max_age("0");
    }
}

#[tokio::test]
async fn max_age_0_is_sent_even_without_a_max_age() {
    let app: Router = Router::new().route("/items", get(same_policy).post(plain));
    allowed_preflight(&app, "GET").await.max_age("0");
}

#[tokio::test]
async fn a_later_post_prevents_caching() {
    let annotated = || Router::new().route("/items", get(with_headers));
    let other = || Router::new().route("/items", post(with_another_origin));
    for app in [
        annotated().merge(other()),
        other().merge(annotated()),
        annotated().route("/items", post(plain)),
        annotated().route("/items", axum::routing::post(plain)),
        Router::new()
            .route("/items", axum::routing::post(plain))
            .route("/items", get(with_headers)),
    ] {
        allowed_preflight(&app, "GET").await.max_age("0");
    }
}

/// A POST handler may be added to the path of a converted method router.
#[tokio::test]
async fn a_converted_method_router_is_not_cached_without_a_post_with_the_same_headers() {
    for (handlers, max_age) in [
        (get(with_headers), "0"),
        (any(with_headers), "0"),
        (get(with_headers).put(with_another_origin), "0"),
        (get(with_headers).fallback(with_headers), "0"),
        (get(with_headers).post(with_another_origin), "0"),
        (get(with_headers).post(same_policy), "3600"),
        (get(without_headers), "3600"),
    ] {
        let app = axum::Router::new().route("/items", handlers.into());
        let reply = preflight("GET", "/items").from(APP).to(&app).await;
        reply.is_allowed_preflight(APP).max_age(max_age);
    }
}

#[tokio::test]
async fn a_later_post_beside_a_converted_method_router_has_its_own_preflight() {
    let app = axum::Router::new()
        .route("/items", get(with_headers).into())
        .route("/items", axum::routing::post(plain));
    let sent = preflight("GET", "/items").with_headers("content-type");
    sent.from(APP).to(&app).await.is(204).max_age("0");
    let sent = preflight("POST", "/items").with_headers("content-type");
    sent.from(APP).to(&app).await.is_refused_preflight();
}

/// Handlers cannot be added to a service.
#[tokio::test]
async fn a_method_router_as_a_service_is_cached() {
    let reply = preflight("GET", "/").from(APP);
    reply.to(&get(with_headers)).await.max_age("3600");
    let app = axum::Router::new().nest_service("/items", get(with_headers));
    let reply = preflight("GET", "/items").from(APP).to(&app).await;
    reply.is_allowed_preflight(APP).max_age("3600");
}

#[tokio::test]
async fn preflights_of_the_post_handler_are_cached() {
    let app: Router = Router::new().route("/items", post(with_headers).get(with_another_origin));
    allowed_preflight(&app, "POST").await.max_age("3600");
}

#[tokio::test]
async fn equal_policies_are_cached() {
    for app in [
        Router::new().route("/items", get(with_headers).post(same_policy)),
        Router::new().route("/items", get(with_headers).post(with_headers)),
    ] {
        allowed_preflight(&app, "GET").await.max_age("3600");
    }
}

#[tokio::test]
async fn policies_with_the_same_regex_or_ask_are_equal() {
    for (handlers, max_age) in [
        (get(preview::list).post(preview::create), "3600"),
        (get(preview::list).post(preview::create_by_name), "0"),
        (get(tenants::list).post(tenants::create), "3600"),
        (get(tenants::list).post(tenants::create_trial), "0"),
    ] {
        let app: Router = Router::new().route("/items", handlers);
        allowed_preflight(&app, "GET").await.max_age(max_age);
    }
}

#[test]
fn the_table_names_regexes_and_functions() {
    let app: Router = Router::new()
        .route("/previews", get(preview::list))
        .route("/tenants", get(tenants::list));
    let table = app.policies().to_string();
    for entry in [r"regex(https://pr-[0-9]+\.app\.example)", "ask(is_tenant)"] {
        assert!(table.contains(entry), "{table}");
    }
}

#[tokio::test]
async fn preflights_without_headers_are_cached() {
    for plain_siblings in [
        get(without_headers).post(with_another_origin),
        get(without_headers).post(plain),
    ] {
        let app: Router = Router::new().route("/items", plain_siblings);
        let reply = allowed_preflight(&app, "GET").await;
        reply.max_age("3600").lacks(&ACCESS_CONTROL_ALLOW_HEADERS);
    }
}

#[tokio::test]
async fn a_path_without_a_post_is_cached() {
    for plain_siblings in [
        get(with_headers),
        get(with_headers).put(with_another_origin),
        get(with_headers).delete(plain),
    ] {
        let app: Router = Router::new().route("/items", plain_siblings);
        allowed_preflight(&app, "GET").await.max_age("3600");
    }
}

#[tokio::test]
async fn a_post_on_another_path_does_not_prevent_caching() {
    let app: Router = Router::new()
        .route("/items", get(with_headers))
        .route("/items/{id}", post(with_another_origin));
    allowed_preflight(&app, "GET").await.max_age("3600");
}

#[tokio::test]
async fn preflights_do_not_list_the_methods_of_siblings() {
    #[cors(origins = ["https://app.example"], methods = [GET, POST, PUT, DELETE])]
    async fn greedy() {}

    let routes = get(greedy).put(greedy).post(with_another_origin);
    let app: Router = Router::new().route("/items", routes.delete(plain));
    for method in ["GET", "HEAD", "PUT"] {
        let reply = allowed_preflight(&app, method).await;
        let listed = reply.tokens(&axum::http::header::ACCESS_CONTROL_ALLOW_METHODS);
        for theirs in ["post", "delete", "*"] {
            assert!(!listed.contains(&theirs.to_owned()), "{reply:#?}");
        }
    }
    preflight("POST", "/items")
        .from(APP)
        .to(&app)
        .await
        .is_refused_preflight();
}

#[tokio::test]
async fn a_default_policy_beside_any_lists_only_its_own_methods() {
    let app: Router = Router::new().route("/items", get(without_headers).fallback(with_headers));
    allowed_preflight(&app, "GET").await.methods(&["GET"]);
    allowed_preflight(&app, "POST").await.methods(&["POST"]);
    let admin = preflight("GET", "/items").from(ADMIN).to(&app).await;
    admin.is_refused_preflight().lacks(&ACCESS_CONTROL_MAX_AGE);
}
