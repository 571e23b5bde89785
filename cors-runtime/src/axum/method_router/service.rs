//! The method router as a service, and as a handler.

use std::task::{Context, Poll};

use axum::extract::Request;
use axum::handler::Handler;
use axum::routing::future::InfallibleRouteFuture;
use axum::routing::{self, IntoMakeService};
use tower_service::Service;

use super::MethodRouter;
use crate::axum::layer::{PathLayer, PathPolicies};

impl<S: Clone + 'static, E: 'static> MethodRouter<S, E> {
    /// Returns axum's method router with the policies. Builds the router on first use.
    pub(super) fn built(&self) -> &routing::MethodRouter<S, E> {
        self.built.get_or_init(|| self.clone().build())
    }

    /// Adds the layer with the policies.
    pub(super) fn build(self) -> routing::MethodRouter<S, E> {
        let (mut inner, handlers, options) = self.into_parts();
        if !handlers.is_annotated() {
            return inner;
        }
        if handlers.wants_options_endpoint() {
            inner = inner.merge(options.router);
        }
        inner.layer(PathLayer::new(PathPolicies::new(handlers)))
    }
}

impl MethodRouter {
    /// See [`axum::routing::MethodRouter::into_make_service`].
    #[must_use]
    pub fn into_make_service(self) -> IntoMakeService<routing::MethodRouter> {
        self.build().into_make_service()
    }
}

impl<B, E: 'static> Service<axum::http::Request<B>> for MethodRouter<(), E>
where
    routing::MethodRouter<(), E>: Service<axum::http::Request<B>>,
{
    type Response = <routing::MethodRouter<(), E> as Service<axum::http::Request<B>>>::Response;
    type Error = <routing::MethodRouter<(), E> as Service<axum::http::Request<B>>>::Error;
    type Future = <routing::MethodRouter<(), E> as Service<axum::http::Request<B>>>::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: axum::http::Request<B>) -> Self::Future {
        self.built().clone().call(request)
    }
}

#[diagnostic::do_not_recommend]
impl<S: Clone + Send + Sync + 'static> Handler<(), S> for MethodRouter<S> {
    type Future = InfallibleRouteFuture;

    fn call(self, request: Request, state: S) -> Self::Future {
        Handler::call(self.built().clone(), request, state)
    }
}
