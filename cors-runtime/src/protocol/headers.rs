//! The response headers of the protocol, for the header map of any framework.

use super::denial::Denial;
use crate::policy::Policy;

/// `Vary` of every response to a preflight, allowed or refused, since some caches keep them.
const PREFLIGHT_VARY: &str =
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

/// `Vary` of a refused actual request, which both headers decide about.
const FORBIDDEN_VARY: &str = "Origin, Sec-Fetch-Site";

const ORIGIN: &str = "Origin";

/// The headers that this crate sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
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
pub(crate) trait Value: Clone {
    fn from_static(value: &'static str) -> Self;
    /// Returns `None` for bytes that a header value cannot hold.
    fn from_bytes(value: &[u8]) -> Option<Self>;
}

/// A framework's map of response headers.
pub(crate) trait ResponseHeaders {
    type Value: Value;

    /// Replaces all lines of that name.
    fn insert(&mut self, name: Name, value: Self::Value);
    fn remove(&mut self, name: Name);
    /// Removes every `Access-Control-*` header, including those of other protocols.
    fn remove_access_control(&mut self);
    fn lines(&self, name: Name) -> impl Iterator<Item = &[u8]>;

    fn set(&mut self, name: Name, value: Option<Self::Value>) {
        match value {
            Some(value) => self.insert(name, value),
            None => self.remove(name),
        }
    }
}

/// Implements both traits for the `header` module of one version of `http`. actix-web uses 0.2, all
/// other frameworks 1; the names in the module are the same.
macro_rules! header_map {
    ($($header:ident)::+) => {
        const _: () = {
            use $($header)::+ as header;
            use $($header)::+::{HeaderMap, HeaderName, HeaderValue};

            use $crate::protocol::{Name, ResponseHeaders, Value};

            impl Value for HeaderValue {
                fn from_static(value: &'static str) -> Self {
                    Self::from_static(value)
                }

                fn from_bytes(value: &[u8]) -> Option<Self> {
                    Self::from_bytes(value).ok()
                }
            }

            impl From<Name> for HeaderName {
                fn from(name: Name) -> Self {
                    match name {
                        Name::AllowCredentials => header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
                        Name::AllowHeaders => header::ACCESS_CONTROL_ALLOW_HEADERS,
                        Name::AllowMethods => header::ACCESS_CONTROL_ALLOW_METHODS,
                        Name::AllowOrigin => header::ACCESS_CONTROL_ALLOW_ORIGIN,
                        Name::ExposeHeaders => header::ACCESS_CONTROL_EXPOSE_HEADERS,
                        Name::MaxAge => header::ACCESS_CONTROL_MAX_AGE,
                        Name::Vary => header::VARY,
                        Name::Denied => Self::from_static("cors-denied"),
                    }
                }
            }

            impl ResponseHeaders for HeaderMap {
                type Value = HeaderValue;

                fn insert(&mut self, name: Name, value: HeaderValue) {
                    self.insert(HeaderName::from(name), value);
                }

                fn remove(&mut self, name: Name) {
                    self.remove(HeaderName::from(name));
                }

                fn remove_access_control(&mut self) {
                    let is_ours = |name: &&HeaderName| name.as_str().starts_with("access-control-");
                    // Allocates only if the handler has set one.
                    let names: Vec<HeaderName> = self.keys().filter(is_ours).cloned().collect();
                    for name in names {
                        self.remove(name);
                    }
                }

                fn lines(&self, name: Name) -> impl Iterator<Item = &[u8]> {
                    let lines = self.get_all(HeaderName::from(name)).into_iter();
                    lines.map(HeaderValue::as_bytes)
                }
            }
        };
    };
}
pub(crate) use header_map;

/// The headers of an allowed preflight that are the same for every request.
#[derive(Clone, Debug)]
pub(crate) struct PreflightHeaders<V> {
    credentials: bool,
    methods: Option<V>,
    headers: Option<V>,
    max_age: Option<V>,
}

impl<V: Value> PreflightHeaders<V> {
    /// Creates the headers of a policy. `methods` and `max_age` depend on where it is mounted.
    pub(crate) fn new(policy: &Policy, methods: Option<V>, max_age: Option<&'static str>) -> Self {
        Self {
            credentials: policy.credentials(),
            methods,
            headers: policy.allow_headers().map(V::from_static),
            max_age: max_age.map(V::from_static),
        }
    }
}

/// A response without a body that this crate makes. No handler runs.
#[derive(Debug)]
pub(crate) enum CorsResponse<'a, V> {
    /// 204.
    PreflightAllowed {
        allow_origin: V,
        headers: &'a PreflightHeaders<V>,
    },
    /// 403 without any `Access-Control-*` header.
    PreflightRefused {
        denial: Denial,
        location: Option<&'static str>,
    },
    /// 403 for an actual request.
    RequestRefused {
        denial: Denial,
        location: &'static str,
    },
}

impl<V: Value> CorsResponse<'_, V> {
    /// Returns whether the status is 204; otherwise it is 403.
    pub(crate) fn is_allowed(&self) -> bool {
        matches!(self, Self::PreflightAllowed { .. })
    }

    /// Adds the headers to those of an empty response.
    pub(crate) fn apply(self, headers: &mut impl ResponseHeaders<Value = V>) {
        match self {
            Self::PreflightAllowed {
                allow_origin,
                headers: prepared,
            } => {
                headers.insert(Name::Vary, V::from_static(PREFLIGHT_VARY));
                headers.insert(Name::AllowOrigin, allow_origin);
                headers.set(Name::AllowCredentials, credentials(prepared.credentials));
                headers.set(Name::AllowMethods, prepared.methods.clone());
                headers.set(Name::AllowHeaders, prepared.headers.clone());
                headers.set(Name::MaxAge, prepared.max_age.clone());
            }
            Self::PreflightRefused { denial, location } => {
                headers.insert(Name::Vary, V::from_static(PREFLIGHT_VARY));
                explain(headers, denial, location);
            }
            Self::RequestRefused { denial, location } => {
                headers.insert(Name::Vary, V::from_static(FORBIDDEN_VARY));
                explain(headers, denial, Some(location));
            }
        }
    }
}

/// The CORS headers of a response to an actual request, or to one without `Origin`.
#[derive(Clone, Debug)]
pub(crate) struct ActualHeaders<V> {
    pub(super) policy: &'static Policy,
    pub(super) allow_origin: Option<V>,
    /// Why the origin is not allowed.
    pub(super) denial: Option<Denial>,
    /// Whether another origin could have received another response.
    pub(super) vary: bool,
}

impl<V: Value> ActualHeaders<V> {
    /// Returns the value of `Access-Control-Allow-Origin`.
    #[cfg(feature = "actix-web")]
    pub(crate) fn allow_origin(&self) -> Option<&V> {
        self.allow_origin.as_ref()
    }

    /// Replaces the CORS headers that the handler may have set. Applying it twice changes nothing.
    pub(crate) fn apply(self, headers: &mut impl ResponseHeaders<Value = V>) {
        let policy = self.policy;
        if self.vary {
            vary_by_origin(headers);
        }
        if let Some(denial) = self.denial {
            explain(headers, denial, Some(policy.location()));
        }
        let Some(allow_origin) = self.allow_origin else {
            return headers.remove_access_control();
        };
        headers.insert(Name::AllowOrigin, allow_origin);
        headers.set(Name::AllowCredentials, credentials(policy.credentials()));
        headers.set(Name::ExposeHeaders, policy.0.expose.map(V::from_static));
    }
}

/// Sets `cors-denied`, in builds with debug assertions.
fn explain<V: Value>(
    headers: &mut impl ResponseHeaders<Value = V>,
    denial: Denial,
    location: Option<&'static str>,
) {
    if cfg!(debug_assertions)
        && let Some(reason) = V::from_bytes(denial.explain(location).as_bytes())
    {
        headers.insert(Name::Denied, reason);
    }
}

fn credentials<V: Value>(credentials: bool) -> Option<V> {
    credentials.then(|| V::from_static("true"))
}

/// Adds `Origin` to `Vary`, unless a token covers it; `*` covers every token (RFC 9110, section
/// 12.5.5). The result is one line, because adapters for Lambda keep only one line of a header.
fn vary_by_origin<V: Value>(headers: &mut impl ResponseHeaders<Value = V>) {
    let covers = |token: &[u8]| {
        let token = token.trim_ascii();
        token == b"*" || token.eq_ignore_ascii_case(ORIGIN.as_bytes())
    };
    let mut lines: Vec<&[u8]> = headers.lines(Name::Vary).collect();
    let mut tokens = lines
        .iter()
        .flat_map(|line| line.split(|&byte| byte == b','));
    if tokens.any(covers) {
        return;
    }
    let merged = if lines.is_empty() {
        Some(V::from_static(ORIGIN))
    } else {
        lines.push(ORIGIN.as_bytes());
        V::from_bytes(&lines.join(&b", "[..]))
    };
    if let Some(merged) = merged {
        headers.insert(Name::Vary, merged);
    }
}
