//! An origin source, as an entry of one policy.

use std::fmt;
use std::panic::{self, AssertUnwindSafe, RefUnwindSafe, UnwindSafe};
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};

use super::failure::{SourceFailure, report};
use super::{NotReady, OriginSource};
use crate::request::RequestHead;

/// A path in `origins`. Not public API.
pub struct SourceEntry {
    /// The path, as it was written.
    path: &'static str,
    source: &'static dyn OriginSource,
    /// Caches a successful [`OriginSource::ready`].
    ready: AtomicBool,
}

impl SourceEntry {
    /// Creates the entry for a path and the item that the path names.
    pub const fn new(path: &'static str, source: &'static dyn OriginSource) -> Self {
        Self {
            path,
            source,
            ready: AtomicBool::new(false),
        }
    }

    pub(crate) fn path(&self) -> &'static str {
        self.path
    }

    pub(crate) fn ready(&self, credentials: bool) -> Result<(), NotReady> {
        // No data is published by the flag: the source guards its own.
        if !self.ready.load(Ordering::Relaxed) {
            self.source.ready(credentials)?;
            self.ready.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Calls the source. `origin` has the form of an origin. `credentials` and `location` are those
    /// of the policy. Failures are logged here.
    pub(crate) fn allows(
        &self,
        origin: &str,
        request: &RequestHead<'_>,
        credentials: bool,
        location: &'static str,
    ) -> Result<bool, SourceFailure> {
        let call = || match self.ready(credentials) {
            Ok(()) => Ok(self.source.allows(origin, request)),
            Err(error) => {
                report(self.path, location, &error);
                Err(SourceFailure::NotReady)
            }
        };
        // A panic must neither end the connection, with its other requests, nor skip the response.
        panic::catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|_| {
            report(self.path, location, &"it panicked");
            Err(SourceFailure::Panicked)
        })
    }

    /// Returns whether both entries call the same source. Functions have no address of their own,
    /// but the vtable tells them apart.
    pub(crate) fn calls_same_source(&self, other: &Self) -> bool {
        ptr::eq(self.source, other.source)
    }
}

// Panics of the source are caught in `allows`.
impl UnwindSafe for SourceEntry {}
impl RefUnwindSafe for SourceEntry {}

impl Clone for SourceEntry {
    fn clone(&self) -> Self {
        Self::new(self.path, self.source)
    }
}

impl PartialEq for SourceEntry {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && self.calls_same_source(other)
    }
}

impl Eq for SourceEntry {}

impl fmt::Debug for SourceEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SourceEntry").field(&self.path).finish()
    }
}
