//! The OPTIONS endpoint of an annotated path.

use std::task::{Context, Poll};

use axum::extract::Request;
use axum::http::StatusCode;
use axum::routing::MethodRouter;
use tower_service::Service;

/// The endpoint for an OPTIONS request that is not a preflight, on a path without an OPTIONS
/// handler of the user. It responds as axum would.
///
/// A preflight needs an endpoint that is registered for OPTIONS. Otherwise, the fallback of a
/// router that is merged later could answer it.
#[derive(Clone)]
pub(crate) struct OptionsEndpoint<R> {
    pub(crate) router: R,
    pub(crate) fallback: FallbackKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum FallbackKind {
    /// axum's 405, which `Router::method_not_allowed_fallback` replaces.
    Default,
    /// The user's fallback.
    Custom,
}

impl<R> OptionsEndpoint<R> {
    /// Merges the endpoints as axum merges fallbacks: the second of two default fallbacks stays.
    pub(crate) fn merge(self, other: Self) -> Self {
        match (self.fallback, other.fallback) {
            (FallbackKind::Custom, FallbackKind::Default) => self,
            _ => other,
        }
    }

    pub(crate) fn map<T>(self, change: impl FnOnce(R) -> T) -> OptionsEndpoint<T> {
        OptionsEndpoint {
            router: change(self.router),
            fallback: self.fallback,
        }
    }
}

/// Returns a method router that responds to OPTIONS with a 405, and without `Allow`.
pub(crate) fn not_allowed<S: Clone, E>() -> MethodRouter<S, E> {
    let service = ServiceFn(|_| async { Ok(StatusCode::METHOD_NOT_ALLOWED) });
    MethodRouter::new().options_service(service)
}

#[derive(Clone)]
struct ServiceFn<F>(F);

impl<F, T, E> Service<Request> for ServiceFn<F>
where
    F: FnMut(Request) -> T,
    T: Future<Output = Result<StatusCode, E>>,
{
    type Response = StatusCode;
    type Error = E;
    type Future = T;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), E>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> T {
        (self.0)(request)
    }
}
