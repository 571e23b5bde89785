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
        not(any(feature = "actix-web", feature = "axum", feature = "tower")),
        allow(dead_code, reason = "only layers and 405s use the results")
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
    Known(CheckedOrigin),
    Pending(PendingCheck),
}

#[cfg(feature = "actix-web")]
impl From<OriginVerdict> for CorsCheck {
    fn from(verdict: OriginVerdict) -> Self {
        let results = SourceResults::default();
        Self::Known(CheckedOrigin { verdict, results })
    }
}

impl CorsCheck {
    /// Returns the verdict, for a request that cannot wait. A pending check denies the origin.
    pub(crate) fn without_waiting(self) -> CheckedOrigin {
        match self {
            Self::Known(verdict) => verdict,
            Self::Pending(pending) => CheckedOrigin {
                verdict: OriginVerdict::Denied(Denial::NotAsked),
                results: pending.results,
            },
        }
    }
}

impl Future for CorsCheck {
    type Output = CheckedOrigin;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<CheckedOrigin> {
        match self.get_mut() {
            Self::Known(verdict) => Poll::Ready(verdict.clone()),
            Self::Pending(pending) => Pin::new(pending).poll(cx),
        }
    }
}

/// A verdict that is not known yet. It does not borrow, and does not call a source before it is
/// polled.
pub(crate) struct PendingCheck {
    verdict: Pin<Box<dyn Future<Output = CheckedOrigin> + Send>>,
    /// The results of the sources that have been called.
    results: SourceResults,
}

impl PendingCheck {
    pub(super) fn new(
        results: SourceResults,
        verdict: impl Future<Output = CheckedOrigin> + Send + 'static,
    ) -> Self {
        let verdict = Box::pin(verdict);
        Self { verdict, results }
    }
}

impl Future for PendingCheck {
    type Output = CheckedOrigin;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<CheckedOrigin> {
        self.verdict.as_mut().poll(cx)
    }
}
