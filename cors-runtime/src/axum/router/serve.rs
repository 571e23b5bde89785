//! Support for `axum::serve`, which does not run in WebAssembly.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use axum::serve::{IncomingStream, Listener};
use tower_service::Service;

use super::Router;

impl Router {
    /// See [`axum::Router::into_make_service_with_connect_info`].
    #[must_use]
    pub fn into_make_service_with_connect_info<C>(
        self,
    ) -> IntoMakeServiceWithConnectInfo<axum::Router, C> {
        let router = self.built().clone();
        router.into_make_service_with_connect_info()
    }
}

/// For `axum::serve(listener, router)`.
impl<L: Listener> Service<IncomingStream<'_, L>> for Router {
    type Response = axum::Router;
    type Error = Infallible;
    type Future = Ready<Result<axum::Router, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: IncomingStream<'_, L>) -> Self::Future {
        ready(Ok(self.built().clone()))
    }
}
