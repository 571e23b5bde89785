//! The protocol, rule by rule, over functions under `cors_runtime::http::cors`.

mod origins;
mod preflight;
mod response;
mod service;
