//! The outermost layer: the only place where requests and responses pass.

use std::future::Future;
use std::mem;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::response::Response;
use tower_layer::Layer;
use tower_service::Service;

use super::paths::Paths;
use super::resolved::{After, Path, Verdict};
use crate::answers::{Answers, Open};
use crate::future::{After as _, CorsFuture};

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

impl<S> Service<Request> for CorsService<S>
where
    S: Service<Request, Response = Response, Future: Send> + Clone + Send + 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = CorsFuture<S::Future, Response, After>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let Some(path) = self.layer.find(&request) else {
            return CorsFuture::inward(self.inner.call(request), After::default());
        };
        let open = path.open(&request, &Answers::default());
        if !open.is_empty() {
            return CorsFuture::boxed(self.ask(open, request));
        }
        match path.judge(&request, &Answers::default()) {
            Verdict::Answer(response) => CorsFuture::answer(response),
            Verdict::Inward(mut after) => {
                after.enter(&mut request);
                CorsFuture::inward(self.inner.call(request), after)
            }
        }
    }
}

impl<S> CorsService<S>
where
    S: Service<Request, Response = Response, Future: Send> + Clone + Send + 'static,
{
    /// Nobody inside sees the request before it is known whether it may come in.
    fn ask(
        &mut self,
        open: Open,
        mut request: Request,
    ) -> impl Future<Output = Result<Response, S::Error>> + Send + use<S> {
        let clone = self.inner.clone();
        // The one that was polled to be ready is the one to call.
        let mut inner = mem::replace(&mut self.inner, clone);
        let layer = self.layer.clone();
        let asking = open.ask(&request);
        async move {
            let answers = asking.await;
            let judge = |path: &Path| path.judge(&request, &answers);
            let verdict = layer.find(&request).map(judge).unwrap_or_default();
            let mut after = match verdict {
                Verdict::Answer(response) => return Ok(response),
                Verdict::Inward(after) => after,
            };
            after.enter(&mut request);
            // For a fallback that judges once more.
            request.extensions_mut().insert(answers);
            let mut response = inner.call(request).await?;
            after.apply(&mut response);
            Ok(response)
        }
    }
}

impl CorsLayer {
    fn find(&self, request: &Request) -> Option<&Path> {
        match self {
            Self::Router(paths) => paths.find(request),
            Self::Path(path) => Some(&**path),
        }
    }
}
