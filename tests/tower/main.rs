//! Tests `cors_runtime::tower`: the layer, outside of any service.

#[path = "../common/mod.rs"]
mod common;
mod inside;
mod layer;
mod readiness;
mod routers;
mod server;
