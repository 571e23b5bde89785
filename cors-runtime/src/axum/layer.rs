//! The outermost layer: the only place where requests and responses pass.

use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::response::Response;
use tower_layer::Layer;
use tower_service::Service;

use super::paths::Paths;
use super::resolved::{After, Path, Verdict};
use crate::future::CorsFuture;

/// Answers preflights and puts headers on whatever comes back from inside.
#[derive(Clone)]
pub(crate) enum CorsLayer {
    /// Around a router: the path is looked up.
    Router(Arc<Paths>),
    /// Around the handlers of one path.
    Path(Arc<Path>),
}

impl<S> Layer<S> for CorsLayer {
    type Service = CorsService<S>;

    fn layer(&self, inner: S) -> CorsService<S> {
        CorsService {
            inner,
            layer: self.clone(),
        }
    }
}

#[derive(Clone)]
pub(crate) struct CorsService<S> {
    inner: S,
    layer: CorsLayer,
}

impl<S: Service<Request, Response = Response>> Service<Request> for CorsService<S> {
    type Response = Response;
    type Error = S::Error;
    type Future = CorsFuture<S::Future, Response, After>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let path = match &self.layer {
            CorsLayer::Router(paths) => paths.find(&request),
            CorsLayer::Path(path) => Some(&**path),
        };
        let verdict = path.map(|path| path.judge(&request));
        match verdict.unwrap_or_default() {
            Verdict::Answer(response) => CorsFuture::answer(response),
            Verdict::Inward(after) => CorsFuture::inward(self.inner.call(request), after),
        }
    }
}
