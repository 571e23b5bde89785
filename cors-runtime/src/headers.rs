//! The response headers of the protocol, over whatever map of headers a framework has.

use crate::denial::Denial;
use crate::policy::Policy;

/// On every answer to a preflight, refused or not: some caches can be told to keep even these.
const PREFLIGHT_VARY: &str =
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

/// On the refusal of an actual request: both decide about it.
const FORBIDDEN_VARY: &str = "Origin, Sec-Fetch-Site";

const ORIGIN: &str = "Origin";

/// The headers that are set here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    AllowCredentials,
    AllowHeaders,
    AllowMethods,
    AllowOrigin,
    ExposeHeaders,
    MaxAge,
    Vary,
    /// `cors-denied`, in builds with debug assertions.
    Denied,
}

/// A framework's own value of a header.
pub(crate) trait Value: Clone {
    fn from_static(value: &'static str) -> Self;
    /// `None` for what no header can hold.
    fn from_bytes(value: &[u8]) -> Option<Self>;
}

/// A framework's own map of the headers of a response.
pub(crate) trait ResponseHeaders {
    type Value: Value;

    /// In place of all lines of that name.
    fn insert(&mut self, name: Name, value: Self::Value);
    fn remove(&mut self, name: Name);
    /// All of `Access-Control-*`, those of other protocols too.
    fn remove_access_control(&mut self);
    fn lines(&self, name: Name) -> impl Iterator<Item = &[u8]>;

    fn set(&mut self, name: Name, value: Option<Self::Value>) {
        match value {
            Some(value) => self.insert(name, value),
            None => self.remove(name),
        }
    }
}

/// Both for the `header` module of one version of `http`: actix-web is at 0.2, everybody else at 1,
/// and all in them has the same name.
macro_rules! header_map {
    ($($header:ident)::+) => {
        const _: () = {
            use $($header)::+ as header;
            use $($header)::+::{HeaderMap, HeaderName, HeaderValue};

            use $crate::headers::{Name, ResponseHeaders, Value};

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
                    // Allocates only where the handler did set one.
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

/// The part of a preflight's answer that is the same for everybody: one answer serves every method
/// and header.
#[derive(Clone, Debug)]
pub(crate) struct Advertised<V> {
    pub(crate) methods: Option<V>,
    pub(crate) headers: Option<V>,
    pub(crate) max_age: Option<V>,
}

impl<V: Value> Advertised<V> {
    /// What the policy says, with a list of methods that the place where it is mounted may have
    /// cut.
    pub(crate) fn new(policy: &Policy, methods: Option<V>, max_age: Option<&'static str>) -> Self {
        Self {
            methods,
            headers: policy.allow_headers().map(V::from_static),
            max_age: max_age.map(V::from_static),
        }
    }
}

/// An answer that is made here, without a body: no code of the user's runs.
#[derive(Debug)]
pub(crate) enum Reply<'a, V> {
    /// To a preflight: 204.
    Permit {
        policy: &'a Policy,
        allow_origin: V,
        advertised: &'a Advertised<V>,
    },
    /// To a preflight: 403, with no `Access-Control-*` at all.
    Refuse {
        denial: Denial,
        policy: Option<&'a Policy>,
    },
    /// To an actual request: 403.
    Forbid { denial: Denial, policy: &'a Policy },
}

impl<V: Value> Reply<'_, V> {
    /// 204, else 403.
    pub(crate) fn permits(&self) -> bool {
        matches!(self, Self::Permit { .. })
    }

    /// To the headers of a response that has none yet.
    pub(crate) fn apply(self, headers: &mut impl ResponseHeaders<Value = V>) {
        match self {
            Self::Permit {
                policy,
                allow_origin,
                advertised,
            } => {
                let Advertised {
                    methods,
                    headers: names,
                    max_age,
                } = advertised;
                headers.insert(Name::Vary, V::from_static(PREFLIGHT_VARY));
                headers.insert(Name::AllowOrigin, allow_origin);
                headers.set(Name::AllowCredentials, credentials(policy.credentials()));
                headers.set(Name::AllowMethods, methods.clone());
                headers.set(Name::AllowHeaders, names.clone());
                headers.set(Name::MaxAge, max_age.clone());
            }
            Self::Refuse { denial, policy } => {
                headers.insert(Name::Vary, V::from_static(PREFLIGHT_VARY));
                explain(headers, denial, policy.map(Policy::location));
            }
            Self::Forbid { denial, policy } => {
                headers.insert(Name::Vary, V::from_static(FORBIDDEN_VARY));
                explain(headers, denial, Some(policy.location()));
            }
        }
    }
}

/// What becomes of the headers of a response to anything but a preflight. To apply it twice is to
/// apply it once.
#[derive(Clone, Debug)]
pub(crate) struct Actual<V> {
    /// `None`: the origin is not allowed, or there is none.
    pub(crate) allow_origin: Option<V>,
    pub(crate) credentials: bool,
    pub(crate) expose: Option<&'static str>,
    /// Whether another origin could have got another answer.
    pub(crate) vary: bool,
    /// Why an origin that is there is not allowed, and by which policy.
    pub(crate) denial: Option<(Denial, &'static str)>,
}

impl<V: Value> Actual<V> {
    /// Replaces what the handler may have set itself; only the policy speaks.
    pub(crate) fn apply(self, headers: &mut impl ResponseHeaders<Value = V>) {
        if self.vary {
            vary_by_origin(headers);
        }
        if let Some((denial, location)) = self.denial {
            explain(headers, denial, Some(location));
        }
        let Some(allow_origin) = self.allow_origin else {
            return headers.remove_access_control();
        };
        headers.insert(Name::AllowOrigin, allow_origin);
        headers.set(Name::AllowCredentials, credentials(self.credentials));
        headers.set(Name::ExposeHeaders, self.expose.map(V::from_static));
    }
}

/// The reason, for the developer in front of the browser: in builds with debug assertions.
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

/// Merged by token: not twice, and `*` covers everything (RFC 9110, section 12.5.5). Into one line,
/// since what translates responses for Lambda keeps one line of a name.
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
