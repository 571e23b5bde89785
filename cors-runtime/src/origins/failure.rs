//! The reasons why an origin source cannot decide.

use std::fmt;

/// The reason why an origin source cannot decide. The origin is then not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceFailure {
    /// [`OriginSource::ready`](super::OriginSource::ready) failed.
    NotReady,
    Panicked,
    /// The function of an `ask(..)` returned an error.
    AskFailed,
    /// The function of an `ask(..)` exceeded its time-out.
    AskTimedOut,
}

/// Logs why an entry of the policy at `location` cannot decide.
#[cfg(feature = "tracing")]
pub(super) fn report(path: &'static str, location: &'static str, error: &dyn fmt::Display) {
    tracing::error!(%error, path, policy = location, "an entry of `origins` gave no answer");
}

#[cfg(not(feature = "tracing"))]
pub(super) fn report(_: &'static str, _: &'static str, _: &dyn fmt::Display) {}
