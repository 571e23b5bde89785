//! The result of the CORS check.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::denial::Denial;

/// The result of the CORS check for one policy and one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OriginVerdict {
    /// The request has no `Origin`.
    NotCors,
    Allowed(AllowOrigin),
    Denied(Denial),
}

/// The value of `Access-Control-Allow-Origin`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowOrigin {
    /// `*`, which a request without `Origin` receives as well.
    Any,
    /// The origin of the request.
    Requested,
}

/// A CORS check whose verdict is known, or waits for an `ask(..)`.
pub enum CorsCheck {
    Known(OriginVerdict),
    Pending(PendingVerdict),
}

impl From<OriginVerdict> for CorsCheck {
    fn from(verdict: OriginVerdict) -> Self {
        Self::Known(verdict)
    }
}

impl CorsCheck {
    /// Returns the verdict, for a request that cannot wait. A pending check denies the origin.
    pub(crate) fn without_waiting(self) -> OriginVerdict {
        match self {
            Self::Known(verdict) => verdict,
            Self::Pending(_) => OriginVerdict::Denied(Denial::NotAsked),
        }
    }
}

impl Future for CorsCheck {
    type Output = OriginVerdict;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<OriginVerdict> {
        match self.get_mut() {
            Self::Known(verdict) => Poll::Ready(*verdict),
            Self::Pending(pending) => Pin::new(pending).poll(cx),
        }
    }
}

/// A verdict that is not known yet. It borrows nothing, and calls no source before it is polled.
pub struct PendingVerdict(Pin<Box<dyn Future<Output = OriginVerdict> + Send>>);

impl PendingVerdict {
    pub(crate) fn new(verdict: impl Future<Output = OriginVerdict> + Send + 'static) -> Self {
        Self(Box::pin(verdict))
    }
}

impl Future for PendingVerdict {
    type Output = OriginVerdict;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<OriginVerdict> {
        self.0.as_mut().poll(cx)
    }
}
