//! The router as a service, and as axum's own.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use axum::extract::{MatchedPath, NestedPath};
use axum::http::Request;
use axum::routing::{IntoMakeService, RouterIntoService};
use axum::serve::{IncomingStream, Listener};
use tower_service::Service;

use super::Router;
use crate::axum::layer::{PolicyLookup, RouterLayer};
use crate::axum::routes::{Entry, Routes, by_prefix};

impl<S: Clone + Send + Sync + 'static> Router<S> {
    /// A service with a fixed type of request body, to help type inference.
    #[must_use]
    pub fn into_service<B>(self) -> RouterIntoService<B, S> {
        axum::Router::from(self).into_service()
    }
}

impl<S: Clone + Send + Sync + 'static> From<Router<S>> for axum::Router<S> {
    fn from(router: Router<S>) -> Self {
        let Router { inner, routes, .. } = router;
        let mut finished = PolicyLookup::new(routes.others());
        let Routes {
            paths,
            services,
            unknown,
            ..
        } = routes.covered();
        let mut endpoints = axum::Router::new().without_v07_checks();
        for (path, Entry { handlers, options }) in paths {
            if handlers.is_covered() && handlers.wants_options_endpoint() {
                endpoints = endpoints.merge(options.router);
            }
            finished.add_route(path, handlers);
        }
        for (path, default) in services {
            finished.add_service(path, default);
        }
        for below in by_prefix(unknown) {
            finished.add_unknown(below);
        }
        if !finished.is_covered() {
            return inner;
        }
        // Once, since merging takes all routes anew; and this way around, so that of two default
        // fallbacks the user's, with its layers, is kept.
        endpoints
            .merge(inner)
            .layer(RouterLayer::Router(Arc::new(finished)))
    }
}

impl<S: Clone + Send + Sync + 'static> From<axum::Router<S>> for Router<S> {
    fn from(inner: axum::Router<S>) -> Self {
        Self::with_routes(inner, Routes::foreign())
    }
}

impl Router {
    /// axum's router, made from this one when it is first needed.
    fn built(&self) -> axum::Router {
        // `with_state` makes axum turn handlers into services once, and not for each request.
        self.built
            .get_or_init(|| axum::Router::from(self.clone()).with_state(()))
            .clone()
    }

    /// See [`axum::Router::as_service`]. What comes out is owned: a clone of the router is cheap.
    #[must_use]
    pub fn as_service<B>(&mut self) -> RouterIntoService<B> {
        self.built().into_service()
    }

    /// See [`axum::Router::into_make_service`].
    #[must_use]
    pub fn into_make_service(self) -> IntoMakeService<axum::Router> {
        self.built().into_make_service()
    }

    /// See [`axum::Router::into_make_service_with_connect_info`].
    #[must_use]
    pub fn into_make_service_with_connect_info<C>(
        self,
    ) -> IntoMakeServiceWithConnectInfo<axum::Router, C> {
        self.built().into_make_service_with_connect_info()
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
        // axum's router always is.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        if is_on_a_route(&request) {
            request.extensions_mut().remove::<MatchedPath>();
        }
        self.built().call(request)
    }
}

/// axum joins the path of an outer router to the one that is matched here. That is meant for nested
/// routers; as a service on a route, this one would not know its own paths again.
fn is_on_a_route<B>(request: &Request<B>) -> bool {
    let matched = request.extensions().get::<MatchedPath>();
    let nested = request.extensions().get::<NestedPath>();
    let nested = nested.map_or("", NestedPath::as_str);
    matched.is_some_and(|it| it.as_str().trim_end_matches('/') != nested.trim_end_matches('/'))
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
        ready(Ok(self.built()))
    }
}
