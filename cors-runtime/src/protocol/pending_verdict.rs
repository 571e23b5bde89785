//! A CORS check that waits for the `ask(..)` entries of a policy.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::cors_check::{AllowOrigin, OriginVerdict};
use super::denial::Denial;
use crate::origins::{AsyncSourceEntry, OriginRequest};

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

/// Calls the sources in their order, until one allows the origin. `location` is that of the policy.
pub(super) async fn call_sources(
    sources: &'static [&'static AsyncSourceEntry],
    request: OriginRequest,
    location: &'static str,
) -> OriginVerdict {
    let mut denial = Denial::Origin;
    for source in sources {
        match source.allows(request.clone(), location).await {
            Ok(true) => return OriginVerdict::Allowed(AllowOrigin::Requested),
            Ok(false) => {}
            Err(failure) => denial = failure.into(),
        }
    }
    OriginVerdict::Denied(denial)
}
