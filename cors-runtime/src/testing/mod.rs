#![cfg_attr(any(feature = "axum", not(doctest)), doc = include_str!("testing.md"))]

#[cfg(feature = "actix-web")]
mod actix_web;
mod app;
mod blocked;
mod browser;
mod cache;
mod cookies;
mod cors_check;
mod failure;
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
