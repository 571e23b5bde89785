//! Tests `cors_runtime::http::cors`.

mod functions;
mod lambda;
mod protocol;
