//! One router of all mounts.

use super::{Checks, Mounts, unchecked};

impl<S: Clone + Send + Sync + 'static> Mounts<S> {
    /// Merges the mounts into one router, each with its policies as the outermost layer.
    ///
    /// The order matters where axum keeps one of two default fallbacks, which is the second: on a
    /// shared path that of ours, and for the whole router that of its own.
    pub(crate) fn build(self) -> axum::Router<S> {
        let this = self.covered().with_shared_paths();
        let mut all = match this.checks {
            Checks::V07 => axum::Router::new(),
            Checks::None => unchecked(),
        };
        for mount in this.paths.into_values() {
            all = all.merge(mount.with_policies());
        }
        for mount in this.services {
            all = all.merge(mount.with_policy());
        }
        if !this.rest.is_empty() {
            let rest = this
                .rest
                .into_iter()
                .fold(unchecked(), |rest, mount| rest.merge(mount.with_policy()));
            // Once, because axum takes every route of the second router anew.
            all = rest.merge(all);
        }
        this.fallback.add_to(all)
    }
}
