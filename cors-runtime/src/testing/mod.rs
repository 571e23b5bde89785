#![cfg_attr(feature = "axum", doc = include_str!("testing.md"))]
#![cfg_attr(
    not(feature = "axum"),
    doc = "Testing your CORS: a [`Browser`] for tests. With the feature `axum`, this page has \
           examples."
)]

#[cfg(feature = "actix-web")]
mod actix_web;
mod app;
mod blocked;
mod browser;
mod cache;
mod cookies;
mod cors_check;
mod fetch;
mod headers;
mod log;
mod network;
mod origin;
mod page;
mod preflight;
mod reason;
mod request;
mod safelist;
mod session;
pub mod standard;

pub use self::app::{App, WithBody, with_body};
pub use self::blocked::Blocked;
pub use self::browser::{Browser, CHROMIUM_MAX_AGE, FIREFOX_MAX_AGE};
pub use self::fetch::{Body, Credentials, Fetch, Mode, Redirect};
pub use self::log::Exchange;
pub use self::page::{Page, ResponseType};
pub use self::reason::Reason;
