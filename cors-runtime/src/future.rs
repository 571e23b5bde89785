//! The future of a service that either answers itself or lets another one answer.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

/// What is done about a response that came from inside.
pub(crate) trait After<R> {
    fn apply(self, response: &mut R);
}

pin_project! {
    #[project = CorsFutureProj]
    pub(crate) enum CorsFuture<F, R, A>
    where
        F: Future,
    {
        Answer { response: Option<R> },
        Inward { #[pin] future: F, after: Option<A> },
        Boxed { future: Boxed<F::Output> },
    }
}

/// Of a request that waits for an answer about its origin.
type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

impl<F: Future, R, A> CorsFuture<F, R, A> {
    pub(crate) fn answer(response: R) -> Self {
        Self::Answer {
            response: Some(response),
        }
    }

    pub(crate) fn inward(future: F, after: A) -> Self {
        Self::Inward {
            future,
            after: Some(after),
        }
    }

    /// An answer that is not there yet, and never will be another.
    #[cfg(feature = "tower")]
    pub(crate) fn nothing_yet() -> Self {
        Self::Answer { response: None }
    }

    #[cfg(feature = "axum")]
    pub(crate) fn boxed(future: impl Future<Output = F::Output> + Send + 'static) -> Self {
        let future = Box::pin(future);
        Self::Boxed { future }
    }
}

impl<F: Future<Output = Result<R, E>>, R, E, A: After<R>> Future for CorsFuture<F, R, A> {
    type Output = Result<R, E>;

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
            CorsFutureProj::Boxed { future } => future.as_mut().poll(cx),
        }
    }
}
