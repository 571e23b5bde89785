//! The head of a request, for origin sources.

use std::cell::Cell;
use std::{fmt, str};

use http::Request;

use super::{Class, RequestView, classify};

/// The head of a request, with the same interface in every adapter. An
/// [`OriginSource`](crate::OriginSource) receives the head together with the origin.
///
/// **A preflight does not contain cookies or tokens.** A browser sends the preflight before the
/// request that contains them. So a function that looks for a session in [`header`](Self::header)
/// refuses every preflight, and the browser then does not send the actual request. Decide by the
/// origin, the path and the host, which are the same in both requests.
///
/// `RequestHead` is a view. Creating it does not copy.
///
/// ```
/// use cors_runtime::RequestHead;
///
/// /// Each tenant has its own host, which the tenant's own pages may call.
/// fn tenant(origin: &str, request: &RequestHead<'_>) -> bool {
///     let tenant = request.host().and_then(|host| host.strip_suffix(".api.example.com"));
///     tenant.is_some_and(|tenant| origin == format!("https://{tenant}.example.com"))
/// }
///
/// // In a test, you can make a head from any `http::Request`.
/// let request = http::Request::get("https://blue.api.example.com/items").body(())?;
/// assert!(tenant("https://blue.example.com", &RequestHead::from(&request)));
/// assert!(!tenant("https://red.example.com", &RequestHead::from(&request)));
/// # Ok::<(), http::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct RequestHead<'a> {
    head: &'a dyn Head,
    /// Set when a header is read.
    reads_headers: Option<&'a Cell<bool>>,
}

/// [`RequestView`] without its associated type, so that it can be a trait object.
pub(crate) trait Head {
    fn method(&self) -> &str;
    fn path(&self) -> &str;
    fn host(&self) -> Option<&str>;
    fn header(&self, name: &str) -> Option<&[u8]>;
    fn is_preflight(&self) -> bool;
}

impl<'a> RequestHead<'a> {
    /// Creates the head of a request. `reads_headers` is set when a header is read.
    pub(crate) fn new(request: &'a impl RequestView, reads_headers: &'a Cell<bool>) -> Self {
        Self {
            head: request,
            reads_headers: Some(reads_headers),
        }
    }

    fn read_headers(&self) -> &dyn Head {
        if let Some(reads_headers) = self.reads_headers {
            reads_headers.set(true);
        }
        self.head
    }
}

impl RequestHead<'_> {
    /// Returns the method. It is `OPTIONS` for a preflight, whose
    /// `access-control-request-method` header names the method of the actual request.
    pub fn method(&self) -> &str {
        self.head.method()
    }

    /// Returns the path of the request target, without the query and still percent-encoded.
    pub fn path(&self) -> &str {
        self.head.path()
    }

    /// Returns the host and port that the request was sent to, from its target or its `Host`
    /// header.
    pub fn host(&self) -> Option<&str> {
        self.head.host()
    }

    /// Returns the first header with that name, in any case. A preflight does not have a `Cookie`
    /// or an `Authorization` header.
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        self.read_headers().header(name)
    }

    /// Returns whether the request is a preflight, which a browser sends before the actual request.
    pub fn is_preflight(&self) -> bool {
        self.read_headers().is_preflight()
    }
}

impl<'a, B> From<&'a Request<B>> for RequestHead<'a> {
    fn from(request: &'a Request<B>) -> Self {
        Self {
            head: request,
            reads_headers: None,
        }
    }
}

impl fmt::Debug for RequestHead<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestHead")
            .field("method", &self.method())
            .field("path", &self.path())
            .field("host", &self.host())
            .finish_non_exhaustive()
    }
}

impl<R: RequestView> Head for R {
    fn method(&self) -> &str {
        RequestView::method(self)
    }

    fn path(&self) -> &str {
        RequestView::path(self)
    }

    fn host(&self) -> Option<&str> {
        str::from_utf8(self.authority()?).ok()
    }

    fn header(&self, name: &str) -> Option<&[u8]> {
        RequestView::header(self, name)
    }

    fn is_preflight(&self) -> bool {
        classify(self) == Class::Preflight
    }
}
