//! `enforce`, `hosts`, `disabled`, and shared policies.

use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::response::Response;
use cors_runtime::axum::routing::{any, get};
use cors_runtime::axum::{Router, cors};
use cors_runtime::{Policy, policy};

use super::page;

static SHARED: Policy = policy! { origins = ["https://app.shop.example"], headers = ["x-one"] };

#[cors(policy = SHARED)]
async fn shared() -> &'static str {
    "shared"
}

#[cors(disabled)]
async fn disabled() -> &'static str {
    "disabled"
}

#[cors(origins = ["https://app.shop.example"], enforce)]
async fn enforced() -> &'static str {
    "enforced"
}

async fn until_closed(mut socket: WebSocket) {
    while let Some(Ok(_)) = socket.recv().await {}
}

#[cors(origins = ["https://app.shop.example"], enforce)]
async fn chat(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(until_closed)
}

#[cors(origins = ["https://app.shop.example"])]
async fn open_chat(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(until_closed)
}

#[cors(origins = ["https://app.shop.example"], enforce, hosts = ["api.shop.example"])]
async fn one_host() -> &'static str {
    "one host"
}

pub(super) fn enforcing() -> Router {
    let with_default = Router::new()
        .route("/shared", get(page))
        .route("/disabled", get(disabled))
        .cors(&SHARED);
    Router::new()
        .route("/policy", get(shared))
        .nest("/default", with_default)
        .route("/enforce", get(enforced).post(enforced))
        .route("/chat", any(chat))
        .route("/open-chat", any(open_chat))
        .route("/hosts", get(one_host))
}
