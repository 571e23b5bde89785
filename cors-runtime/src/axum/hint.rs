//! The help of rustc for an annotated handler in axum's own functions.
//!
//! rustc shortens the type of a handler with arguments to `fn(..) -> ... {create}`, without the
//! return type that carries the policy. It also lists the types that implement [`Handler`], with
//! the source of the `impl` if that has at most four lines. All implementations of axum and of this
//! crate are hidden from that list, except for this one.

use std::future::Pending;

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;

/// The arguments of [`UseRoutingOfCorsRuntime`].
#[derive(Debug)]
pub enum IfAnnotatedWithCors {}

/// A handler that does not exist.
#[derive(Clone, Debug)]
pub enum UseRoutingOfCorsRuntime {}

impl<S> Handler<IfAnnotatedWithCors, S> for UseRoutingOfCorsRuntime
where
    // With `#[cors]`: `Router`, `routing` of `cors_runtime::axum`, `routes!` of `..::axum::utoipa`.
    S: Send,
{
    type Future = Pending<Response>;

    fn call(self, _: Request, _: S) -> Self::Future {
        match self {}
    }
}
