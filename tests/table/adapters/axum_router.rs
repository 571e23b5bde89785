//! `cors_runtime::axum::cors`, on handlers of `cors_runtime::axum::Router`.

use axum::body::Body;
use axum::extract::Query;
use axum::http::HeaderMap;
use axum::response::Response;
use cors_runtime::axum::routing::{MethodFilter, on};
use cors_runtime::axum::{MethodRouter, Router, cors};
use serde::Deserialize;
use tower::ServiceExt as _;

use super::{block_on, http_request, reply, response};
use crate::answer::Reply;
use crate::request::PlainRequest;
use crate::services::{Service, for_every_service};

/// The query that an extractor can reject.
#[derive(Deserialize)]
struct Wanted {
    #[serde(default, rename = "number")]
    _number: u32,
}

macro_rules! handlers {
    ($($service:ident $name:ident $policy:ident;)*) => {
        $(
            #[cors(policy = crate::services::$policy)]
            async fn $name(_: Query<Wanted>, headers: HeaderMap) -> Response {
                response(&headers)
            }
        )*

        pub(super) fn mounted(service: Service) -> MethodRouter {
            match service {
                $(Service::$service => on(served(service), $name),)*
            }
        }
    };
}

for_every_service!(handlers);

fn served(service: Service) -> MethodFilter {
    let methods = service.served().iter().map(|method| {
        let method = method.parse::<axum::http::Method>().expect("a method");
        MethodFilter::try_from(method).expect("one that axum can name")
    });
    methods.reduce(MethodFilter::or).expect("a method")
}

pub(super) fn answer(sent: &PlainRequest) -> Reply {
    let app = Service::ALL
        .into_iter()
        .fold(Router::new(), |app, service| {
            app.route(service.path(), mounted(service))
        });
    let request = http_request(sent, Body::empty());
    block_on(async {
        let Ok(response) = app.oneshot(request).await;
        reply(response).await
    })
}
