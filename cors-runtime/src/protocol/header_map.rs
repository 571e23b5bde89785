//! Header values and header maps, for the types of any framework.

use crate::request::RequestValue;

/// The headers that this crate sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResponseHeader {
    AllowCredentials,
    AllowHeaders,
    AllowMethods,
    AllowOrigin,
    ExposeHeaders,
    MaxAge,
    Vary,
    /// `cors-denied`, only in builds with debug assertions.
    Denied,
}

/// A framework's type of a header value.
pub(crate) trait Value: RequestValue + 'static {
    fn from_static(value: &'static str) -> Self;
    /// Returns a value of a policy. The value is created once, and is kept as long as the process
    /// runs.
    fn kept(value: &'static str) -> &'static Self;
    /// Returns a value that is checked at compile time.
    fn constant(value: Constant) -> Self;
    /// Returns `None` for bytes that a header value cannot hold.
    fn from_bytes(value: &[u8]) -> Option<Self>;
}

/// The values that do not depend on a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Constant {
    /// `*`.
    Any,
    True,
    /// `Vary` of a response to an actual request.
    VaryOrigin,
    /// `Vary` of every response to a preflight. Some caches store these responses, also if the
    /// preflight is refused.
    VaryPreflight,
    /// `Vary` of a refused actual request. The refusal depends on both headers.
    VaryRefused,
}

impl Constant {
    pub(super) fn value<V: Value>(self) -> V {
        V::constant(self)
    }
}

/// A framework's map of response headers.
pub(crate) trait ResponseHeaders: Clone + Default {
    type Value: Value;

    /// Replaces all lines of that name.
    fn insert(&mut self, name: ResponseHeader, value: Self::Value);
    /// Replaces the value of a header that has one line. Does nothing if the header is absent.
    /// Unlike [`insert`](Self::insert), never allocates.
    fn replace(&mut self, name: ResponseHeader, value: Self::Value);
    /// Inserts a header if it is absent. Returns whether it was inserted.
    fn insert_new(&mut self, name: ResponseHeader, value: Self::Value) -> bool;
    fn remove(&mut self, name: ResponseHeader);
    /// Removes every `Access-Control-*` header, including those of other protocols.
    fn remove_access_control(&mut self);
    fn lines(&self, name: ResponseHeader) -> impl Iterator<Item = &[u8]>;

    fn set(&mut self, name: ResponseHeader, value: Option<Self::Value>) {
        match value {
            Some(value) => self.insert(name, value),
            None => self.remove(name),
        }
    }
}

/// Implements both traits for the `header` module of one version of `http`. actix-web uses 0.2, all
/// other frameworks 1; the names in the module are the same. The second argument is
/// [`ResponseHeaders::insert_new`].
macro_rules! header_map {
    ($($header:ident)::+, |$map:ident, $name:ident, $value:ident| $insert_new:expr) => {
        const _: () = {
            use std::collections::HashMap;
            use std::sync::{LazyLock, PoisonError, RwLock};

            use $($header)::+ as header;
            use $($header)::+::{HeaderMap, HeaderName, HeaderValue};

            use $crate::protocol::{Constant, ResponseHeader, ResponseHeaders, Value};
            use $crate::request::{RequestHeader, RequestValue};

            impl RequestValue for HeaderValue {
                fn to_str(&self) -> Option<&str> {
                    self.to_str().ok()
                }
            }

            impl Value for HeaderValue {
                fn from_static(value: &'static str) -> Self {
                    Self::from_static(value)
                }

                fn kept(value: &'static str) -> &'static Self {
                    static KEPT: LazyLock<RwLock<HashMap<&str, &HeaderValue>>> =
                        LazyLock::new(RwLock::default);
                    // A panic cannot leave the map half changed.
                    let kept = KEPT.read().unwrap_or_else(PoisonError::into_inner);
                    if let Some(known) = kept.get(value) {
                        return known;
                    }
                    drop(kept);
                    let new = || &*Box::leak(Box::new(Self::from_static(value)));
                    let mut kept = KEPT.write().unwrap_or_else(PoisonError::into_inner);
                    kept.entry(value).or_insert_with(new)
                }

                fn constant(value: Constant) -> Self {
                    match value {
                        Constant::Any => const { Self::from_static("*") },
                        Constant::True => const { Self::from_static("true") },
                        Constant::VaryOrigin => const { Self::from_static("Origin") },
                        Constant::VaryPreflight => {
                            const {
                                Self::from_static(
                                    "Origin, Access-Control-Request-Method, \
                                     Access-Control-Request-Headers",
                                )
                            }
                        }
                        Constant::VaryRefused => {
                            const { Self::from_static("Origin, Sec-Fetch-Site") }
                        }
                    }
                }

                fn from_bytes(value: &[u8]) -> Option<Self> {
                    Self::from_bytes(value).ok()
                }
            }

            impl From<ResponseHeader> for HeaderName {
                fn from(name: ResponseHeader) -> Self {
                    match name {
                        ResponseHeader::AllowCredentials => {
                            header::ACCESS_CONTROL_ALLOW_CREDENTIALS
                        }
                        ResponseHeader::AllowHeaders => header::ACCESS_CONTROL_ALLOW_HEADERS,
                        ResponseHeader::AllowMethods => header::ACCESS_CONTROL_ALLOW_METHODS,
                        ResponseHeader::AllowOrigin => header::ACCESS_CONTROL_ALLOW_ORIGIN,
                        ResponseHeader::ExposeHeaders => header::ACCESS_CONTROL_EXPOSE_HEADERS,
                        ResponseHeader::MaxAge => header::ACCESS_CONTROL_MAX_AGE,
                        ResponseHeader::Vary => header::VARY,
                        ResponseHeader::Denied => const { Self::from_static("cors-denied") },
                    }
                }
            }

            impl From<RequestHeader> for HeaderName {
                fn from(name: RequestHeader) -> Self {
                    match name {
                        RequestHeader::AccessControlRequestHeaders => {
                            header::ACCESS_CONTROL_REQUEST_HEADERS
                        }
                        RequestHeader::AccessControlRequestMethod => {
                            header::ACCESS_CONTROL_REQUEST_METHOD
                        }
                        RequestHeader::Host => header::HOST,
                        RequestHeader::Origin => header::ORIGIN,
                        RequestHeader::SecFetchSite => {
                            const { Self::from_static("sec-fetch-site") }
                        }
                    }
                }
            }

            impl ResponseHeaders for HeaderMap {
                type Value = HeaderValue;

                fn insert(&mut self, name: ResponseHeader, value: HeaderValue) {
                    self.insert(HeaderName::from(name), value);
                }

                fn replace(&mut self, name: ResponseHeader, value: HeaderValue) {
                    if let Some(old) = self.get_mut(HeaderName::from(name)) {
                        *old = value;
                    }
                }

                fn insert_new(&mut self, name: ResponseHeader, $value: HeaderValue) -> bool {
                    let ($map, $name) = (self, HeaderName::from(name));
                    $insert_new
                }

                fn remove(&mut self, name: ResponseHeader) {
                    self.remove(HeaderName::from(name));
                }

                fn remove_access_control(&mut self) {
                    let is_ours = |name: &&HeaderName| name.as_str().starts_with("access-control-");
                    while let Some(name) = self.keys().find(is_ours).cloned() {
                        self.remove(name);
                    }
                }

                fn lines(&self, name: ResponseHeader) -> impl Iterator<Item = &[u8]> {
                    let lines = self.get_all(HeaderName::from(name)).into_iter();
                    lines.map(HeaderValue::as_bytes)
                }
            }
        };
    };
}
pub(crate) use header_map;
