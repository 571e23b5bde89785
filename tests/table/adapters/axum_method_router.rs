//! `cors_runtime::axum::MethodRouter`, in axum's own `Router`.

use axum::Router;
use axum::body::Body;
use tower::ServiceExt as _;

use super::axum_router::mounted;
use super::{block_on, http_request, reply};
use crate::answer::Reply;
use crate::request::PlainRequest;
use crate::services::Service;

pub(super) fn answer(sent: &PlainRequest) -> Reply {
    let app = Service::ALL
        .into_iter()
        .fold(Router::<()>::new(), |app, service| {
            app.route(service.path(), mounted(service).into())
        });
    let request = http_request(sent, Body::empty());
    block_on(async {
        let Ok(response) = app.oneshot(request).await;
        reply(response).await
    })
}
