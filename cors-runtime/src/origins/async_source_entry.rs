//! An async origin source, as an entry of one policy.

use std::any::TypeId;
use std::fmt;
use std::future::Future;
use std::panic::{self, AssertUnwindSafe, RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use super::failure::{SourceFailure, report};
use super::results::SourceId;
use super::{AsyncOriginSource, OriginRequest, SourceResults};

/// An `ask(path)` in `origins`. Not public API.
pub struct AsyncSourceEntry {
    /// The path, as it was written.
    path: &'static str,
    source: &'static dyn AsyncOriginSource,
    type_id: fn() -> TypeId,
}

impl AsyncSourceEntry {
    /// Creates the entry for a path and the item that the path names.
    pub const fn new<S: AsyncOriginSource>(path: &'static str, source: &'static S) -> Self {
        Self {
            path,
            source,
            type_id: TypeId::of::<S>,
        }
    }

    fn id(&self) -> SourceId {
        SourceId::of((self.type_id)(), self.source)
    }

    #[cfg(any(feature = "actix-web", feature = "axum"))]
    pub(crate) fn path(&self) -> &'static str {
        self.path
    }

    /// Returns whether the source allows the origin of a request. Calls the source unless `results`
    /// contains its result. `location` is the location of the policy. Logs failures.
    pub(crate) async fn allows(
        &self,
        request: &OriginRequest,
        location: &'static str,
        results: &mut SourceResults,
    ) -> Result<bool, SourceFailure> {
        let id = self.id();
        if let Some(result) = results.get(id) {
            return result;
        }
        let result = self.call(request.clone(), location).await;
        results.add(id, result);
        result
    }

    async fn call(
        &self,
        request: OriginRequest,
        location: &'static str,
    ) -> Result<bool, SourceFailure> {
        // The call and the error's message are inside of the future, so that their panics are
        // caught as well.
        let result = async {
            let result = timeout(self.source.timeout(), self.source.allows(request)).await;
            result.map(|result| result.map_err(|error| error.to_string()))
        };
        let (failure, error) = match CatchPanic(Box::pin(result)).await {
            Ok(Some(Ok(allowed))) => return Ok(allowed),
            Ok(Some(Err(error))) => (SourceFailure::AskFailed, error),
            Ok(None) => (SourceFailure::AskTimedOut, "it took too long".to_owned()),
            Err(Panicked) => (SourceFailure::Panicked, "it panicked".to_owned()),
        };
        report(self.path, location, &error);
        Err(failure)
    }
}

/// Returns `None` if the future takes longer than `limit`.
#[cfg(feature = "ask")]
async fn timeout<F: Future>(limit: Duration, future: F) -> Option<F::Output> {
    tokio::time::timeout(limit, future).await.ok()
}

/// Without the feature, a policy cannot have an `ask(..)`.
#[cfg(not(feature = "ask"))]
fn timeout<F: Future>(_: Duration, _: F) -> std::future::Ready<Option<F::Output>> {
    std::future::ready(None)
}

struct Panicked;

/// Catches a panic, which would otherwise end the connection with its other requests.
struct CatchPanic<F>(Pin<Box<F>>);

impl<F: Future> Future for CatchPanic<F> {
    type Output = Result<F::Output, Panicked>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let poll = AssertUnwindSafe(|| self.0.as_mut().poll(cx));
        match panic::catch_unwind(poll) {
            Ok(poll) => poll.map(Ok),
            Err(_) => Poll::Ready(Err(Panicked)),
        }
    }
}

// Panics of the source are caught in `allows`.
impl UnwindSafe for AsyncSourceEntry {}
impl RefUnwindSafe for AsyncSourceEntry {}

impl PartialEq for AsyncSourceEntry {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for AsyncSourceEntry {}

impl fmt::Debug for AsyncSourceEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AsyncSourceEntry").field(&self.path).finish()
    }
}
