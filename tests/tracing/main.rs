//! Events of the feature `tracing`, and that a request calls each origin source once and logs each
//! denial once.

#[path = "../actix_web/app.rs"]
mod app;
#[path = "../common/mod.rs"]
mod common;
mod events;
mod log;
mod once;
