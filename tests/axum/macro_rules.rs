//! Tests handlers that a `macro_rules!` creates from fragments, which reach the attribute in
//! invisible groups.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use cors_runtime::axum::routing::{any, get, put};
use cors_runtime::axum::{Router, cors};

use crate::common::{APP, preflight, request};

macro_rules! from_block {
    ($name:ident $body:block) => {
        #[cors(origins = ["https://app.example"])]
        async fn $name() -> &'static str $body
    };
}

from_block!(block { "block" });

macro_rules! from_item {
    ($item:item) => {
        #[cors(origins = ["https://app.example"])]
        $item
    };
}

from_item! {
    async fn item() -> &'static str {
        "item"
    }
}

macro_rules! typed {
    ($vis:vis $name:ident($pattern:pat, $argument:ty) -> $output:ty = $body:expr) => {
        #[cors(origins = ["https://app.example"])]
        $vis async fn $name($pattern: $argument) -> $output {
            $body
        }
    };
}

typed!(pub(crate) types(Path(mut id), Path<String>) -> Result<impl IntoResponse, StatusCode> = {
    id.push('!');
    Ok(id)
});

macro_rules! from_values {
    ($name:ident: $origin:literal, $method:ident, $header:literal) => {
        #[cors(origins = [$origin], methods = [$method], headers = [$header], expose = [$header])]
        async fn $name() -> &'static str {
            "values"
        }
    };
}

from_values!(values: "https://app.example", PUT, "x-one");

macro_rules! from_options {
    ($name:ident: $max_age:literal, $credentials:literal) => {
        #[cors(origins = ["https://app.example"], max_age = $max_age, credentials = $credentials)]
        async fn $name() {}
    };
}

from_options!(options: "10m", true);

macro_rules! from_expression {
    ($name:ident, $origins:expr) => {
        #[cors(origins = $origins)]
        async fn $name() {}
    };
}

from_expression!(expression, ["https://app.example"]);

#[tokio::test]
async fn fragments_can_define_a_handler() {
    let app: Router = Router::new()
        .route("/block", get(block))
        .route("/item", get(item))
        .route("/types/{id}", get(types))
        .route("/expression", any(expression));
    for (path, body) in [
        ("/block", "block"),
        ("/item", "item"),
        ("/types/1", "1!"),
        ("/expression", ""),
    ] {
        let reply = request("GET", path).from(APP).to(&app).await;
        reply.is(200).has_body(body).allows(APP);
        let sent = preflight("GET", path).from(APP).to(&app).await;
        sent.is_allowed_preflight(APP);
    }
}

#[tokio::test]
async fn fragments_can_be_values() {
    let app: Router = Router::new().route("/", put(values).get(options));
    let sent = preflight("PUT", "/").from(APP).with_headers("x-one");
    let sent = sent.to(&app).await;
    sent.is_allowed_preflight(APP).methods(&["PUT"]);
    sent.allowed_headers(&["x-one"]);
    let reply = request("PUT", "/").from(APP).to(&app).await;
    reply
        .is(200)
        .has_body("values")
        .allows(APP)
        .exposes(&["x-one"]);
    let sent = preflight("GET", "/").from(APP).to(&app).await;
    sent.is_allowed_preflight(APP).credentials().max_age("600");
}
