//! The parts of a request that the protocol reads, and the class of a request.

mod head;

pub use self::head::RequestHead;

/// The headers that the protocol reads. Each adapter has constants for their names, so that no
/// request parses a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestHeader {
    AccessControlRequestHeaders,
    AccessControlRequestMethod,
    Host,
    Origin,
    SecFetchSite,
}

/// A header value of a request, in a framework's type.
pub(crate) trait RequestValue: AsRef<[u8]> + Clone {
    /// Returns the value as a string, if it consists of visible ASCII characters, spaces and tabs.
    fn to_str(&self) -> Option<&str>;
}

/// A view of a request. Each adapter implements it for the request type of its framework.
pub(crate) trait RequestView {
    /// The framework's type of a header value.
    type Value: RequestValue;

    fn method(&self) -> &str;
    fn is_options(&self) -> bool;
    fn path(&self) -> &str;
    /// Returns host and port from the request's URI, where HTTP/2 and proxies store them.
    fn uri_authority(&self) -> Option<&str>;
    /// Returns each line of a header.
    fn values(&self, name: RequestHeader) -> impl Iterator<Item = &Self::Value>;
    /// Returns the first line of a header of any name.
    fn header(&self, name: &str) -> Option<&[u8]>;

    /// Returns the `Origin` header.
    fn origin(&self) -> HeaderLines<'_, Self::Value> {
        HeaderLines::of(self.values(RequestHeader::Origin))
    }

    /// Returns the `Access-Control-Request-Method` header.
    fn requested_method(&self) -> HeaderLines<'_, Self::Value> {
        HeaderLines::of(self.values(RequestHeader::AccessControlRequestMethod))
    }

    /// Returns the value of each line of a header.
    fn lines(&self, name: RequestHeader) -> impl Iterator<Item = &[u8]> {
        self.values(name).map(AsRef::as_ref)
    }

    fn has(&self, name: RequestHeader) -> bool {
        self.values(name).next().is_some()
    }

    /// Returns the value of a header that has exactly one line.
    fn single(&self, name: RequestHeader) -> Option<&[u8]> {
        let mut lines = self.lines(name);
        let value = lines.next()?;
        lines.next().is_none().then_some(value)
    }

    /// Returns the host and port that the request was sent to (RFC 9110, section 7.2).
    fn authority(&self) -> Option<&[u8]> {
        match self.uri_authority() {
            Some(authority) => Some(authority.as_bytes()),
            None => self.single(RequestHeader::Host),
        }
    }
}

/// A header that a browser sends in at most one line.
#[derive(Debug)]
pub(crate) enum HeaderLines<'a, V> {
    Absent,
    One(&'a V),
    Several,
}

impl<V> Copy for HeaderLines<'_, V> {}

impl<V> Clone for HeaderLines<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<'a, V> HeaderLines<'a, V> {
    pub(crate) fn of(mut lines: impl Iterator<Item = &'a V>) -> Self {
        match (lines.next(), lines.next()) {
            (None, _) => Self::Absent,
            (Some(origin), None) => Self::One(origin),
            (Some(_), Some(_)) => Self::Several,
        }
    }

    /// Returns the value of a single line.
    pub(crate) fn value(self) -> Option<&'a V> {
        match self {
            Self::One(origin) => Some(origin),
            Self::Absent | Self::Several => None,
        }
    }
}

/// A request whose headers are looked up once.
#[derive(Debug)]
pub(crate) struct Received<'a, R: RequestView> {
    request: &'a R,
    origin: HeaderLines<'a, R::Value>,
    /// `Absent` unless the request is a preflight.
    requested_method: HeaderLines<'a, R::Value>,
}

impl<'a, R: RequestView> Received<'a, R> {
    #[inline(always)]
    pub(crate) fn new(request: &'a R) -> Self {
        let origin = request.origin();
        let may_be_preflight = !matches!(origin, HeaderLines::Absent) && request.is_options();
        let requested_method = if may_be_preflight {
            request.requested_method()
        } else {
            HeaderLines::Absent
        };
        Self {
            request,
            origin,
            requested_method,
        }
    }

    pub(crate) fn request(&self) -> &'a R {
        self.request
    }
}

impl<R: RequestView> RequestView for Received<'_, R> {
    type Value = R::Value;

    fn method(&self) -> &str {
        self.request.method()
    }

    fn is_options(&self) -> bool {
        self.request.is_options()
    }

    fn path(&self) -> &str {
        self.request.path()
    }

    fn uri_authority(&self) -> Option<&str> {
        self.request.uri_authority()
    }

    fn values(&self, name: RequestHeader) -> impl Iterator<Item = &R::Value> {
        self.request.values(name)
    }

    fn header(&self, name: &str) -> Option<&[u8]> {
        self.request.header(name)
    }

    fn origin(&self) -> HeaderLines<'_, R::Value> {
        self.origin
    }

    fn requested_method(&self) -> HeaderLines<'_, R::Value> {
        self.requested_method
    }
}

/// The class of a request. The presence of the headers decides, not their values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// A request without `Origin`.
    NotCors,
    /// A CORS-preflight request, as the Fetch standard defines it. No user code runs for it.
    Preflight,
    /// Every other request with an `Origin`, including `OPTIONS`.
    Actual,
}

pub(crate) fn classify(request: &impl RequestView) -> Class {
    let has_requested_method = || !matches!(request.requested_method(), HeaderLines::Absent);
    if matches!(request.origin(), HeaderLines::Absent) {
        Class::NotCors
    } else if request.is_options() && has_requested_method() {
        Class::Preflight
    } else {
        Class::Actual
    }
}
