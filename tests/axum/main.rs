//! Tests `cors_runtime::axum`: the router, its layers, and all kinds of handlers.

mod arguments;
mod as_axum;
mod attributes;
mod clones;
#[path = "../common/mod.rs"]
mod common;
mod default;
mod default_inside;
mod default_prefixes;
mod differential;
mod fallbacks;
mod foreign;
mod handlers;
mod layers;
mod macro_rules;
mod method_router;
mod nesting;
mod one_handler;
mod openapi;
mod options;
mod other_routers;
mod plain;
mod preflights;
mod responses;
mod router;
mod server;
mod siblings;
