//! Tests the events of the feature `tracing`. A request calls each origin source once and logs each
//! denial once.

#[path = "../actix_web/app.rs"]
mod app;
#[path = "../common/mod.rs"]
mod common;
mod events;
mod log;
mod once;
