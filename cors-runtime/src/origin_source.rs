//! Entries of `origins` that decide while the program runs.

use std::error::Error;
use std::fmt;
use std::sync::LazyLock;

use crate::policy::Policy;
use crate::request_head::RequestHead;

/// What a path in `origins` names: it says whether an origin is allowed when a request with that
/// origin comes.
///
/// - a function `fn(&str, &RequestHead<'_>) -> bool`;
/// - a `static` of type `OriginList` (feature `builder`), or a `LazyLock` of one;
/// - a `static` of a type of your own that implements this trait.
///
/// ```
/// use cors_runtime::{Policy, RequestHead, policy};
///
/// fn tenants(origin: &str, _request: &RequestHead<'_>) -> bool {
///     let tenant = origin.strip_prefix("https://").and_then(|host| host.strip_suffix(".example.com"));
///     tenant.is_some_and(|tenant| ["blue", "red"].contains(&tenant))
/// }
/// # let request = http::Request::new(());
/// # assert!(tenants("https://blue.example.com", &RequestHead::from(&request)));
/// ```
///
/// With `credentials`, a page of every origin that this says yes to acts as whoever is logged in
/// there. The author of the function has to be sure of two things: that the origin belongs to
/// somebody who may do that (so compare the whole of it, never its end or a part), and that no one
/// else can get an origin that it allows.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in `origins`",
    label = "expected `fn(&str, &RequestHead<'_>) -> bool`, or a `static` of type `OriginList`",
    note = "a string is an entry only as a literal, because only a literal can be checked at \
            compile time; `policy!` is how several handlers share one",
    note = "a function takes the origin and the head of the request: `fn allowed(origin: &str, \
            request: &cors_runtime::RequestHead<'_>) -> bool`"
)]
pub trait OriginSource: Sync {
    /// Whether pages of `origin` may call. It has the form of an origin: `null`, junk and what is
    /// longer than any origin never come here. It must not block, for it runs where the request
    /// is served.
    ///
    /// A panic denies.
    fn allows(&self, origin: &str, request: &RequestHead<'_>) -> bool;

    /// Whether it can answer for `policy`. Asked when a handler is mounted, and by `Policy::ready`;
    /// where neither happens, before the first request.
    ///
    /// # Errors
    ///
    /// Why it cannot. It then allows nobody.
    fn ready(&self, policy: &Policy) -> Result<(), NotReady> {
        let _ = policy;
        Ok(())
    }
}

// Else rustc says that a string is no `Fn`, which helps nobody.
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

    fn ready(&self, policy: &Policy) -> Result<(), NotReady> {
        T::ready(self, policy)
    }
}

/// Why origins that are not known at compile time cannot be told yet.
///
/// ```
/// use cors_runtime::NotReady;
///
/// assert_eq!(NotReady::new("no tenants yet").to_string(), "no tenants yet");
/// ```
#[derive(Debug)]
pub struct NotReady(Box<dyn Error + Send + Sync>);

impl NotReady {
    /// From words, or from another error.
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
