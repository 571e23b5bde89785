//! The parts of a request that the protocol reads, and what kind of request it is.

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

/// A view of a request. Each adapter implements it for the request type of its framework.
pub(crate) trait RequestView {
    /// The framework's type of a header value.
    type Value;

    fn method(&self) -> &str;
    fn path(&self) -> &str;
    /// Returns host and port from the request's URI, where HTTP/2 and proxies put them.
    fn uri_authority(&self) -> Option<&str>;
    /// Returns the value of each line of a header.
    fn lines(&self, name: RequestHeader) -> impl Iterator<Item = &[u8]>;
    /// Returns the first line of a header of any name.
    fn header(&self, name: &str) -> Option<&[u8]>;
    /// Returns the first `Origin` header, unchanged.
    fn origin_value(&self) -> Option<Self::Value>;

    fn has(&self, name: RequestHeader) -> bool {
        self.lines(name).next().is_some()
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

/// What kind of request it is. The presence of the headers decides, not their values.
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
    if !request.has(RequestHeader::Origin) {
        Class::NotCors
    } else if request.method() == "OPTIONS"
        && request.has(RequestHeader::AccessControlRequestMethod)
    {
        Class::Preflight
    } else {
        Class::Actual
    }
}
