//! A router's fallback, with its policy around it.

use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;

use super::handler::CorsHandler;
use super::resolved::{Path, Verdict};
use super::table::Handlers;
use crate::answers::Answers;
use crate::future::After as _;

/// An annotated fallback that answers for itself. Where all paths of a router are known, its
/// outermost layer has done so before; beside a router of axum's, nobody else can tell which
/// fallback a request is for.
pub(crate) struct WithPolicy<H, M> {
    handler: H,
    path: Arc<Path>,
    arguments: PhantomData<fn() -> M>,
}

impl<H, M> WithPolicy<H, M> {
    pub(crate) fn new(handler: H, handlers: Handlers) -> Self {
        Self {
            handler,
            path: Arc::new(Path::new(handlers)),
            arguments: PhantomData,
        }
    }
}

impl<H: Clone, M> Clone for WithPolicy<H, M> {
    fn clone(&self) -> Self {
        Self {
            handler: self.handler.clone(),
            path: Arc::clone(&self.path),
            arguments: PhantomData,
        }
    }
}

impl<H, M, S> Handler<(M, S), S> for WithPolicy<H, M>
where
    H: CorsHandler<M, S> + Clone + Send + Sync + 'static,
    M: 'static,
    S: Send + Sync + 'static,
{
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, state: S) -> Self::Future {
        let known = request.extensions().get::<Answers>();
        let known = known.cloned().unwrap_or_default();
        let open = self.path.open(&request, &known);
        let asking = (!open.is_empty()).then(|| open.ask(&request));
        Box::pin(async move {
            let answers = match asking {
                Some(asking) => asking.await,
                None => known,
            };
            let after = match self.path.judge(&request, &answers) {
                Verdict::Answer(response) => return response,
                Verdict::Inward(after) => after,
            };
            let answer = self.handler.into_handler().call(request, state);
            let mut response = answer.await;
            after.apply(&mut response);
            response
        })
    }
}
