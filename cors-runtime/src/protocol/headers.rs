//! The response headers of the protocol.

use super::denial::Denial;
use super::header_map::{Constant, ResponseHeader, ResponseHeaders, Value};
use crate::policy::Policy;

/// The headers of an allowed preflight that are the same for every request.
#[derive(Clone, Debug)]
pub(crate) struct PreflightHeaders<V>(Vec<(ResponseHeader, V)>);

impl<V: Value> PreflightHeaders<V> {
    /// Creates the headers of a policy. `methods` and `max_age` depend on where it is mounted.
    pub(crate) fn new(policy: &Policy, methods: Option<V>, max_age: Option<&'static str>) -> Self {
        let headers = policy.allow_headers().map(V::from_static);
        let all = [
            (ResponseHeader::AllowCredentials, credentials(policy)),
            (ResponseHeader::AllowMethods, methods),
            (ResponseHeader::AllowHeaders, headers),
            (ResponseHeader::MaxAge, max_age.map(V::from_static)),
        ];
        let all = all.into_iter();
        Self(
            all.filter_map(|(name, value)| Some((name, value?)))
                .collect(),
        )
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
                headers.insert(ResponseHeader::Vary, V::constant(Constant::VaryPreflight));
                headers.insert(ResponseHeader::AllowOrigin, allow_origin);
                for (name, value) in &prepared.0 {
                    headers.insert(*name, value.clone());
                }
            }
            Self::PreflightRefused { denial, location } => {
                headers.insert(ResponseHeader::Vary, V::constant(Constant::VaryPreflight));
                explain(headers, denial, location);
            }
            Self::RequestRefused { denial, location } => {
                headers.insert(ResponseHeader::Vary, V::constant(Constant::VaryRefused));
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
        headers.insert(ResponseHeader::AllowOrigin, allow_origin);
        headers.set(ResponseHeader::AllowCredentials, credentials(policy));
        headers.set(
            ResponseHeader::ExposeHeaders,
            policy.0.expose.map(V::from_static),
        );
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
    credentials.then(|| V::constant(Constant::True))
}

/// Adds `Origin` to `Vary`, unless a token covers it; `*` covers every token (RFC 9110, section
/// 12.5.5). The result is one line, because adapters for Lambda keep only one line of a header.
fn vary_by_origin<V: Value>(headers: &mut impl ResponseHeaders<Value = V>) {
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
    let merged = if lines.is_empty() {
        Some(V::constant(Constant::VaryOrigin))
    } else {
        lines.push(b"Origin");
        V::from_bytes(&lines.join(&b", "[..]))
    };
    if let Some(merged) = merged {
        headers.insert(ResponseHeader::Vary, merged);
    }
}
