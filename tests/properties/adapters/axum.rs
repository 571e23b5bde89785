//! Handlers under `axum::cors`, and routers with a default policy.

use axum::body::Body;
use cors_runtime::Policy;
use cors_runtime::axum::routing::{MethodFilter, on};
use cors_runtime::axum::{MethodRouter, Router};
use http::Method;

use super::service::endpoint;
use super::{Endpoint, PATH, Served, response};

/// The filter for the methods of a handler.
pub(crate) fn filter(methods: &[&str]) -> MethodFilter {
    let methods = methods
        .iter()
        .map(|method| method.parse::<Method>().unwrap());
    let filters = methods.map(|method| MethodFilter::try_from(method).unwrap());
    filters.reduce(MethodFilter::or).unwrap()
}

/// The endpoints of an annotated handler: in a router of this crate, and in one of axum.
pub(crate) fn annotated(handler: MethodRouter, methods: &[&'static str]) -> [Endpoint; 2] {
    let router = axum::Router::from(Router::new().route(PATH, handler.clone()));
    let foreign = axum::Router::new().route(PATH, handler.into());
    [("axum router", router), ("axum method router", foreign)]
        .map(|(name, router)| endpoint::<_, Body, _>(name, served(methods), router))
}

/// A handler without a policy of its own.
pub(crate) fn default(policy: &'static Policy, methods: &[&'static str]) -> Endpoint {
    let router = Router::new().route(PATH, on(filter(methods), async || response::<Body>()));
    let router = axum::Router::from(router.cors(policy));
    endpoint::<_, Body, _>("axum default policy", served(methods), router)
}

/// axum serves HEAD by the handler of GET.
fn served(methods: &[&'static str]) -> Served {
    let mut methods = methods.to_vec();
    if methods.contains(&"GET") && !methods.contains(&"HEAD") {
        methods.push("HEAD");
    }
    Served::Registered(methods)
}
