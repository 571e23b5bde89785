//! The result of the CORS check.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::denial::Denial;
use crate::origins::SourceResults;

/// The result of the CORS check for one policy and one request.
#[derive(Clone, Debug)]
pub(crate) struct CheckedOrigin {
    pub(crate) verdict: OriginVerdict,
    /// The results of the sources, for the inner policies that name the same sources.
    #[cfg_attr(
        not(any(feature = "axum", feature = "tower")),
        allow(dead_code, reason = "only a layer uses the results")
    )]
    pub(crate) results: SourceResults,
}

/// Whether a policy allows the origin of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OriginVerdict {
    /// The request does not have an `Origin`.
    NotCors,
    Allowed(AllowOrigin),
    Denied(Denial),
}

impl OriginVerdict {
    #[cfg(feature = "actix-web")]
    pub(crate) fn is_denied(self) -> bool {
        matches!(self, Self::Denied(_))
    }
}

/// The value of `Access-Control-Allow-Origin`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowOrigin {
    /// `*`, also for a request without `Origin`.
    Any,
    /// The origin of the request.
    Requested,
}

/// A CORS check whose verdict is known, or depends on an `ask(..)`.
pub(crate) enum CorsCheck {
    Known(OriginVerdict),
    Pending(PendingCheck),
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
            Self::Pending(pending) => Pin::new(pending).poll(cx).map(|checked| checked.verdict),
        }
    }
}

/// A verdict that is not known yet. It does not borrow, and does not call a source before it is
/// polled.
pub(crate) struct PendingCheck(Pin<Box<dyn Future<Output = CheckedOrigin> + Send>>);

impl PendingCheck {
    pub(super) fn new(checked: impl Future<Output = CheckedOrigin> + Send + 'static) -> Self {
        Self(Box::pin(checked))
    }
}

impl Future for PendingCheck {
    type Output = CheckedOrigin;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<CheckedOrigin> {
        self.0.as_mut().poll(cx)
    }
}
