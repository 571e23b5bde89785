//! The entries of `origins`.

use cors_runtime::axum::routing::get;
use cors_runtime::axum::{Router, cors};
use cors_runtime::{OriginList, OriginRequest, RequestHead};

use super::{exact, page};

static PARTNERS: OriginList = OriginList::new();

fn partner(origin: &str, _: &RequestHead<'_>) -> bool {
    origin == "https://app.shop.example"
}

async fn known(request: OriginRequest) -> bool {
    tokio::task::yield_now().await;
    request.origin() == "https://app.shop.example"
}

#[cors(origins = ["http://app.shop.example", "http://app.shop.example:8080"])]
async fn http() -> &'static str {
    "http"
}

#[cors(origins = ["https://*.shop.example"])]
async fn subdomains() -> &'static str {
    "subdomains"
}

#[cors(origins = ["http://localhost:*"])]
async fn ports() -> &'static str {
    "ports"
}

#[cors(origins = [regex(r"https://(app|admin)\.shop\.example")])]
async fn regex() -> &'static str {
    "regex"
}

#[cors(origins = [partner])]
async fn function() -> &'static str {
    "function"
}

#[cors(origins = [PARTNERS])]
async fn list() -> &'static str {
    "list"
}

#[cors(origins = [ask(known)])]
async fn asked() -> &'static str {
    "asked"
}

#[cors(origins = "*")]
async fn anyone() -> &'static str {
    "anyone"
}

pub(super) fn origins() -> Router {
    PARTNERS
        .replace(["https://app.shop.example"])
        .expect("an origin");
    Router::new()
        .route("/exact", get(exact))
        .route("/http", get(http))
        .route("/subdomains", get(subdomains))
        .route("/ports", get(ports))
        .route("/regex", get(regex))
        .route("/function", get(function))
        .route("/list", get(list))
        .route("/ask", get(asked))
        .route("/any", get(anyone))
        .route("/plain", get(page))
}
