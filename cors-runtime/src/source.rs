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

    /// Whether it allows `origin`, which has the form of an origin. What goes wrong denies, and is
    /// reported here.
    pub(crate) fn ask(
        &self,
        policy: &Policy,
        origin: &str,
        request: &RequestHead<'_>,
    ) -> Result<bool, Denial> {
        let ask = || match self.ready(policy) {
            Ok(()) => Ok(self.item.allows(origin, request)),
            Err(error) => {
                report(self.path, policy.location(), &error);
                Err(Denial::NotReady)
            }
        };
        // The response of somebody else's request must not depend on it, nor the other requests of
        // the connection.
        panic::catch_unwind(AssertUnwindSafe(ask)).unwrap_or_else(|_| {
            report(self.path, policy.location(), &"it panicked");
            Err(Denial::Panicked)
        })
    }
}

/// Why an entry of a policy could not say anything.
#[cfg(feature = "tracing")]
pub(crate) fn report(path: &'static str, policy: &'static str, error: &dyn fmt::Display) {
    tracing::error!(%error, path, policy, "an entry of `origins` cannot be asked");
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn report(_: &'static str, _: &'static str, _: &dyn fmt::Display) {}

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
