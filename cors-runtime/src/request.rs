//! A request as the protocol sees it.

use crate::ask::Asks;
use crate::denial::Denial;

pub(crate) const ACCESS_CONTROL_REQUEST_METHOD: &str = "access-control-request-method";
pub(crate) const ACCESS_CONTROL_REQUEST_HEADERS: &str = "access-control-request-headers";
pub(crate) const HOST: &str = "host";
pub(crate) const ORIGIN: &str = "origin";
pub(crate) const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// The part of a request that the protocol looks at. Each adapter has its own.
pub(crate) trait RequestView {
    /// The framework's own value of a header.
    type Value;

    fn method(&self) -> &str;
    fn path(&self) -> &str;
    /// Host and port in the URI of the request, which HTTP/2 and proxies put there.
    fn uri_authority(&self) -> Option<&str>;
    /// The values of all lines of that name. `name` is in lower case.
    fn lines<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a [u8]>;
    /// The first `Origin` as it is.
    fn origin_value(&self) -> Option<Self::Value>;

    /// What came of asking about its origin, if that was done.
    fn answer(&self, _: Asks) -> Option<Result<(), Denial>> {
        None
    }

    fn has(&self, name: &str) -> bool {
        self.lines(name).next().is_some()
    }

    /// The value, unless there are several lines of that name.
    fn sole<'a>(&'a self, name: &str) -> Option<&'a [u8]> {
        let mut lines = self.lines(name);
        let value = lines.next()?;
        lines.next().is_none().then_some(value)
    }

    /// Host and port that the request is for (RFC 9110, section 7.2).
    fn authority(&self) -> Option<&[u8]> {
        match self.uri_authority() {
            Some(authority) => Some(authority.as_bytes()),
            None => self.sole(HOST),
        }
    }
}

/// What kind of request it is. Presence decides, not value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// No `Origin`.
    NotCors,
    /// Fetch, "CORS-preflight request": no user code ever runs for it.
    Preflight,
    /// Everything else with an `Origin`, `OPTIONS` too.
    Actual,
}

pub(crate) fn classify(request: &impl RequestView) -> Class {
    if !request.has(ORIGIN) {
        Class::NotCors
    } else if request.method() == "OPTIONS" && request.has(ACCESS_CONTROL_REQUEST_METHOD) {
        Class::Preflight
    } else {
        Class::Actual
    }
}
