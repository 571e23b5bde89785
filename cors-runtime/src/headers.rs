//! The response headers of the protocol, over the header map of `http` 1.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::denial::Denial;
use crate::policy::Policy;

/// On every answer to a preflight, refused or not: some caches can be told to keep even these.
const PREFLIGHT_VARY: &str =
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

const ORIGIN: &str = "Origin";

/// The part of a preflight's answer that is the same for everybody: one answer serves every method and header.
#[derive(Clone, Debug)]
pub(crate) struct Advertised {
    pub(crate) methods: Option<HeaderValue>,
    pub(crate) headers: Option<HeaderValue>,
    pub(crate) max_age: Option<HeaderValue>,
}

/// What becomes of the headers of a response to anything but a preflight.
#[derive(Debug)]
pub(crate) struct Actual {
    pub(crate) policy: &'static Policy,
    /// `None`: the origin is not allowed, or there is none.
    pub(crate) allow_origin: Option<HeaderValue>,
    /// Whether another origin could have got another answer.
    pub(crate) vary: bool,
    /// Why an origin that is there is not allowed.
    pub(crate) denial: Option<Denial>,
}

pub(crate) fn refuse_preflight(headers: &mut HeaderMap, denial: Denial, policy: Option<&Policy>) {
    headers.insert(VARY, HeaderValue::from_static(PREFLIGHT_VARY));
    explain(headers, denial, policy);
}

/// The reason, for the developer in front of the browser: in builds with debug assertions.
fn explain(headers: &mut HeaderMap, denial: Denial, policy: Option<&Policy>) {
    if cfg!(debug_assertions)
        && let Ok(reason) = HeaderValue::try_from(denial.explain(policy))
    {
        headers.insert("cors-denied", reason);
    }
}

pub(crate) fn allow_preflight(
    headers: &mut HeaderMap,
    policy: &Policy,
    allow_origin: HeaderValue,
    advertised: &Advertised,
) {
    headers.insert(VARY, HeaderValue::from_static(PREFLIGHT_VARY));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allow_origin);
    set(
        headers,
        ACCESS_CONTROL_ALLOW_CREDENTIALS,
        credentials(policy),
    );
    set(
        headers,
        ACCESS_CONTROL_ALLOW_METHODS,
        advertised.methods.clone(),
    );
    set(
        headers,
        ACCESS_CONTROL_ALLOW_HEADERS,
        advertised.headers.clone(),
    );
    set(headers, ACCESS_CONTROL_MAX_AGE, advertised.max_age.clone());
}

impl Actual {
    /// Replaces what the handler may have set itself; only the policy speaks.
    pub(crate) fn apply(self, headers: &mut HeaderMap) {
        let Self {
            policy,
            allow_origin,
            vary,
            denial,
        } = self;
        if vary {
            vary_by_origin(headers);
        }
        if let Some(denial) = denial {
            explain(headers, denial, Some(policy));
        }
        let Some(allow_origin) = allow_origin else {
            return remove_access_control(headers);
        };
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allow_origin);
        set(
            headers,
            ACCESS_CONTROL_ALLOW_CREDENTIALS,
            credentials(policy),
        );
        let expose = policy.0.expose.map(HeaderValue::from_static);
        set(headers, ACCESS_CONTROL_EXPOSE_HEADERS, expose);
    }
}

fn credentials(policy: &Policy) -> Option<HeaderValue> {
    policy
        .0
        .credentials
        .then(|| HeaderValue::from_static("true"))
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: Option<HeaderValue>) {
    match value {
        Some(value) => headers.insert(name, value),
        None => headers.remove(name),
    };
}

fn remove_access_control(headers: &mut HeaderMap) {
    let is_ours = |name: &&HeaderName| name.as_str().starts_with("access-control-");
    // Allocates only where the handler did set one.
    let names: Vec<HeaderName> = headers.keys().filter(is_ours).cloned().collect();
    for name in names {
        headers.remove(name);
    }
}

/// Merged by token: not twice, and `*` covers everything (RFC 9110, section 12.5.5).
fn vary_by_origin(headers: &mut HeaderMap) {
    let lines = headers.get_all(VARY).iter();
    let mut tokens = lines.flat_map(|line| line.as_bytes().split(|&byte| byte == b','));
    let covers = |token: &[u8]| {
        let token = token.trim_ascii();
        token == b"*" || token.eq_ignore_ascii_case(ORIGIN.as_bytes())
    };
    if !tokens.any(covers) {
        headers.append(VARY, HeaderValue::from_static(ORIGIN));
    }
}
