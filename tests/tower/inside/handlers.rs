//! One handler inside of one layer.

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_EXPOSE_HEADERS, HOST, VARY,
};
use cors_runtime::tower::CorsLayer;
use tower::{Layer as _, service_fn};

use super::{ANY, LOOSE, SEC_FETCH_SITE, disabled, is_403_because, open, runs, same, strict};
use crate::common::{ADMIN, APP, STRANGER, preflight, request};

#[tokio::test]
async fn a_handler_with_a_policy_says_what_its_response_carries() {
    let app = around!(&LOOSE, strict);
    let reply = request("PUT", "/").from(ADMIN).to(&app).await;
    reply.is(200).says("work").allows(ADMIN).vary(&["origin"]);
    reply.exposes(&["x-strict"]);
    reply.lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);
    assert_eq!(runs(), 1);
    let app = around!(&LOOSE, open);
    let reply = request("GET", "/").from(STRANGER).to(&app).await;
    reply.is(200).allows("*").lacks(&VARY);
    reply.lacks(&ACCESS_CONTROL_EXPOSE_HEADERS);
}

#[tokio::test]
async fn a_stricter_handler_does_not_run_for_what_it_refuses() {
    for app in [around!(&LOOSE, strict), around!(&ANY, strict)] {
        preflight("PUT", "/").from(APP).to(&app).await.is(204);
        for method in ["PUT", "GET", "POST", "OPTIONS"] {
            let reply = request(method, "/").from(APP).to(&app).await;
            is_403_because(&reply, "an outer policy");
        }
        let reply = request("PUT", "/").from("null").to(&app).await;
        is_403_because(&reply, "an outer policy");
    }
}

#[tokio::test]
async fn a_stricter_handler_runs_for_its_own_pages_and_for_nobodys() {
    let app = around!(&LOOSE, strict);
    let site = |site| request("PUT", "/").from(APP).header(SEC_FETCH_SITE, site);
    for asked in [
        site("same-origin"),
        site("none"),
        request("PUT", "/").from(APP).header(HOST, "app.example"),
        request("PUT", "/")
            .from(APP)
            .header(HOST, "app.example:443"),
        request("PUT", "https://app.example/").from(APP),
        request("PUT", "/"),
    ] {
        asked.to(&app).await.is(200).says("work").is_unreadable();
        assert_eq!(runs(), 1);
    }
    for asked in [
        site("same-site"),
        site("cross-site"),
        site("same-origin").header(SEC_FETCH_SITE, "same-origin"),
        site("cross-site").header(HOST, "app.example"),
        request("PUT", "/").from(APP).header(HOST, "app.example:80"),
        request("PUT", "/").from(APP).header(HOST, "other.example"),
    ] {
        is_403_because(&asked.to(&app).await, "an outer policy");
    }
}

#[tokio::test]
async fn a_disabled_handler_has_no_headers_and_no_visitors() {
    for app in [around!(&LOOSE, disabled), around!(&ANY, disabled)] {
        let reply = request("PUT", "/").from(APP).to(&app).await;
        is_403_because(&reply, "an outer policy");
        let same = request("PUT", "/").from(APP).header(HOST, "app.example");
        same.to(&app).await.is(200).says("work").is_untouched();
        request("GET", "/").to(&app).await.is(200).is_untouched();
        assert_eq!(runs(), 2);
    }
}

/// Nothing was lent: CORS by itself blocks nothing.
#[tokio::test]
async fn where_the_layer_has_the_handlers_own_policy_nothing_is_refused() {
    let app = around!(&LOOSE, same);
    request("PUT", "/")
        .from(STRANGER)
        .to(&app)
        .await
        .is(200)
        .is_unreadable();
    let reply = request("PUT", "/").from(APP).to(&app).await;
    reply.allows(APP).credentials().vary(&["origin"]);
    assert_eq!(runs(), 2);
}

#[tokio::test]
async fn without_a_layer_nothing_is_refused() {
    let app = service_fn(strict);
    request("PUT", "/")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .is_unreadable();
    assert_eq!(runs(), 1);
}
