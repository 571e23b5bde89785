//! An origin source, as an entry of one policy.

use std::any::TypeId;
use std::fmt;
use std::panic::{self, AssertUnwindSafe, RefUnwindSafe, UnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};

use super::failure::{SourceFailure, report};
use super::results::SourceId;
use super::{NotReady, OriginSource, SourceResults};
use crate::request::RequestHead;

/// A path in `origins`. Not public API.
pub struct SourceEntry {
    /// The path, as it was written.
    path: &'static str,
    source: &'static dyn OriginSource,
    type_id: fn() -> TypeId,
    /// Caches a successful [`OriginSource::ready_for`].
    ready: AtomicBool,
}

/// The policy that an entry belongs to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EntryPolicy {
    pub(crate) credentials: bool,
    pub(crate) enforce: bool,
    pub(crate) location: &'static str,
}

impl SourceEntry {
    /// Creates the entry for a path and the item that the path names.
    pub const fn new<S: OriginSource>(path: &'static str, source: &'static S) -> Self {
        Self {
            path,
            source,
            type_id: TypeId::of::<S>,
            ready: AtomicBool::new(false),
        }
    }

    pub(crate) fn path(&self) -> &'static str {
        self.path
    }

    fn id(&self) -> SourceId {
        SourceId::of((self.type_id)(), self.source)
    }

    pub(crate) fn ready(&self, policy: EntryPolicy) -> Result<(), NotReady> {
        // The flag does not publish data, because the source synchronizes its own data.
        if !self.ready.load(Ordering::Relaxed) {
            self.source.ready_for(policy.credentials, policy.enforce)?;
            self.ready.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Returns whether the source allows an origin. Calls the source unless `results` contains its
    /// result.
    ///
    /// `origin` is well-formed. Logs failures.
    pub(crate) fn allows(
        &self,
        origin: &str,
        request: &RequestHead<'_>,
        policy: EntryPolicy,
        results: &mut SourceResults,
    ) -> Result<bool, SourceFailure> {
        let location = policy.location;
        // Another policy may have called the source, but the source has to be ready for this
        // policy.
        self.catch(location, || match self.ready(policy) {
            Ok(()) => Ok(true),
            Err(error) => {
                report(self.path, location, &error);
                Err(SourceFailure::NotReady)
            }
        })?;
        let id = self.id();
        if let Some(result) = results.get(id) {
            return result;
        }
        let result = self.catch(location, || Ok(self.source.allows(origin, request)));
        results.add(id, result);
        result
    }

    /// Catches a panic, which would otherwise end the connection with its other requests, or skip
    /// the response.
    fn catch(
        &self,
        location: &'static str,
        call: impl FnOnce() -> Result<bool, SourceFailure>,
    ) -> Result<bool, SourceFailure> {
        panic::catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|_| {
            report(self.path, location, &"it panicked");
            Err(SourceFailure::Panicked)
        })
    }
}

// Panics of the source are caught in `allows`.
impl UnwindSafe for SourceEntry {}
impl RefUnwindSafe for SourceEntry {}

impl Clone for SourceEntry {
    fn clone(&self) -> Self {
        Self {
            ready: AtomicBool::new(false),
            ..*self
        }
    }
}

impl PartialEq for SourceEntry {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for SourceEntry {}

impl fmt::Debug for SourceEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SourceEntry").field(&self.path).finish()
    }
}
