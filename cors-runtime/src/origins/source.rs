//! Origin sources: code in `origins` that decides at request time.

use std::error::Error;
use std::fmt;
use std::sync::LazyLock;

use crate::request::RequestHead;

/// Decides at request time whether an origin is allowed. Use the source by its path in `origins`.
///
/// The path can name:
///
/// - a function `fn(&str, &RequestHead<'_>) -> bool`;
/// - a `static` of type [`OriginList`](crate::OriginList) (feature `builder`), or a `LazyLock` of
///   one;
/// - a `static` of a type of your own that implements this trait.
///
/// ```
/// use cors_runtime::{Policy, RequestHead, policy};
///
/// fn tenants(origin: &str, _request: &RequestHead<'_>) -> bool {
///     let host = origin.strip_prefix("https://");
///     let tenant = host.and_then(|host| host.strip_suffix(".example.com"));
///     tenant.is_some_and(|tenant| ["blue", "red"].contains(&tenant))
/// }
///
/// static API: Policy = policy! { origins = [tenants] };
/// # let request = http::Request::new(());
/// # assert!(tenants("https://blue.example.com", &RequestHead::from(&request)));
/// ```
///
/// With `credentials`, any origin that the source allows can act as the logged-in user. Compare the
/// whole origin, never a prefix or suffix of it, and allow only origins that you control or trust.
///
/// If your source has to wait, for example for a database, implement
/// [`AsyncOriginSource`](crate::AsyncOriginSource).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an entry of `origins`",
    label = "expected `fn(&str, &RequestHead<'_>) -> bool`, or a `static` of type `OriginList`",
    note = "a string has to be a literal, because only a literal can be checked at compile time; \
            use `policy!` to share a policy",
    note = "a function takes the origin and the head of the request: `fn allowed(origin: &str, \
            request: &cors_runtime::RequestHead<'_>) -> bool`; for an `async fn`, \
            write `ask(function)`; for a whole `Policy`, write `policy = POLICY` on a \
            handler, instead of `origins`"
)]
#[doc(alias("AllowOrigin", "allowed_origin_fn", "predicate"))]
pub trait OriginSource: Sync {
    /// Returns whether `origin` is allowed.
    ///
    /// `origin` is well-formed: `null` and malformed values are refused before. The method runs on
    /// the thread that serves the request, at most once for each request. So it must not block.
    ///
    /// If the method panics, the origin is not allowed.
    fn allows(&self, origin: &str, request: &RequestHead<'_>) -> bool;

    /// Checks that the source can decide for a policy with or without `credentials`.
    ///
    /// [`Policy::ready`](crate::Policy::ready) calls this method, also when a handler is mounted.
    /// Otherwise, the method runs before the first request. The default implementation returns
    /// `Ok(())`.
    ///
    /// # Errors
    ///
    /// Returns the reason why the source cannot decide. Until the source is ready, it allows no
    /// origin.
    fn ready(&self, credentials: bool) -> Result<(), NotReady> {
        let _ = credentials;
        Ok(())
    }

    /// Checks that the source can decide for a policy with or without `credentials` and `enforce`.
    ///
    /// [`Policy::ready`](crate::Policy::ready) calls this method. The default implementation calls
    /// [`ready`](Self::ready). If your source wraps an [`OriginList`](crate::OriginList), call
    /// `ready_for` of the list.
    ///
    /// # Errors
    ///
    /// Returns the reason why the source cannot decide. Until the source is ready, it allows no
    /// origin.
    fn ready_for(&self, credentials: bool, enforce: bool) -> Result<(), NotReady> {
        let _ = enforce;
        self.ready(credentials)
    }
}

// Without this, rustc reports that a string is not a `Fn`.
#[diagnostic::do_not_recommend]
impl<F> OriginSource for F
where
    F: Fn(&str, &RequestHead<'_>) -> bool + Sync,
{
    fn allows(&self, origin: &str, request: &RequestHead<'_>) -> bool {
        self(origin, request)
    }
}

#[diagnostic::do_not_recommend]
impl<T, F> OriginSource for LazyLock<T, F>
where
    T: OriginSource + Send,
    F: FnOnce() -> T + Send,
{
    fn allows(&self, origin: &str, request: &RequestHead<'_>) -> bool {
        T::allows(self, origin, request)
    }

    fn ready(&self, credentials: bool) -> Result<(), NotReady> {
        T::ready(self, credentials)
    }

    fn ready_for(&self, credentials: bool, enforce: bool) -> Result<(), NotReady> {
        T::ready_for(self, credentials, enforce)
    }
}

/// The reason why an [`OriginSource`] cannot decide yet.
///
/// ```
/// use cors_runtime::NotReady;
///
/// assert_eq!(NotReady::new("no tenants yet").to_string(), "no tenants yet");
/// ```
#[derive(Debug)]
pub struct NotReady(Box<dyn Error + Send + Sync>);

impl NotReady {
    /// Creates the error from a message, or from another error.
    pub fn new(reason: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for NotReady {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for NotReady {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}
