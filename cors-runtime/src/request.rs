//! A request as the protocol sees it.

pub(crate) const ACCESS_CONTROL_REQUEST_METHOD: &str = "access-control-request-method";
pub(crate) const ACCESS_CONTROL_REQUEST_HEADERS: &str = "access-control-request-headers";
pub(crate) const ORIGIN: &str = "origin";

/// The part of a request that the protocol looks at. Each adapter has its own.
pub(crate) trait RequestView {
    fn method(&self) -> &str;
    /// The values of all lines of that name. `name` is in lower case.
    fn lines(&self, name: &'static str) -> impl Iterator<Item = &[u8]>;

    fn has(&self, name: &'static str) -> bool {
        self.lines(name).next().is_some()
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
