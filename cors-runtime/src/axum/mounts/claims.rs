//! The conflicts between the OPTIONS endpoints of our paths and the routes of a router of axum's
//! own.
//!
//! axum finds such a conflict when the mounts are merged. A panic at that time would be too late,
//! because a server may have started. The *claims* are the routers of axum's own, with a
//! placeholder for each OPTIONS endpoint and each method fallback of our paths. They are merged in
//! the call of the user.

use axum::routing;

use super::Mounts;
use super::path::PathMount;
use crate::axum::routes::FallbackKind;

/// The handler of a placeholder, which is never called.
pub(super) async fn claim() {}

impl<S: Clone + Send + Sync + 'static> Mounts<S> {
    /// Returns whether a path needs an OPTIONS endpoint.
    pub(super) fn claims_options(&self, mount: &PathMount<S>) -> bool {
        let is_covered = self.default.is_some() || mount.handlers.is_covered();
        is_covered && mount.handlers.wants_options_endpoint()
    }

    /// Claims OPTIONS for a path.
    ///
    /// # Panics
    ///
    /// Panics if a router of axum's own has an OPTIONS handler there.
    #[track_caller]
    pub(super) fn claim_options(&mut self, path: &str) {
        if let Some(claims) = self.claims.take() {
            self.claims = Some(claims.route(path, routing::options(claim)));
        }
    }

    /// Creates the claims of all paths again.
    ///
    /// # Panics
    ///
    /// Panics if a router of axum's own has an OPTIONS handler or a method fallback on a path for
    /// which this router needs one.
    #[track_caller]
    pub(super) fn claimed(mut self) -> Self {
        let Some(mut claims) = self.foreign_routes() else {
            return self;
        };
        for (path, mount) in &self.paths {
            let mut placeholder = routing::MethodRouter::new();
            if self.claims_options(mount) {
                placeholder = placeholder.options(claim);
            }
            if mount.options.fallback == FallbackKind::Custom {
                placeholder = placeholder.fallback(claim);
            }
            claims = claims.route(path, placeholder);
        }
        self.claims = Some(claims);
        self
    }
}
