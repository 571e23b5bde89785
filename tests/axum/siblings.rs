//! What a browser's preflight cache may learn about a path that several policies share.

use axum::http::header::{ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_MAX_AGE};
use cors_runtime::axum::routing::{any, any_service, get, post, put};
use cors_runtime::axum::{Router, cors};

use crate::common::{ADMIN, APP, Reply, preflight};

#[cors(origins = ["https://app.example"], headers = ["content-type", "x-one"], max_age = "1h")]
async fn with_headers() {}

#[cors(origins = ["https://app.example"], headers = ["content-type", "x-one"])]
async fn the_same_again() {}

#[cors(origins = ["https://app.example"], headers = "*", max_age = "1h")]
async fn with_all_headers() {}

#[cors(origins = ["https://app.example"], max_age = "1h")]
async fn without_headers() {}

#[cors(origins = ["https://admin.example"], headers = ["content-type"], max_age = "1h")]
async fn of_another_origin() {}

#[cors(origins = ["https://app.example"], headers = ["content-type", "x-one"], credentials)]
async fn with_credentials() {}

async fn plain() {}

async fn permission(app: &Router, method: &str) -> Reply {
    let reply = preflight(method, "/items").from(APP).to(app).await;
    reply.is(204).allows(APP);
    reply
}

#[tokio::test]
async fn headers_are_not_cached_beside_a_post_of_another_policy() {
    for beside in [
        get(with_headers).post(of_another_origin),
        post(of_another_origin).get(with_headers),
        get(with_headers).post(with_credentials),
        get(with_headers).post(without_headers),
        get(with_all_headers).post(with_headers),
        get(with_headers).fallback(of_another_origin),
        any(of_another_origin).get(with_headers),
    ] {
        let app: Router = Router::new().route("/items", beside);
        permission(&app, "GET").await.max_age("0");
    }
}

#[tokio::test]
async fn headers_are_not_cached_beside_a_post_without_a_policy() {
    for beside in [
        put(with_headers).post(plain),
        post(plain).put(with_headers),
        any(plain).put(with_headers),
        put(with_headers).fallback(plain),
        put(with_headers).post_service(axum::routing::post(plain)),
        any_service(axum::routing::post(plain)).put(with_headers),
        put(with_headers).merge(axum::routing::post(plain)),
    ] {
        let app: Router = Router::new().route("/items", beside);
        permission(&app, "PUT").await.max_age("0");
    }
}

#[tokio::test]
async fn not_cached_is_said_also_where_the_policy_sets_no_max_age() {
    let app: Router = Router::new().route("/items", get(the_same_again).post(plain));
    permission(&app, "GET").await.max_age("0");
}

#[tokio::test]
async fn a_later_post_is_seen_wherever_it_comes_from() {
    let annotated = || Router::new().route("/items", get(with_headers));
    let other = || Router::new().route("/items", post(of_another_origin));
    for app in [
        annotated().merge(other()),
        other().merge(annotated()),
        annotated().route("/items", post(plain)),
        annotated().route("/items", axum::routing::post(plain)),
        Router::new()
            .route("/items", axum::routing::post(plain))
            .route("/items", get(with_headers)),
    ] {
        permission(&app, "GET").await.max_age("0");
    }
}

#[tokio::test]
async fn the_post_handler_itself_is_cached() {
    let app: Router = Router::new().route("/items", post(with_headers).get(of_another_origin));
    permission(&app, "POST").await.max_age("3600");
}

#[tokio::test]
async fn policies_that_say_the_same_are_cached() {
    for app in [
        Router::new().route("/items", get(with_headers).post(the_same_again)),
        Router::new().route("/items", get(with_headers).post(with_headers)),
    ] {
        permission(&app, "GET").await.max_age("3600");
    }
}

#[tokio::test]
async fn what_allows_no_headers_is_cached() {
    for beside in [
        get(without_headers).post(of_another_origin),
        get(without_headers).post(plain),
    ] {
        let app: Router = Router::new().route("/items", beside);
        let reply = permission(&app, "GET").await;
        reply.max_age("3600").lacks(&ACCESS_CONTROL_ALLOW_HEADERS);
    }
}

#[tokio::test]
async fn a_path_without_a_post_is_cached() {
    for beside in [
        get(with_headers),
        get(with_headers).put(of_another_origin),
        get(with_headers).delete(plain),
    ] {
        let app: Router = Router::new().route("/items", beside);
        permission(&app, "GET").await.max_age("3600");
    }
}

#[tokio::test]
async fn another_path_does_not_matter() {
    let app: Router = Router::new()
        .route("/items", get(with_headers))
        .route("/items/{id}", post(of_another_origin));
    permission(&app, "GET").await.max_age("3600");
}

#[tokio::test]
async fn a_permission_never_names_the_method_of_a_sibling() {
    #[cors(origins = ["https://app.example"], methods = [GET, POST, PUT, DELETE])]
    async fn greedy() {}

    let routes = get(greedy).put(greedy).post(of_another_origin);
    let app: Router = Router::new().route("/items", routes.delete(plain));
    for method in ["GET", "HEAD", "PUT"] {
        let reply = permission(&app, method).await;
        let listed = reply.tokens(&axum::http::header::ACCESS_CONTROL_ALLOW_METHODS);
        for theirs in ["post", "delete", "*"] {
            assert!(!listed.contains(&theirs.to_owned()), "{reply:#?}");
        }
    }
    preflight("POST", "/items")
        .from(APP)
        .to(&app)
        .await
        .is_refusal();
}

#[tokio::test]
async fn a_default_policy_beside_any_names_only_its_own() {
    let app: Router = Router::new().route("/items", get(without_headers).fallback(with_headers));
    permission(&app, "GET").await.methods(&["GET"]);
    permission(&app, "POST").await.methods(&["POST"]);
    let admin = preflight("GET", "/items").from(ADMIN).to(&app).await;
    admin.is_refusal().lacks(&ACCESS_CONTROL_MAX_AGE);
}
