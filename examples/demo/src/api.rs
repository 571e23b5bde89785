//! The API of the demo: the policy of each handler is on the handler.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::header::{AUTHORIZATION, COOKIE, SET_COOKIE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use cors_runtime::axum::routing::get;
use cors_runtime::axum::{Router, cors};
use serde::{Deserialize, Serialize};

pub(crate) fn router() -> Router {
    Router::new()
        .route("/items", get(list).post(create))
        .route("/items/{id}", get(show).put(update).delete(remove))
        .route("/session", get(who_am_i).post(sign_in).put(rename))
        .nest("/staff", staff())
        .with_state(Shed::new(["Hammer", "Pliers", "Saw"]))
}

/// Routes behind a layer that refuses whoever brings no token. A preflight never brings one, so it
/// must be answered before the layer; and the 401 must be readable, so its headers come after.
fn staff() -> Router<Shed> {
    Router::new()
        .route("/report", get(report))
        .layer(from_fn(require_token))
}

#[cors(
    origins = ["http://127.0.0.1:5173", "http://localhost:*"],
    expose = ["x-total-count"],
)]
async fn list(State(shed): State<Shed>) -> impl IntoResponse {
    let items: Vec<Item> = shed.items().values().cloned().collect();
    // A page may read the first of the two, which is exposed, and sees nothing of the second.
    let headers = [
        ("x-total-count", items.len().to_string()),
        ("x-build", "debug".to_owned()),
    ];
    (headers, Json(items))
}

#[cors(
    origins = ["http://127.0.0.1:5173", "http://localhost:*"],
    headers = ["content-type"],
)]
async fn create(State(shed): State<Shed>, Json(new): Json<NewItem>) -> impl IntoResponse {
    (StatusCode::CREATED, Json(shed.add(new.name)))
}

#[cors(origins = ["http://127.0.0.1:5173", "http://localhost:*"])]
async fn show(State(shed): State<Shed>, Path(id): Path<u32>) -> Result<Json<Item>, NoSuchItem> {
    let item = shed.items().get(&id).cloned();
    item.map(Json).ok_or(NoSuchItem(id))
}

#[cors(
    origins = ["http://127.0.0.1:5173", "http://localhost:*"],
    headers = ["content-type", "x-editor"],
    max_age = "10m",
)]
async fn update(
    State(shed): State<Shed>,
    Path(id): Path<u32>,
    headers: HeaderMap,
    Json(new): Json<NewItem>,
) -> Result<Json<Item>, NoSuchItem> {
    let mut items = shed.items();
    let item = items.get_mut(&id).ok_or(NoSuchItem(id))?;
    item.name = new.name;
    item.editor = text(&headers, "x-editor").map(str::to_owned);
    Ok(Json(item.clone()))
}

#[cors(origins = ["http://127.0.0.1:5173", "http://localhost:*"])]
async fn remove(State(shed): State<Shed>, Path(id): Path<u32>) -> Result<StatusCode, NoSuchItem> {
    let removed = shed.items().remove(&id);
    removed.map_or(Err(NoSuchItem(id)), |_| Ok(StatusCode::NO_CONTENT))
}

#[cors(origins = ["http://127.0.0.1:5173", "http://localhost:*"], credentials)]
async fn sign_in() -> impl IntoResponse {
    let cookie = "demo_visitor=ada; Path=/session; Max-Age=600; HttpOnly; SameSite=Lax";
    (StatusCode::NO_CONTENT, [(SET_COOKIE, cookie)])
}

#[cors(origins = ["http://127.0.0.1:5173", "http://localhost:*"], credentials)]
async fn who_am_i(headers: HeaderMap) -> Json<Session> {
    let visitor = text(&headers, COOKIE.as_str())
        .and_then(|line| {
            line.split("; ")
                .find_map(|it| it.strip_prefix("demo_visitor="))
        })
        .map(str::to_owned);
    Json(Session { visitor })
}

/// With credentials, a browser takes `*` for a name: the preflight repeats the requested names.
#[cors(origins = ["http://127.0.0.1:5173", "http://localhost:*"], headers = "*", credentials)]
async fn rename(headers: HeaderMap) -> Json<Session> {
    who_am_i(headers).await
}

#[cors(
    origins = ["http://127.0.0.1:5173", "http://localhost:*"],
    headers = ["authorization"],
)]
async fn report() -> &'static str {
    "all tools are in their place"
}

async fn require_token(request: Request, next: Next) -> Response {
    if text(request.headers(), AUTHORIZATION.as_str()) == Some("Bearer demo") {
        return next.run(request).await;
    }
    let challenge = [(WWW_AUTHENTICATE, "Bearer")];
    (
        StatusCode::UNAUTHORIZED,
        challenge,
        "staff only: a token is required",
    )
        .into_response()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[derive(Clone, Serialize)]
struct Item {
    id: u32,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    editor: Option<String>,
}

#[derive(Deserialize)]
struct NewItem {
    name: String,
}

#[derive(Serialize)]
struct Session {
    visitor: Option<String>,
}

struct NoSuchItem(u32);

impl IntoResponse for NoSuchItem {
    fn into_response(self) -> Response {
        let Self(id) = self;
        (StatusCode::NOT_FOUND, format!("there is no item {id}")).into_response()
    }
}

/// What the API keeps, for as long as the demo runs.
#[derive(Clone)]
struct Shed(Arc<Mutex<BTreeMap<u32, Item>>>);

impl Shed {
    fn new<const N: usize>(names: [&str; N]) -> Self {
        let shed = Self(Arc::default());
        for name in names {
            shed.add(name.to_owned());
        }
        shed
    }

    fn add(&self, name: String) -> Item {
        let mut items = self.items();
        let id = items.last_key_value().map_or(1, |(last, _)| last + 1);
        let item = Item {
            id,
            name,
            editor: None,
        };
        items.insert(id, item.clone());
        item
    }

    /// A handler that panicked leaves no half-done change, so a poisoned lock is as good as any.
    fn items(&self) -> MutexGuard<'_, BTreeMap<u32, Item>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
