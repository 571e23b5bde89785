//! `cors_runtime::http::cors`: the protocol, over functions that are a whole service.

mod functions;
mod lambda;
mod protocol;
