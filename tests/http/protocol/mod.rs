//! Tests the rules of the protocol with functions under `cors_runtime::http::cors`.

mod origins;
mod preflight;
mod response;
mod service;
