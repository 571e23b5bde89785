//! placeholder
use axum::{
    Json,
    body::Body,
    extract::{Path, Query, State},
    http::{Request, StatusCode},
    response::IntoResponse,
};
use cors_runtime::axum::{
    Router, cors,
    routing::{any, get, put},
};
use serde::Deserialize;
use tower::ServiceExt;

#[derive(Deserialize)]
struct P {
    n: u32,
}

/// docs
#[cors(origins = ["https://a.example", "https://*.b.example", "http://localhost:*"], expose = ["x-total"], credentials)]
async fn list(State(db): State<u8>, Query(P { n }): Query<P>) -> impl IntoResponse {
    format!("{db} {n}")
}

#[cors(origins = ["https://c.example"], methods = [POST], headers = ["content-type"], max_age = "10m")]
async fn create(Json(mut x): Json<u32>) -> Result<impl IntoResponse, StatusCode> {
    x += 1;
    if x == 8 {
        return Err(StatusCode::CONFLICT);
    }
    let _y: u32 = "1".parse().map_err(|_| StatusCode::BAD_REQUEST)?;
    Ok(x.to_string())
}

#[cors(origins = "*")]
async fn empty() {}

async fn plain(Path(x): Path<String>) -> String {
    x
}

#[tokio::test]
async fn smoke() {
    let app: Router = Router::new()
        .route("/items", get(list).post(create))
        .route("/e", any(empty))
        .route("/p/{x}", put(plain))
        .with_state(7u8);
    println!("{}", app.policies());
    let d = list;
    let _ = d(State(1), Query(P { n: 3 })).await;
    for (m, p, o, acrm) in [
        ("GET", "/items?n=3", "https://a.example", ""),
        ("OPTIONS", "/items", "https://a.example", "GET"),
        ("OPTIONS", "/items", "https://x.b.example", "GET"),
        ("OPTIONS", "/items", "https://c.example", "POST"),
        ("OPTIONS", "/items", "https://a.example", "POST"),
        ("OPTIONS", "/items", "https://a.example", "PUT"),
        ("OPTIONS", "/items", "https://a.example", ""),
        ("DELETE", "/items", "https://a.example", ""),
        ("POST", "/items", "https://c.example", ""),
        ("GET", "/none", "https://c.example", ""),
        ("GET", "/e", "https://c.example", ""),
    ] {
        let mut r = Request::builder().method(m).uri(p).header("origin", o);
        if !acrm.is_empty() {
            r = r.header("access-control-request-method", acrm);
        }
        let r = app
            .clone()
            .oneshot(r.body(Body::empty()).unwrap())
            .await
            .unwrap();
        println!("{m} {p} {o} {acrm} -> {} {:?}", r.status(), r.headers());
    }
}
