//! `cors_runtime::testing`, beyond the cases of the web-platform-tests.

mod adapters;
mod blocked;
mod cache;
mod cookies;
mod preflights;
mod redirects;
mod requests;
mod responses;
mod safelist;
mod server;
mod users;
