//! A request as those see it who decide about its origin.

use std::{fmt, str};

use http::Request;

use crate::request::{self, Class, RequestView};

/// What a function in `origins` may look at: the head of the request, in every adapter the same.
///
/// **A preflight carries no cookie and no token.** A browser asks for permission before it sends
/// any of that, so a function that looks for a session in [`header`](Self::header) refuses every
/// preflight, and with it every request that needs one. Decide by the origin, and by what both
/// requests have in common: the path and the host.
///
/// It is a view: nothing of the request is copied.
///
/// ```
/// use cors_runtime::RequestHead;
///
/// /// Each tenant has its own host, and the pages of that tenant may call it.
/// fn tenant(origin: &str, request: &RequestHead<'_>) -> bool {
///     let tenant = request.host().and_then(|host| host.strip_suffix(".api.example.com"));
///     tenant.is_some_and(|tenant| origin == format!("https://{tenant}.example.com"))
/// }
///
/// // In a test the head is that of any `http::Request`.
/// let request = http::Request::get("https://blue.api.example.com/items").body(())?;
/// assert!(tenant("https://blue.example.com", &RequestHead::from(&request)));
/// assert!(!tenant("https://red.example.com", &RequestHead::from(&request)));
/// # Ok::<(), http::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct RequestHead<'a>(&'a dyn Head);

/// The part of a request that [`RequestHead`] shows, behind one pointer.
pub(crate) trait Head {
    fn method(&self) -> &str;
    fn path(&self) -> &str;
    fn host(&self) -> Option<&str>;
    fn header(&self, name: &str) -> Option<&[u8]>;
    fn is_preflight(&self) -> bool;
}

impl<'a> RequestHead<'a> {
    pub(crate) fn new(request: &'a impl RequestView) -> Self {
        Self(request)
    }
}

impl RequestHead<'_> {
    /// The method. Of a preflight it is `OPTIONS`; what it asks for is
    /// `access-control-request-method`.
    pub fn method(&self) -> &str {
        self.0.method()
    }

    /// The path of the request's target, without the query, percent-encoded as it came.
    pub fn path(&self) -> &str {
        self.0.path()
    }

    /// Host and port that the request was sent to, from its target or else from its `Host` header.
    pub fn host(&self) -> Option<&str> {
        self.0.host()
    }

    /// The first header of that name, in any case. A preflight has no `Cookie` and no
    /// `Authorization`.
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        self.0.header(name)
    }

    /// Whether it is a preflight: a question about a request that the browser has not sent yet.
    pub fn is_preflight(&self) -> bool {
        self.0.is_preflight()
    }
}

impl<'a, B> From<&'a Request<B>> for RequestHead<'a> {
    fn from(request: &'a Request<B>) -> Self {
        Self(request)
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
        self.lines(name).next()
    }

    fn is_preflight(&self) -> bool {
        request::classify(self) == Class::Preflight
    }
}
