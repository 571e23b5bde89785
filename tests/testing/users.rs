//! Three tests as users write them, with other libraries' policies and plain assertions.

use axum::routing::{get, post};
use axum::{Json, Router};
use cors_runtime::testing::{Browser, Credentials, Exchange, Fetch};
use http::{Method, StatusCode, header};
use serde_json::{Value, json};
use tower_http::cors::CorsLayer;

/// A service as many are: a router of axum, and a layer of tower-http.
fn shop() -> Router {
    let cors = CorsLayer::new()
        .allow_origin(["https://shop.example".parse().unwrap()])
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::CONTENT_TYPE])
        .allow_credentials(true);
    Router::new()
        .route("/cart", get(async || Json(json!(["tea"]))))
        .route(
            "/login",
            post(async || {
                (
                    [(header::SET_COOKIE, "session=1; SameSite=None; Secure")],
                    "",
                )
            }),
        )
        .route(
            "/orders",
            post(async |headers: http::HeaderMap, Json(order): Json<Value>| {
                let is_logged_in = headers.contains_key(header::COOKIE);
                if is_logged_in {
                    Ok(order["item"].to_string())
                } else {
                    Err(StatusCode::UNAUTHORIZED)
                }
            }),
        )
        .layer(cors)
}

#[tokio::test]
async fn the_shop_shows_the_cart() {
    let mut shop = shop();
    let mut browser = Browser::at("https://shop.example");
    let cart = browser
        .fetch(&mut shop, Fetch::get("https://api.example/cart"))
        .await
        .unwrap();
    assert_eq!(cart.status(), StatusCode::OK);
    assert_eq!(cart.header("content-type"), Some("application/json"));
    let items: Vec<String> = serde_json::from_str(&cart.text().await).unwrap();
    assert_eq!(items, ["tea"]);
}

#[tokio::test]
async fn a_customer_logs_in_and_orders() {
    let mut shop = shop();
    let mut browser = Browser::at("https://shop.example");
    let order = Fetch::post("https://api.example/orders")
        .json(json!({ "item": "tea" }))
        .credentials(Credentials::Include);

    let refused = browser.fetch(&mut shop, order.clone()).await.unwrap();
    refused.assert_status(StatusCode::UNAUTHORIZED);

    let login = Fetch::post("https://api.example/login").credentials(Credentials::Include);
    browser.fetch(&mut shop, login).await.unwrap();
    browser.clear_log();
    let page = browser.fetch(&mut shop, order).await.unwrap();
    assert_eq!(page.text().await, "\"tea\"");
    // The browser kept the preflight of the first order.
    assert!(!browser.log().iter().any(Exchange::is_preflight));
}

#[tokio::test]
async fn no_other_page_orders() {
    for page in [
        "https://evil.example",
        "https://shop.example.evil.example",
        "http://shop.example",
    ] {
        let order = Fetch::post("https://api.example/orders")
            .json(json!({ "item": "tea" }))
            .credentials(Credentials::Include);
        let mut browser = Browser::at(page);
        let blocked = browser.fetch(&mut shop(), order).await.unwrap_err();
        assert_eq!(blocked.expected(), Some(page));
        assert_eq!(browser.log().len(), 1, "only the preflight is sent");
    }
}
