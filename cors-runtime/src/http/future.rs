//! The future of a service that responds itself, or calls the inner service.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::{Request, Response};
use pin_project_lite::pin_project;

/// What a layer does before and after it calls the inner service.
pub(crate) trait CallInner {
    /// Adds an extension to the request, if the inner service may look for it.
    fn prepare<Q>(&self, request: &mut Request<Q>);
    /// Adds headers to the response of the inner service.
    fn apply<B>(self, response: &mut Response<B>);
}

pin_project! {
    #[project = ServiceFutureProj]
    pub(crate) enum ServiceFuture<F, B, A>
    where
        F: Future,
    {
        Respond { response: Option<Response<B>> },
        CallInner { #[pin] future: F, action: Option<A> },
        Waiting { future: Boxed<F::Output> },
    }
}

/// The future of a request that waits for the CORS check.
type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

impl<F: Future, B, A: CallInner> ServiceFuture<F, B, A> {
    pub(crate) fn respond(response: Response<B>) -> Self {
        Self::Respond {
            response: Some(response),
        }
    }

    #[inline]
    pub(crate) fn call_inner<Q>(
        mut request: Request<Q>,
        call: impl FnOnce(Request<Q>) -> F,
        action: A,
    ) -> Self {
        action.prepare(&mut request);
        Self::CallInner {
            future: call(request),
            action: Some(action),
        }
    }

    #[cfg(feature = "axum")]
    pub(crate) fn waiting(future: impl Future<Output = F::Output> + Send + 'static) -> Self {
        let future = Box::pin(future);
        Self::Waiting { future }
    }
}

impl<F, B, E, A> Future for ServiceFuture<F, B, A>
where
    F: Future<Output = Result<Response<B>, E>>,
    A: CallInner,
{
    type Output = Result<Response<B>, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            ServiceFutureProj::Respond { response } => match response.take() {
                Some(response) => Poll::Ready(Ok(response)),
                // Polled after it completed, which the contract of `Future` rules out.
                None => Poll::Pending,
            },
            ServiceFutureProj::CallInner { future, action } => {
                let mut response = ready!(future.poll(cx))?;
                if let Some(action) = action.take() {
                    action.apply(&mut response);
                }
                Poll::Ready(Ok(response))
            }
            ServiceFutureProj::Waiting { future } => future.as_mut().poll(cx),
        }
    }
}
