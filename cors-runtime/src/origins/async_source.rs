//! Async origin sources: code in `ask(..)` that a request awaits.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::request::{Class, RequestHeader, RequestView, classify};

/// Decides asynchronously whether an origin is allowed. Use the source with `ask(path)` in
/// `origins`.
///
/// The path can name:
///
/// - an `async fn(OriginRequest) -> bool`, or one that returns a `Result<bool, E>`;
/// - a `static` of a type of your own that implements this trait.
///
/// ```
/// use cors_runtime::OriginRequest;
///
/// # async fn find(_: &str) -> Result<bool, std::io::Error> { Ok(true) }
/// async fn tenant(request: OriginRequest) -> Result<bool, std::io::Error> {
///     find(request.origin()).await
/// }
/// # #[cfg(all(feature = "ask", feature = "axum"))] {
/// use cors_runtime::axum::cors;
///
/// #[cors(origins = ["https://app.example.com", ask(tenant)])]
/// async fn list() -> &'static str {
///     "items"
/// }
/// # }
/// ```
///
/// A request calls the source if no other entry matches: once for a preflight and once for the
/// actual request. Both requests then take longer by that time, and by a few allocations. If the
/// origins fit into memory, prefer an [`OriginList`](crate::OriginList) that a task keeps up to
/// date, because the list decides at once.
///
/// If the source returns an error, panics or exceeds its time-out, the origin is not allowed. The
/// source receives only well-formed origins: `null` and malformed values are refused before.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be used in `ask(..)`",
    label = "expected an `async fn(cors_runtime::OriginRequest) -> bool`",
    note = "the function may also return `Result<bool, E>`; the future has to be `Send`"
)]
#[doc(alias("AllowOrigin", "async_predicate"))]
pub trait AsyncOriginSource: Sync {
    /// Returns whether the origin of the request is allowed.
    fn allows(&self, request: OriginRequest) -> OriginFuture;

    /// Returns how long a request waits before the origin is refused. The default is 5 seconds.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use cors_runtime::{AsyncOriginSource, OriginFuture, OriginRequest};
    ///
    /// struct Directory;
    ///
    /// impl AsyncOriginSource for Directory {
    ///     fn allows(&self, request: OriginRequest) -> OriginFuture {
    ///         Box::pin(async move { Ok(request.origin() == "https://blue.example.com") })
    ///     }
    ///
    ///     fn timeout(&self) -> Duration {
    ///         Duration::from_millis(500)
    ///     }
    /// }
    ///
    /// /// For `ask(DIRECTORY)`.
    /// static DIRECTORY: Directory = Directory;
    /// # assert_eq!(DIRECTORY.timeout(), Duration::from_millis(500));
    /// ```
    fn timeout(&self) -> Duration {
        Duration::from_secs(5)
    }
}

/// Whether an origin is allowed, or the error of the source.
pub type OriginResult = Result<bool, Box<dyn Error + Send + Sync>>;

/// The future that [`AsyncOriginSource::allows`] returns.
pub type OriginFuture = Pin<Box<dyn Future<Output = OriginResult> + Send>>;

#[diagnostic::do_not_recommend]
impl<F, Fut> AsyncOriginSource for F
where
    F: Fn(OriginRequest) -> Fut + Sync,
    Fut: Future<Output: IntoOriginResult> + Send + 'static,
{
    fn allows(&self, request: OriginRequest) -> OriginFuture {
        let result = self(request);
        Box::pin(async move { result.await.into_origin_result() })
    }
}

/// The return type of a function in `ask(..)`: `bool`, or a `Result` of it.
///
/// ```
/// use cors_runtime::IntoOriginResult;
///
/// assert!(true.into_origin_result().is_ok_and(|is_allowed| is_allowed));
///
/// let timed_out: Result<bool, std::io::Error> = Err(std::io::ErrorKind::TimedOut.into());
/// assert!(timed_out.into_origin_result().is_err());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a result of `ask(..)`",
    label = "expected `bool` or `Result<bool, E>`"
)]
pub trait IntoOriginResult {
    /// Converts the value.
    ///
    /// # Errors
    ///
    /// Returns the error of the function.
    fn into_origin_result(self) -> OriginResult;
}

impl IntoOriginResult for bool {
    fn into_origin_result(self) -> OriginResult {
        Ok(self)
    }
}

impl<E: Into<Box<dyn Error + Send + Sync>>> IntoOriginResult for Result<bool, E> {
    fn into_origin_result(self) -> OriginResult {
        self.map_err(Into::into)
    }
}

/// The parts of a request that an [`AsyncOriginSource`] decides by. The parts are owned, so that a
/// future can keep them.
///
/// ```
/// use cors_runtime::OriginRequest;
///
/// /// For `ask(partner)`: partners may read reports.
/// async fn partner(request: OriginRequest) -> bool {
///     request.origin().ends_with(".partner.example")
///         && request.path().starts_with("/reports/")
///         && matches!(request.method(), "GET" | "HEAD")
/// }
/// # let _ = partner;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginRequest {
    origin: String,
    method: String,
    path: String,
    host: Option<String>,
}

impl OriginRequest {
    pub(crate) fn new(request: &impl RequestView) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let method = match classify(request) {
            Class::Preflight => request.single(RequestHeader::AccessControlRequestMethod),
            Class::Actual | Class::NotCors => None,
        };
        Self {
            origin: request
                .single(RequestHeader::Origin)
                .map(text)
                .unwrap_or_default(),
            method: method.map_or_else(|| request.method().to_owned(), text),
            path: request.path().to_owned(),
            host: request.authority().map(text),
        }
    }

    /// Returns the origin, as the browser sent it.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Returns the method of the actual request. For a preflight, it is the requested method.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Returns the path, without the query and still percent-encoded.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the host and port that the request was sent to.
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }
}
