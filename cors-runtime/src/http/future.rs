//! The future of a service that responds itself, or calls the inner service.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

/// Changes the response of an inner service.
pub(crate) trait OnResponse<R> {
    fn apply(self, response: &mut R);
}

pin_project! {
    #[project = ServiceFutureProj]
    pub(crate) enum ServiceFuture<F, R, A>
    where
        F: Future,
    {
        Respond { response: Option<R> },
        CallInner { #[pin] future: F, on_response: Option<A> },
        Waiting { future: Boxed<F::Output> },
    }
}

/// The future of a request that waits for the CORS check.
type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

impl<F: Future, R, A> ServiceFuture<F, R, A> {
    pub(crate) fn respond(response: R) -> Self {
        Self::Respond {
            response: Some(response),
        }
    }

    pub(crate) fn call_inner(future: F, on_response: A) -> Self {
        Self::CallInner {
            future,
            on_response: Some(on_response),
        }
    }

    #[cfg(feature = "axum")]
    pub(crate) fn waiting(future: impl Future<Output = F::Output> + Send + 'static) -> Self {
        let future = Box::pin(future);
        Self::Waiting { future }
    }
}

impl<F, R, E, A> Future for ServiceFuture<F, R, A>
where
    F: Future<Output = Result<R, E>>,
    A: OnResponse<R>,
{
    type Output = Result<R, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            ServiceFutureProj::Respond { response } => match response.take() {
                Some(response) => Poll::Ready(Ok(response)),
                // Polled after it completed, which the contract of `Future` rules out.
                None => Poll::Pending,
            },
            ServiceFutureProj::CallInner {
                future,
                on_response,
            } => {
                let mut response = ready!(future.poll(cx))?;
                if let Some(on_response) = on_response.take() {
                    on_response.apply(&mut response);
                }
                Poll::Ready(Ok(response))
            }
            ServiceFutureProj::Waiting { future } => future.as_mut().poll(cx),
        }
    }
}
