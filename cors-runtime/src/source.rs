//! A path in `origins`, as a policy holds it.

use std::fmt;
use std::panic::{self, AssertUnwindSafe, RefUnwindSafe, UnwindSafe};
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::denial::Denial;
use crate::origin_source::{NotReady, OriginSource};
use crate::policy::Policy;
use crate::request_head::RequestHead;

/// An entry of one policy that decides while the program runs. Not public API.
pub struct Source {
    /// As it was written.
    path: &'static str,
    item: &'static dyn OriginSource,
    /// Whether it said so once. It is not asked again.
    ready: AtomicBool,
}

impl Source {
    /// Of the path, and the item that it names.
    pub const fn new(path: &'static str, item: &'static dyn OriginSource) -> Self {
        Self {
            path,
            item,
            ready: AtomicBool::new(false),
        }
    }

    pub(crate) fn path(&self) -> &'static str {
        self.path
    }

    /// Asks, unless it has said yes before.
    pub(crate) fn ready(&self, policy: &Policy) -> Result<(), NotReady> {
        // What the item says is guarded by the item itself; this only saves the question.
        if !self.ready.load(Ordering::Relaxed) {
            self.item.ready(policy)?;
            self.ready.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Whether it allows `origin`, which has the form of an origin. What goes wrong denies, and is reported here.
    pub(crate) fn ask(
        &self,
        policy: &Policy,
        origin: &str,
        request: &RequestHead<'_>,
    ) -> Result<bool, Denial> {
        let ask = || match self.ready(policy) {
            Ok(()) => Ok(self.item.allows(origin, request)),
            Err(error) => {
                self.report(policy, &error);
                Err(Denial::NotReady)
            }
        };
        // The response of somebody else's request must not depend on it, nor the other requests of the connection.
        panic::catch_unwind(AssertUnwindSafe(ask)).unwrap_or_else(|_| {
            self.report(policy, &"it panicked");
            Err(Denial::Panicked)
        })
    }

    #[cfg(feature = "tracing")]
    fn report(&self, policy: &Policy, error: &dyn fmt::Display) {
        let (path, policy) = (self.path, policy.location());
        tracing::error!(%error, path, policy, "an entry of `origins` cannot be asked");
    }

    #[cfg(not(feature = "tracing"))]
    #[allow(clippy::unused_self, reason = "the event is a feature")]
    fn report(&self, _: &Policy, _: &dyn fmt::Display) {}
}

// What panics inside is caught where it is asked.
impl UnwindSafe for Source {}
impl RefUnwindSafe for Source {}

impl Clone for Source {
    fn clone(&self) -> Self {
        Self::new(self.path, self.item)
    }
}

/// Whether both ask the same. Functions have no address of their own, but their types have.
impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && ptr::eq(self.item, other.item)
    }
}

impl Eq for Source {}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Source").field(&self.path).finish()
    }
}
