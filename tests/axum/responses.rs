//! Tests the headers of all responses of an annotated handler.

use axum::Json;
use axum::extract::{DefaultBodyLimit, Path, Query};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, AUTHORIZATION, CONTENT_TYPE, ORIGIN,
    VARY,
};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::IntoResponse;
use axum::routing as plainly;
use cors_runtime::axum::routing::{any, get, post};
use cors_runtime::axum::{Router, cors, without_preflight};
use serde::Deserialize;

use crate::common::{ADMIN, APP, STRANGER, preflight, request};

#[derive(Deserialize)]
struct Item {
    name: String,
}

#[cors(origins = ["https://app.example"], headers = ["content-type"])]
async fn create(Json(Item { name }): Json<Item>) -> String {
    name
}

#[cors(origins = ["https://app.example"])]
async fn item(
    Path(id): Path<u8>,
    Query(_): Query<Vec<(String, u8)>>,
) -> Result<String, StatusCode> {
    match id {
        1 => Ok("one".to_owned()),
        2 => Err(StatusCode::CONFLICT),
        _ => Err(StatusCode::NOT_FOUND),
    }
}

/// CORS headers that a handler sets itself, against its policy.
fn own_cors_headers() -> impl IntoResponse {
    let headers = [
        (ACCESS_CONTROL_ALLOW_ORIGIN, "https://stranger.example"),
        (ACCESS_CONTROL_ALLOW_CREDENTIALS, "true"),
        (ACCESS_CONTROL_EXPOSE_HEADERS, "x-secret"),
        (ACCESS_CONTROL_ALLOW_METHODS, "DELETE"),
        (ACCESS_CONTROL_MAX_AGE, "86400"),
        (
            HeaderName::from_static("access-control-allow-private-network"),
            "true",
        ),
    ];
    let mut map: HeaderMap = headers
        .map(|(name, value)| (name, value.parse().expect("a value")))
        .into_iter()
        .collect();
    map.append(ACCESS_CONTROL_ALLOW_ORIGIN, "*".parse().expect("a value"));
    (map, "done")
}

#[cors(origins = ["https://app.example"], expose = ["x-total", "etag"])]
async fn sets_own_cors_headers() -> impl IntoResponse {
    own_cors_headers()
}

#[cors(origins = "*", expose = ["x-total"], headers = ["x-one"])]
async fn open() -> impl IntoResponse {
    own_cors_headers()
}

fn app() -> Router {
    Router::new()
        .route("/items", post(create))
        .route("/items/{id}", get(item))
        .route("/meddles", get(sets_own_cors_headers))
        .route("/open", get(open).put(open))
}

#[tokio::test]
async fn every_error_of_a_handler_is_readable() {
    let app = app();
    for (path, status) in [
        ("/items/1", 200),
        ("/items/2", 409),
        ("/items/3", 404),
        ("/items/x", 400),
        ("/items/1?a=x", 400),
    ] {
        let reply = request("GET", path).from(APP).to(&app).await;
        reply.is(status).allows(APP).vary(&["origin"]);
        let reply = request("GET", path).from(STRANGER).to(&app).await;
        reply.is(status).is_denied();
    }
}

#[tokio::test]
async fn every_rejection_of_a_body_is_readable() {
    let app = app();
    let sent = |body| request("POST", "/items").from(APP).json(body);
    sent(r#"{"name":"tea"}"#)
        .to(&app)
        .await
        .is(200)
        .has_body("tea")
        .allows(APP);
    sent("{").to(&app).await.is(400).allows(APP);
    sent(r#"{"name":7}"#).to(&app).await.is(422).allows(APP);
    let text = request("POST", "/items")
        .from(APP)
        .header(CONTENT_TYPE, "text/plain");
    text.body("{}").to(&app).await.is(415).allows(APP);
    let delete = request("DELETE", "/items").from(APP).to(&app).await;
    delete.is(405).allows(APP);
}

#[tokio::test]
async fn a_413_is_readable() {
    let app = app().layer(DefaultBodyLimit::max(8));
    let sent = request("POST", "/items")
        .from(APP)
        .json(r#"{"name":"tea"}"#);
    sent.to(&app).await.is(413).allows(APP);
}

#[tokio::test]
async fn a_denied_origin_cannot_read_the_response() {
    for origin in [
        STRANGER,
        "null",
        "",
        "https://app.example.evil.example",
        "https://APP.example",
        "https://app.example/",
        "https://app.example:443",
        "http://app.example",
    ] {
        let reply = request("GET", "/meddles").from(origin).to(&app()).await;
        reply.is(200).has_body("done").is_denied();
    }
    let reply = request("GET", "/meddles").to(&app()).await;
    reply.is(200).has_body("done").is_denied();
    let reply = request("GET", "/meddles")
        .from(APP)
        .from(APP)
        .to(&app())
        .await;
    reply.is(200).has_body("done").is_denied();
    let reply = request("GET", "/meddles")
        .from("https://\u{e4}pp.example")
        .to(&app())
        .await;
    reply.is(200).has_body("done").is_denied();
}

#[tokio::test]
async fn cors_headers_of_the_handler_are_replaced() {
    let reply = request("GET", "/meddles").from(APP).to(&app()).await;
    reply.is(200).has_body("done").allows(APP).vary(&["origin"]);
    reply
        .exposes(&["x-total", "etag"])
        .lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);
}

#[tokio::test]
async fn any_origin_can_read_an_open_handler() {
    let app = app();
    for origin in [Some(APP), Some(STRANGER), Some("null"), Some(""), None] {
        let sent = request("GET", "/open");
        let sent = match origin {
            Some(origin) => sent.header(ORIGIN, origin),
            None => sent,
        };
        let reply = sent.to(&app).await;
        reply
            .is(200)
            .has_body("done")
            .allows("*")
            .exposes(&["x-total"]);
        reply.lacks(&VARY).lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);
    }
    let twice = request("GET", "/open")
        .from(APP)
        .from(STRANGER)
        .to(&app)
        .await;
    twice.is(200).allows("*").lacks(&VARY);
    let nobody = request("DELETE", "/open").to(&app).await;
    nobody.is(405).allows("*").lacks(&VARY);
}

#[tokio::test]
async fn preflights_of_an_open_handler_have_vary() {
    for origin in [APP, "null"] {
        let reply = preflight("PUT", "/open").from(origin).with_headers("x-one");
        let reply = reply.to(&app()).await;
        reply
            .is_allowed_preflight("*")
            .methods(&["PUT"])
            .allowed_headers(&["x-one"]);
    }
}

#[tokio::test]
async fn vary_of_a_handler_is_merged() {
    macro_rules! varies {
        ($($value:literal),*) => {{
            #[cors(origins = ["https://app.example"])]
            async fn varying() -> impl IntoResponse {
                let mut headers = HeaderMap::new();
                $(headers.append(VARY, $value.parse().expect("a value"));)*
                headers
            }
            let app: Router = Router::new().route("/", get(varying));
            request("GET", "/").from(APP).to(&app).await
        }};
    }
    varies!("accept").vary(&["accept", "origin"]);
    varies!("accept, origin").vary(&["accept", "origin"]);
    varies!("ORIGIN").vary(&["origin"]);
    varies!("accept", "Origin").vary(&["accept", "origin"]);
    varies!("accept", "accept-encoding").vary(&["accept", "accept-encoding", "origin"]);
    varies!("x-origin").vary(&["x-origin", "origin"]);
    varies!("*").vary(&["*"]);
    varies!("accept", "*").allows(APP);
}

#[tokio::test]
async fn vary_of_an_open_handler_is_unchanged() {
    #[cors(origins = "*")]
    async fn varying() -> impl IntoResponse {
        [(VARY, "accept")]
    }

    let app: Router = Router::new().route("/", any(varying));
    let reply = request("GET", "/").from(APP).to(&app).await;
    reply.allows("*").has(&VARY, "accept");
}

#[tokio::test]
async fn credentials_are_allowed_only_with_the_origin() {
    #[cors(origins = ["https://app.example"], credentials, expose = ["etag"])]
    async fn secret() {}

    let app: Router = Router::new().route("/", get(secret));
    let reply = request("GET", "/").from(APP).to(&app).await;
    reply.allows(APP).credentials().exposes(&["etag"]);
    for sent in [request("GET", "/"), request("GET", "/").from(ADMIN)] {
        sent.to(&app).await.is_denied();
    }
    let reply = preflight("GET", "/").from(APP).to(&app).await;
    reply
        .is_allowed_preflight(APP)
        .credentials()
        .lacks(&ACCESS_CONTROL_EXPOSE_HEADERS);
}

#[tokio::test]
async fn without_preflight_adds_headers_but_does_not_answer_preflights() {
    let app = axum::Router::new().route(
        "/meddles",
        plainly::get(without_preflight(sets_own_cors_headers)),
    );
    let reply = request("GET", "/meddles").from(APP).to(&app).await;
    reply
        .is(200)
        .has_body("done")
        .allows(APP)
        .exposes(&["x-total", "etag"]);
    let reply = request("GET", "/meddles").from(STRANGER).to(&app).await;
    reply.is(200).is_denied();
    let reply = preflight("GET", "/meddles").from(APP).to(&app).await;
    reply.is(405).is_without_policy();
}

#[tokio::test]
async fn without_preflight_adds_headers_to_rejections() {
    let routes = plainly::post(without_preflight(create));
    let app = axum::Router::new().route("/items", routes);
    let sent = |body| request("POST", "/items").from(APP).json(body);
    sent("{").to(&app).await.is(400).allows(APP);
    sent(r#"{"name":"tea"}"#)
        .to(&app)
        .await
        .is(200)
        .has_body("tea")
        .allows(APP);
    let token = request("POST", "/items")
        .header(AUTHORIZATION, "x")
        .to(&app)
        .await;
    token.is(415).is_denied();
}
