//! Tests every kind of handler that axum accepts, and other uses of annotated functions.

use std::fmt;
use std::num::ParseIntError;

use axum::Extension;
use axum::Json;
use axum::extract::{MatchedPath, NestedPath, Path, Query, Request, State};
use axum::http::header::{CONTENT_LENGTH, HeaderName};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use cors_runtime::axum::routing::{any, get, post};
use cors_runtime::axum::{Router, cors};
use serde::{Deserialize, Serialize};

use crate::common::{APP, get_allowed, request};

trait Db: Clone + Send + Sync + 'static {
    fn name(&self) -> &'static str;
}

#[derive(Clone)]
struct Pg;

impl Db for Pg {
    fn name(&self) -> &'static str {
        "pg"
    }
}

#[derive(Deserialize, Serialize)]
struct Item {
    name: String,
}

#[derive(Debug)]
struct AppError(StatusCode, String);

impl<E: std::error::Error> From<E> for AppError {
    fn from(error: E) -> Self {
        Self(StatusCode::BAD_REQUEST, error.to_string())
    }
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        (self.0, self.1).into_response()
    }
}

fn at_root(routes: cors_runtime::axum::MethodRouter) -> Router {
    Router::new().route("/", routes)
}

#[cors(origins = ["https://app.example"])]
async fn with_state<S>(State(db): State<S>, Query(query): Query<Vec<(String, u8)>>) -> String
where
    S: Db,
{
    format!("{} {}", db.name(), query.len())
}

#[tokio::test]
async fn a_generic_handler_can_be_mounted() {
    let app = Router::new().route("/", get(with_state::<Pg>));
    get_allowed(&app.with_state(Pg), "/?a=1&b=2")
        .await
        .is(200)
        .has_body("pg 2");
}

#[tokio::test]
async fn a_handler_can_be_called_as_a_function() {
    assert_eq!(with_state(State(Pg), Query(vec![])).await, "pg 0");
    let with_state = with_state::<Pg>;
    let call = with_state(State(Pg), Query(vec![("a".to_owned(), 1)]));
    let task = tokio::spawn(call.into_future());
    assert_eq!(task.await.expect("no panic"), "pg 1");
}

#[tokio::test]
async fn a_local_variable_can_have_the_name_of_a_handler() {
    #[cors(origins = ["https://app.example"])]
    async fn list() -> Json<Vec<u8>> {
        let list = vec![1, 2];
        Json(list)
    }

    let app = at_root(get(list));
    let list = list().await;
    assert_eq!(list.0, [1, 2]);
    get_allowed(&app, "/").await.has_body("[1,2]");
}

#[tokio::test]
async fn impl_trait_arguments_work_in_a_closure() {
    #[cors(origins = ["https://app.example"])]
    async fn name(State(db): State<impl Db>, suffix: impl fmt::Display + Send + 'static) -> String {
        format!("{}{suffix}", db.name())
    }

    assert_eq!(name(State(Pg), 1).await, "pg1");
    let app = Router::new().route("/", get(|state: State<Pg>| name(state, '!')));
    get_allowed(&app.with_state(Pg), "/").await.has_body("pg!");
}

struct Api;

impl Api {
    const NAME: &'static str = "api";

    #[cors(origins = ["https://app.example"])]
    async fn list(State(db): State<Pg>) -> String {
        format!("{} {}", Self::NAME, db.name())
    }
}

struct NameOf<T>(T);

impl<T: Db> NameOf<T> {
    #[cors(origins = ["https://app.example"])]
    async fn name(State(db): State<T>) -> Result<Json<&'static str>, NameOf<T>> {
        Ok(Json(NameOf(db).0.name()))
    }
}

impl<T> IntoResponse for NameOf<T> {
    fn into_response(self) -> Response {
        StatusCode::CONFLICT.into_response()
    }
}

#[tokio::test]
async fn associated_functions_are_handlers() {
    let app: Router = Router::new()
        .route("/", get(Api::list))
        .route("/of", get(NameOf::<Pg>::name))
        .with_state(Pg);
    get_allowed(&app, "/").await.has_body("api pg");
    get_allowed(&app, "/of").await.has_body("\"pg\"");
    assert_eq!(Api::list(State(Pg)).await, "api pg");
}

#[tokio::test]
async fn every_response_type_of_axum_can_be_returned() {
    #[cors(origins = ["https://app.example"])]
    async fn nothing() {}
    #[cors(origins = ["https://app.example"])]
    async fn opaque() -> impl IntoResponse {
        (StatusCode::CREATED, [("x-one", "1")], "made")
    }
    #[cors(origins = ["https://app.example"])]
    async fn response() -> Response {
        StatusCode::ACCEPTED.into_response()
    }
    #[cors(origins = ["https://app.example"])]
    async fn fallible() -> Result<impl IntoResponse, (StatusCode, &'static str)> {
        if true {
            return Err((StatusCode::IM_A_TEAPOT, "tea"));
        }
        Ok("coffee")
    }
    #[cors(origins = ["https://app.example"])]
    async fn axum_result() -> axum::response::Result<&'static str> {
        Err(StatusCode::GONE)?;
        Ok("there")
    }

    let app: Router = Router::new()
        .route("/", get(nothing))
        .route("/opaque", get(opaque))
        .route("/response", get(response))
        .route("/fallible", get(fallible))
        .route("/axum", get(axum_result));
    get_allowed(&app, "/").await.is(200).has_body("");
    let made = get_allowed(&app, "/opaque").await;
    made.is(201)
        .has_body("made")
        .has(&HeaderName::from_static("x-one"), "1");
    get_allowed(&app, "/response").await.is(202);
    get_allowed(&app, "/fallible").await.is(418).has_body("tea");
    get_allowed(&app, "/axum").await.is(410);
}

#[tokio::test]
async fn question_marks_convert_errors() {
    fn parse(text: &str) -> Result<u8, ParseIntError> {
        text.parse()
    }

    #[cors(origins = ["https://app.example"])]
    async fn sum(Path((one, two)): Path<(String, String)>) -> Result<String, AppError> {
        let sum = parse(&one)?.checked_add(parse(&two)?);
        let Some(sum) = sum else {
            return Err(AppError(StatusCode::CONFLICT, "too much".into()));
        };
        Ok(sum.to_string())
    }

    let app: Router = Router::new().route("/{one}/{two}", get(sum));
    get_allowed(&app, "/1/2").await.is(200).has_body("3");
    get_allowed(&app, "/255/2")
        .await
        .is(409)
        .has_body("too much");
    get_allowed(&app, "/x/2").await.is(400);
}

#[tokio::test]
async fn patterns_of_arguments_bind() {
    #[cors(origins = ["https://app.example"], headers = ["content-type"])]
    async fn shout(
        _: Method,
        _permit: Uri,
        mut headers: HeaderMap,
        ref method: Method,
        State((mut count, ..)): State<(u8, u8)>,
        Json(Item { mut name }): Json<Item>,
    ) -> Json<Item> {
        count += 1;
        headers.remove(CONTENT_LENGTH);
        let suffix = format!("{count}{method}{}", headers.len());
        name.push_str(&suffix);
        Json(Item { name })
    }

    let app: Router = Router::new().route("/", post(shout)).with_state((1, 2));
    let sent = request("POST", "/").from(APP).json(r#"{"name":"a"}"#);
    let reply = sent.to(&app).await;
    reply.is(200).has_body(r#"{"name":"a2POST2"}"#).allows(APP);
}

#[tokio::test]
async fn the_last_argument_can_take_the_body() {
    #[cors(origins = ["https://app.example"])]
    async fn whole(request: Request) -> String {
        request.uri().to_string()
    }
    #[cors(origins = ["https://app.example"])]
    async fn text(_: Method, body: String) -> String {
        body
    }

    let app: Router = Router::new().route("/", any(whole).post(text));
    get_allowed(&app, "/?a").await.has_body("/?a");
    let sent = request("POST", "/").from(APP).body("hello").to(&app).await;
    sent.is(200).has_body("hello").allows(APP);
}

#[tokio::test]
async fn extractors_receive_the_same_paths_as_in_axum() {
    #[cors(origins = ["https://app.example"])]
    async fn paths(
        matched: MatchedPath,
        nested: NestedPath,
        Extension(number): Extension<u8>,
        uri: Uri,
    ) -> String {
        let (matched, nested) = (matched.as_str(), nested.as_str());
        format!("{matched} {nested} {uri} {number}")
    }

    let inner = Router::new().route("/items/{id}", get(paths));
    let app: Router = Router::new().nest("/in", inner).layer(Extension(7_u8));
    let reply = get_allowed(&app, "/in/items/1").await;
    reply.has_body("/in/items/{id} /in /items/1 7");
}
