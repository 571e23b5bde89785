//! Tests one handler inside of one layer.

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_EXPOSE_HEADERS, HOST, VARY,
};
use cors_runtime::tower::CorsLayer;
use tower::{Layer as _, service_fn};

use super::{ANY, LOOSE, SEC_FETCH_SITE, disabled, is_403_with_reason, open, runs, same, strict};
use crate::common::{ADMIN, APP, STRANGER, preflight, request};

#[tokio::test]
async fn a_handler_sets_the_headers_of_its_response() {
    let app = layered!(&LOOSE, strict);
    let reply = request("PUT", "/").from(ADMIN).to(&app).await;
    reply
        .is(200)
        .has_body("work")
        .allows(ADMIN)
        .vary(&["origin"]);
    reply.exposes(&["x-strict"]);
    reply.lacks(&ACCESS_CONTROL_ALLOW_CREDENTIALS);
    assert_eq!(runs(), 1);
    let app = layered!(&LOOSE, open);
    let reply = request("GET", "/").from(STRANGER).to(&app).await;
    reply.is(200).allows("*").lacks(&VARY);
    reply.lacks(&ACCESS_CONTROL_EXPOSE_HEADERS);
}

#[tokio::test]
async fn a_stricter_handler_does_not_run_for_denied_origins() {
    for app in [layered!(&LOOSE, strict), layered!(&ANY, strict)] {
        preflight("PUT", "/").from(APP).to(&app).await.is(204);
        for method in ["PUT", "GET", "POST", "OPTIONS"] {
            let reply = request(method, "/").from(APP).to(&app).await;
            is_403_with_reason(&reply, "an outer policy");
        }
        let reply = request("PUT", "/").from("null").to(&app).await;
        is_403_with_reason(&reply, "an outer policy");
    }
}

#[tokio::test]
async fn a_stricter_handler_runs_for_its_own_origin_and_without_an_origin() {
    let app = layered!(&LOOSE, strict);
    let site = |site| request("PUT", "/").from(APP).header(SEC_FETCH_SITE, site);
    for sent in [
        site("same-origin"),
        site("none"),
        request("PUT", "/").from(APP).header(HOST, "app.example"),
        request("PUT", "/")
            .from(APP)
            .header(HOST, "app.example:443"),
        request("PUT", "https://app.example/").from(APP),
        request("PUT", "/"),
    ] {
        sent.to(&app).await.is(200).has_body("work").is_denied();
        assert_eq!(runs(), 1);
    }
    for sent in [
        site("same-site"),
        site("cross-site"),
        site("same-origin").header(SEC_FETCH_SITE, "same-origin"),
        site("cross-site").header(HOST, "app.example"),
        request("PUT", "/").from(APP).header(HOST, "app.example:80"),
        request("PUT", "/").from(APP).header(HOST, "other.example"),
    ] {
        is_403_with_reason(&sent.to(&app).await, "an outer policy");
    }
}

#[tokio::test]
async fn a_disabled_handler_has_no_headers_and_refuses_other_origins() {
    for app in [layered!(&LOOSE, disabled), layered!(&ANY, disabled)] {
        let reply = request("PUT", "/").from(APP).to(&app).await;
        is_403_with_reason(&reply, "an outer policy");
        let same = request("PUT", "/").from(APP).header(HOST, "app.example");
        same.to(&app)
            .await
            .is(200)
            .has_body("work")
            .is_without_policy();
        request("GET", "/")
            .to(&app)
            .await
            .is(200)
            .is_without_policy();
        assert_eq!(runs(), 2);
    }
}

/// The layer has the same policy as the handler, and CORS alone does not refuse requests.
#[tokio::test]
async fn nothing_is_refused_if_the_layer_has_the_same_policy() {
    let app = layered!(&LOOSE, same);
    request("PUT", "/")
        .from(STRANGER)
        .to(&app)
        .await
        .is(200)
        .is_denied();
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
        .is_denied();
    assert_eq!(runs(), 1);
}
