//! The outermost layer: the only place where requests and responses pass.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::extract::Request;
use axum::response::Response;
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::paths::Paths;
use super::resolved::{After, Path, Verdict};

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
    type Future = CorsFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let path = match &self.layer {
            CorsLayer::Router(paths) => paths.find(&request),
            CorsLayer::Path(path) => Some(&**path),
        };
        match path.map_or(Verdict::Inward(After::default()), |path| {
            path.judge(&request)
        }) {
            Verdict::Answer(response) => CorsFuture::Answer {
                response: Some(response),
            },
            Verdict::Inward(after) => CorsFuture::Inward {
                future: self.inner.call(request),
                after: Some(after),
            },
        }
    }
}

pin_project! {
    #[project = CorsFutureProj]
    pub(crate) enum CorsFuture<F> {
        Answer { response: Option<Response> },
        Inward { #[pin] future: F, after: Option<After> },
    }
}

impl<F: Future<Output = Result<Response, E>>, E> Future for CorsFuture<F> {
    type Output = Result<Response, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            CorsFutureProj::Answer { response } => match response.take() {
                Some(response) => Poll::Ready(Ok(response)),
                // Polled after it was ready, which no caller does; there is nothing left to say.
                None => Poll::Pending,
            },
            CorsFutureProj::Inward { future, after } => {
                let mut response = ready!(future.poll(cx))?;
                if let Some(after) = after.take() {
                    after.apply(&mut response);
                }
                Poll::Ready(Ok(response))
            }
        }
    }
}
