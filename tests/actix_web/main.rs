//! Tests `cors_runtime::actix_web`: route macros, resources and the middleware.

mod app;
#[path = "../common/mod.rs"]
mod common;
mod default;
mod differential;
mod outermost;
mod overlap;
mod placed;
mod resource;
mod routes;
mod server;
mod sources;
