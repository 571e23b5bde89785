//! The OPTIONS endpoint of an annotated path.

/// What serves an OPTIONS that is no preflight on an annotated path, where nobody does by name:
/// what axum would have called. It has to be an endpoint because axum adds `Allow` to all that
/// comes from a fallback, preflights too.
#[derive(Clone)]
pub(crate) struct OptionsEndpoint<R> {
    pub(crate) router: R,
    /// Whether it is the user's own fallback, which a router-wide one does not replace.
    pub(crate) custom: bool,
}

impl<R> OptionsEndpoint<R> {
    /// As axum merges fallbacks: of two default ones it keeps the second.
    pub(crate) fn merge(self, other: Self) -> Self {
        if self.custom && !other.custom {
            self
        } else {
            other
        }
    }
}
