//! The CORS protocol of the Fetch standard, as pure functions over a policy and a view of the
//! request.

use std::str;

use cors_rules::is_token;

use crate::denial::Denial;
use crate::origin::{self, AllowOrigin};
use crate::policy::{Headers, Methods, Policy, SAFELISTED_METHODS};
use crate::request::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, RequestView};

/// All lines of `Access-Control-Request-Headers` together, in bytes and in elements: what is beyond
/// is no browser's.
const MAX_REQUEST_HEADERS_LEN: usize = 4096;
const MAX_REQUEST_HEADERS: usize = 64;

/// The methods that a preflight allows beyond the safelisted ones.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AllowMethods<'a> {
    Any,
    Names(&'a [&'static str]),
}

impl AllowMethods<'static> {
    /// Of a policy that no registration names methods for, and the value of
    /// `Access-Control-Allow-Methods`: the safelisted ones, or what the policy lists.
    pub(crate) fn of(policy: &Policy) -> (Self, &'static str) {
        match policy.0.methods {
            Methods::Default => (Self::Names(&SAFELISTED_METHODS), "GET, HEAD, POST"),
            Methods::Any => (Self::Any, "*"),
            Methods::List { names, joined } => (Self::Names(names), joined),
        }
    }
}

/// Fetch, section "CORS-preflight fetch", from the server's side: origin, then method, then
/// headers.
pub(crate) fn preflight(
    policy: &Policy,
    methods: AllowMethods<'_>,
    request: &impl RequestView,
) -> Result<AllowOrigin, Denial> {
    let origin = origin::allow(policy, request)?;
    check_method(methods, request)?;
    check_headers(&policy.0.headers, request)?;
    Ok(origin)
}

/// The method that a preflight asks for. `None` where it asks for two.
pub(crate) fn requested_method(request: &impl RequestView) -> Option<&[u8]> {
    request.sole(ACCESS_CONTROL_REQUEST_METHOD)
}

/// The same as a name, by which the handler of the actual request is looked up.
///
/// # Errors
///
/// The reason to refuse it, whoever serves the path.
#[cfg(any(feature = "actix-web", feature = "axum"))]
pub(crate) fn requested_name(request: &impl RequestView) -> Result<&str, Denial> {
    let method = requested_method(request).ok_or(Denial::TwoMethods)?;
    str::from_utf8(method).map_err(|_| Denial::NotServed)
}

fn check_method(allowed: AllowMethods<'_>, request: &impl RequestView) -> Result<(), Denial> {
    let method = requested_method(request).ok_or(Denial::TwoMethods)?;
    let is = |name: &&str| name.as_bytes() == method;
    let listed = match allowed {
        AllowMethods::Any => str::from_utf8(method).is_ok_and(is_token),
        AllowMethods::Names(names) => names.iter().any(is),
    };
    // A browser sends GET, HEAD and POST whatever the answer lists.
    if listed || SAFELISTED_METHODS.iter().any(is) {
        Ok(())
    } else {
        Err(Denial::Method)
    }
}

/// Tolerates what intermediaries do to the list: several lines, white space, empty elements,
/// another order or case.
fn check_headers(allowed: &Headers, request: &impl RequestView) -> Result<(), Denial> {
    let (mut bytes, mut elements) = (0, 0);
    for line in request.lines(ACCESS_CONTROL_REQUEST_HEADERS) {
        bytes += line.len();
        if bytes > MAX_REQUEST_HEADERS_LEN {
            return Err(Denial::TooManyHeaders);
        }
        for element in line.split(|&byte| byte == b',') {
            elements += 1;
            if elements > MAX_REQUEST_HEADERS {
                return Err(Denial::TooManyHeaders);
            }
            let name = trim(element);
            if !name.is_empty() && !allows_header(allowed, name) {
                return Err(Denial::Header);
            }
        }
    }
    Ok(())
}

/// Without optional white space (RFC 9110, section 5.6.3).
fn trim(mut element: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = element {
        element = rest;
    }
    element
}

fn allows_header(allowed: &Headers, name: &[u8]) -> bool {
    match allowed {
        Headers::List { names, .. } => names
            .iter()
            .any(|allowed| allowed.as_bytes().eq_ignore_ascii_case(name)),
        // Fetch, "CORS non-wildcard request-header name".
        Headers::Any { authorization } => {
            str::from_utf8(name).is_ok_and(is_token)
                && (*authorization || !name.eq_ignore_ascii_case(b"authorization"))
        }
    }
}
