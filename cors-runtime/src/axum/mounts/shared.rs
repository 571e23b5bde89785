//! The paths that our handlers share with a router of axum's own.

use std::sync::Arc;

use axum::Extension;
use axum::routing::MethodRouter;

use super::{Mounts, unchecked};
use crate::axum::routes::Path;

impl<S: Clone + Send + Sync + 'static> Mounts<S> {
    /// Merges the routers of axum's own. Returns `None` if there is none.
    #[track_caller]
    pub(super) fn foreign_routes(&self) -> Option<axum::Router<S>> {
        let mut all = None;
        for mount in self.rest.iter().chain(self.fallback.foreign()) {
            if mount.is_foreign() {
                let router = all.unwrap_or_else(unchecked);
                all = Some(router.merge(mount.router.clone()));
            }
        }
        all
    }

    /// Marks the paths that a router of axum's own shares.
    ///
    /// axum's router does not list its paths. But when a path is merged, axum keeps one of two
    /// method fallbacks: the second one, or the one that is not axum's 405. So a probe, which has
    /// axum's 405 and is merged first, is dropped if the path is shared.
    pub(super) fn with_shared_paths(mut self) -> Self {
        let Some(foreign) = self.foreign_routes() else {
            return self;
        };
        let mut router = unchecked();
        let mut probes = Vec::new();
        for path in self.paths.keys() {
            let probe = Arc::new(());
            let layer = Extension(Arc::clone(&probe));
            let method_router = MethodRouter::<S>::new().layer(layer);
            router = router.route(path, method_router);
            probes.push(probe);
        }
        let merged = router.merge(foreign);
        for (mount, probe) in self.paths.values_mut().zip(&probes) {
            if Arc::strong_count(probe) == 1 {
                mount.handlers.path = Path::Shared;
            }
        }
        drop(merged);
        self
    }
}
