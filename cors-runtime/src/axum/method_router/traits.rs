//! The conversions of a method router, and the traits that axum's method router has.

use std::fmt;
use std::sync::Arc;

use axum::routing;

use super::MethodRouter;
use crate::axum::routes::{Path, Unknown};

impl<S: Clone, E> From<routing::MethodRouter<S, E>> for MethodRouter<S, E> {
    fn from(inner: routing::MethodRouter<S, E>) -> Self {
        let mut router = Self::new();
        router.inner = inner;
        router.handlers.unknown = Unknown::Open;
        router
    }
}

impl<S, E> From<MethodRouter<S, E>> for routing::MethodRouter<S, E>
where
    S: Clone + 'static,
    E: 'static,
{
    fn from(mut router: MethodRouter<S, E>) -> Self {
        router.handlers.path = Path::Converted;
        router.build()
    }
}

impl<S, E> Clone for MethodRouter<S, E> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            handlers: self.handlers.clone(),
            options: self.options.clone(),
            built: Arc::clone(&self.built),
        }
    }
}

impl<S: Clone, E> Default for MethodRouter<S, E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S, E> fmt::Debug for MethodRouter<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MethodRouter")
            .field("inner", &self.inner)
            .field("handlers", &self.handlers)
            .finish_non_exhaustive()
    }
}
