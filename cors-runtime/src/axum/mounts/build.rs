//! One router of all mounts.

use super::{Checks, Mounts, unchecked};

impl<S: Clone + Send + Sync + 'static> Mounts<S> {
    /// Merges the mounts into one router, each with its policies as the outermost layer.
    ///
    /// The order matters where axum keeps the second of two default fallbacks: on a shared path the
    /// fallback of our mount, and for the whole router the fallback of the router.
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
            // Merges once, because axum adds every route of the second router again.
            all = rest.merge(all);
        }
        this.fallback.add_to(all)
    }
}
