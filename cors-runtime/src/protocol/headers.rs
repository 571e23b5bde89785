//! The response headers of the protocol.

use super::denial::Denial;
use super::header_map::{Constant, ResponseHeader, ResponseHeaders, Value};
use crate::policy::Policy;

/// Returns the headers of an allowed preflight, with placeholders for the values that repeat those
/// of the request. `methods` and `max_age` depend on where the policy is mounted.
pub(crate) fn preflight_headers<H: ResponseHeaders>(
    policy: &Policy,
    methods: Option<H::Value>,
    max_age: Option<&'static str>,
) -> H {
    let mut headers = H::default();
    let allow_headers = policy.allow_headers().filter(|_| !policy.repeats_headers());
    let all = [
        (ResponseHeader::Vary, Some(Constant::VaryPreflight.value())),
        (ResponseHeader::AllowOrigin, Some(Constant::Any.value())),
        (ResponseHeader::AllowCredentials, credentials(policy)),
        (ResponseHeader::AllowMethods, methods),
        (ResponseHeader::AllowHeaders, value(allow_headers)),
        (ResponseHeader::MaxAge, value(max_age)),
    ];
    for (name, value) in all {
        if let Some(value) = value {
            headers.insert(name, value);
        }
    }
    headers
}

/// A policy with the values of its response headers, which are the same for every request.
#[derive(Clone, Debug)]
pub(crate) struct PreparedPolicy<V: 'static> {
    pub(crate) policy: &'static Policy,
    /// A reference, because the headers of a response are moved several times.
    expose: Option<&'static V>,
}

impl<V: Value> PreparedPolicy<V> {
    pub(crate) fn new(policy: &'static Policy) -> Self {
        let expose = policy.0.expose.map(V::kept);
        Self { policy, expose }
    }
}

/// A response without a body that this crate creates. No handler runs.
#[derive(Debug)]
pub(crate) enum CorsResponse<H> {
    /// 204, with these headers.
    PreflightAllowed(H),
    Refused(Refusal),
}

/// A 403 without any `Access-Control-*` header, to a preflight or to an actual request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refusal {
    pub(super) vary: Constant,
    pub(super) denial: Denial,
    pub(super) location: Option<&'static str>,
}

impl<H: ResponseHeaders> CorsResponse<H> {
    /// Returns whether the status is 204; otherwise it is 403.
    pub(crate) fn is_allowed(&self) -> bool {
        matches!(self, Self::PreflightAllowed(_))
    }

    /// Returns the headers of the response.
    pub(crate) fn into_headers(self) -> H {
        match self {
            Self::PreflightAllowed(headers) => headers,
            Self::Refused(refusal) => refusal.to_headers(),
        }
    }
}

impl Refusal {
    /// Returns the headers of the response.
    pub(crate) fn to_headers<H: ResponseHeaders>(self) -> H {
        let mut headers = H::default();
        headers.insert(ResponseHeader::Vary, self.vary.value());
        explain(&mut headers, self.denial, self.location);
        headers
    }
}

/// The CORS headers of a response to an actual request, or to a request without `Origin`.
#[derive(Clone, Debug)]
pub(crate) struct ActualHeaders<V: 'static> {
    pub(super) policy: &'static Policy,
    expose: Option<&'static V>,
    pub(super) allow_origin: Option<V>,
    /// The reason why the origin is not allowed.
    pub(super) denial: Option<Denial>,
    /// Whether another origin could have received another response.
    pub(super) vary: bool,
}

impl<V: Value> ActualHeaders<V> {
    /// `allow_origin` is `None` for a request without `Origin`.
    #[inline]
    pub(super) fn new(
        prepared: &PreparedPolicy<V>,
        allow_origin: Result<Option<V>, Denial>,
    ) -> Self {
        let PreparedPolicy { policy, expose } = prepared;
        let (allow_origin, denial) = match allow_origin {
            Ok(allow_origin) => (allow_origin, None),
            Err(denial) => (None, Some(denial)),
        };
        Self {
            policy,
            expose: *expose,
            allow_origin,
            denial,
            vary: policy.varies(),
        }
    }

    /// Returns the value of `Access-Control-Allow-Origin`.
    #[cfg(feature = "actix-web")]
    pub(crate) fn allow_origin(&self) -> Option<&V> {
        self.allow_origin.as_ref()
    }

    /// Returns whether the response has `Access-Control-Allow-Credentials`.
    #[cfg(feature = "actix-web")]
    pub(crate) fn allow_credentials(&self) -> bool {
        self.allow_origin.is_some() && self.policy.credentials()
    }

    /// Replaces the CORS headers of the handler. A second call does not change the result.
    #[inline(always)]
    pub(crate) fn apply(self, headers: &mut impl ResponseHeaders<Value = V>) {
        if self.vary {
            vary_by_origin(headers);
        }
        if let Some(denial) = self.denial {
            explain(headers, denial, Some(self.policy.location()));
        }
        let Some(allow_origin) = self.allow_origin else {
            return headers.remove_access_control();
        };
        headers.insert(ResponseHeader::AllowOrigin, allow_origin);
        headers.set(ResponseHeader::AllowCredentials, credentials(self.policy));
        headers.set(ResponseHeader::ExposeHeaders, self.expose.cloned());
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
        headers.insert(ResponseHeader::Denied, reason);
    }
}

fn credentials<V: Value>(policy: &Policy) -> Option<V> {
    let credentials = policy.credentials();
    credentials.then(|| Constant::True.value())
}

fn value<V: Value>(value: Option<&'static str>) -> Option<V> {
    value.map(V::from_static)
}

/// Adds `Origin` to `Vary`.
#[inline]
fn vary_by_origin<V: Value>(headers: &mut impl ResponseHeaders<Value = V>) {
    if !headers.insert_new(ResponseHeader::Vary, Constant::VaryOrigin.value()) {
        merge_vary(headers);
    }
}

/// Adds `Origin` to the `Vary` of a handler, unless a token covers it; `*` covers every token (RFC
/// 9110, section 12.5.5). The result is one line, because adapters for Lambda keep only one line of
/// a header.
fn merge_vary<V: Value>(headers: &mut impl ResponseHeaders<Value = V>) {
    let covers = |token: &[u8]| {
        let token = token.trim_ascii();
        token == b"*" || token.eq_ignore_ascii_case(b"Origin")
    };
    let mut lines: Vec<&[u8]> = headers.lines(ResponseHeader::Vary).collect();
    let mut tokens = lines
        .iter()
        .flat_map(|line| line.split(|&byte| byte == b','));
    if tokens.any(covers) {
        return;
    }
    lines.push(b"Origin");
    if let Some(merged) = V::from_bytes(&lines.join(&b", "[..])) {
        headers.insert(ResponseHeader::Vary, merged);
    }
}
