//! The conversions of a router, and the traits that axum's router has.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::Router;
use crate::axum::mounts::Mounts;

impl<S> Clone for Router<S> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<S: Clone + Send + Sync + 'static> Default for Router<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Clone + Send + Sync + 'static> From<axum::Router<S>> for Router<S> {
    fn from(router: axum::Router<S>) -> Self {
        Self::with_mounts(Mounts::foreign(router))
    }
}

impl<S: Clone + Send + Sync + 'static> From<Router<S>> for axum::Router<S> {
    fn from(router: Router<S>) -> Self {
        router.into_mounts().build()
    }
}

impl<S> fmt::Debug for Router<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mounts = &self.shared.mounts;
        f.debug_struct("Router")
            .field("paths", &mounts.handlers().collect::<BTreeMap<_, _>>())
            .finish_non_exhaustive()
    }
}
