//! The router as a service.

use std::task::{Context, Poll};

use axum::extract::{MatchedPath, NestedPath};
use axum::http::Request;
use axum::routing::{IntoMakeService, RouterIntoService};
use tower_service::Service;

use super::Router;

impl<S: Clone + Send + Sync + 'static> Router<S> {
    /// Converts the router into a service with a fixed type of request body, to help type
    /// inference.
    #[must_use]
    pub fn into_service<B>(self) -> RouterIntoService<B, S> {
        axum::Router::from(self).into_service()
    }
}

impl Router {
    /// Returns axum's router. Builds the router on first use.
    pub(super) fn built(&self) -> &axum::Router {
        let build = || axum::Router::from(self.clone()).with_state(());
        self.shared.built.get_or_init(build)
    }

    /// See [`axum::Router::as_service`]. The service is owned, because a clone of the router is
    /// cheap.
    #[must_use]
    pub fn as_service<B>(&mut self) -> RouterIntoService<B> {
        self.built().clone().into_service()
    }

    /// See [`axum::Router::into_make_service`].
    #[must_use]
    pub fn into_make_service(self) -> IntoMakeService<axum::Router> {
        self.built().clone().into_make_service()
    }
}

impl<B> Service<Request<B>> for Router
where
    axum::Router: Service<Request<B>>,
{
    type Response = <axum::Router as Service<Request<B>>>::Response;
    type Error = <axum::Router as Service<Request<B>>>::Error;
    type Future = <axum::Router as Service<Request<B>>>::Future;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        if is_on_a_route(&request) {
            request.extensions_mut().remove::<MatchedPath>();
        }
        self.built().clone().call(request)
    }
}

/// Returns whether the router is the service of a route, and not nested. axum joins the matched
/// path of an outer router to its own only for nested routers. For a service, a debug assertion of
/// axum fails.
fn is_on_a_route<B>(request: &Request<B>) -> bool {
    let matched = request.extensions().get::<MatchedPath>();
    let nested = request.extensions().get::<NestedPath>();
    let nested = nested.map_or("", NestedPath::as_str);
    matched.is_some_and(|it| it.as_str().trim_end_matches('/') != nested.trim_end_matches('/'))
}
