//! Handlers that a `macro_rules!` makes of fragments: those reach the attribute inside of invisible
//! groups.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use cors_runtime::axum::routing::{any, get, put};
use cors_runtime::axum::{Router, cors};

use crate::common::{APP, preflight, request};

macro_rules! of_a_block {
    ($name:ident $body:block) => {
        #[cors(origins = ["https://app.example"])]
        async fn $name() -> &'static str $body
    };
}

of_a_block!(block { "block" });

macro_rules! of_an_item {
    ($item:item) => {
        #[cors(origins = ["https://app.example"])]
        $item
    };
}

of_an_item! {
    async fn item() -> &'static str {
        "item"
    }
}

macro_rules! of_types {
    ($vis:vis $name:ident($pattern:pat, $argument:ty) -> $output:ty = $body:expr) => {
        #[cors(origins = ["https://app.example"])]
        $vis async fn $name($pattern: $argument) -> $output {
            $body
        }
    };
}

of_types!(pub(crate) types(Path(mut id), Path<String>) -> Result<impl IntoResponse, StatusCode> = {
    id.push('!');
    Ok(id)
});

macro_rules! of_values {
    ($name:ident: $origin:literal, $method:ident, $header:literal) => {
        #[cors(origins = [$origin], methods = [$method], headers = [$header], expose = [$header])]
        async fn $name() -> &'static str {
            "values"
        }
    };
}

of_values!(values: "https://app.example", PUT, "x-one");

macro_rules! of_options {
    ($name:ident: $max_age:literal, $credentials:literal) => {
        #[cors(origins = ["https://app.example"], max_age = $max_age, credentials = $credentials)]
        async fn $name() {}
    };
}

of_options!(options: "10m", true);

macro_rules! of_an_expression {
    ($name:ident, $origins:expr) => {
        #[cors(origins = $origins)]
        async fn $name() {}
    };
}

of_an_expression!(expression, ["https://app.example"]);

#[tokio::test]
async fn fragments_make_a_handler_as_tokens_do() {
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
        reply.is(200).says(body).allows(APP);
        let asked = preflight("GET", path).from(APP).to(&app).await;
        asked.is_permission_for(APP);
    }
}

#[tokio::test]
async fn fragments_are_values_as_tokens_are() {
    let app: Router = Router::new().route("/", put(values).get(options));
    let asked = preflight("PUT", "/").from(APP).with_headers("x-one");
    let asked = asked.to(&app).await;
    asked.is_permission_for(APP).methods(&["PUT"]);
    asked.allowed_headers(&["x-one"]);
    let reply = request("PUT", "/").from(APP).to(&app).await;
    reply.is(200).says("values").allows(APP).exposes(&["x-one"]);
    let asked = preflight("GET", "/").from(APP).to(&app).await;
    asked.is_permission_for(APP).credentials().max_age("600");
}
