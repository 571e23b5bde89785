//! Fetch, section "CORS-preflight fetch": the checks of a preflight's method and headers.

use std::str;

use cors_rules::is_token;

use super::denial::Denial;
use crate::policy::{Headers, SAFELISTED_METHODS};
use crate::request::{RequestHeader, RequestView};

/// The bounds of `Access-Control-Request-Headers` over all its lines, in bytes and in elements. No
/// browser exceeds them.
const MAX_REQUEST_HEADERS_LEN: usize = 4096;
const MAX_REQUEST_HEADERS: usize = 64;

/// The methods that a preflight allows beside the safelisted ones.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AllowMethods<'a> {
    Any,
    Names(&'a [&'static str]),
}

/// Returns the method of the actual request.
///
/// # Errors
///
/// Returns a denial if there is more than one, or if no handler can serve it.
pub(crate) fn requested_method(request: &impl RequestView) -> Result<&str, Denial> {
    let method = request.single(RequestHeader::AccessControlRequestMethod);
    str::from_utf8(method.ok_or(Denial::TwoMethods)?).map_err(|_| Denial::Method)
}

pub(super) fn check_method(
    allowed: AllowMethods<'_>,
    request: &impl RequestView,
) -> Result<(), Denial> {
    let method = requested_method(request)?;
    let is_listed = match allowed {
        AllowMethods::Any => is_token(method),
        AllowMethods::Names(names) => names.contains(&method),
    };
    // A browser sends GET, HEAD and POST even if the response does not list them.
    if is_listed || SAFELISTED_METHODS.contains(&method) {
        Ok(())
    } else {
        Err(Denial::Method)
    }
}

/// Accepts what intermediaries do to the list: several lines, white space, empty elements, another
/// order or case.
pub(super) fn check_headers(allowed: &Headers, request: &impl RequestView) -> Result<(), Denial> {
    let (mut bytes, mut elements) = (0, 0);
    for line in request.lines(RequestHeader::AccessControlRequestHeaders) {
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

/// Removes optional white space (RFC 9110, section 5.6.3).
fn trim(mut element: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = element {
        element = rest;
    }
    element
}

fn allows_header(allowed: &Headers, name: &[u8]) -> bool {
    match allowed {
        Headers::List { names, .. } => {
            // A browser sends lower case, as the list is.
            let is_same = |allowed: &&str| allowed.as_bytes() == name;
            let is_same_in_any_case = |allowed: &&str| {
                let allowed = allowed.as_bytes();
                allowed.eq_ignore_ascii_case(name)
            };
            names.iter().any(is_same) || names.iter().any(is_same_in_any_case)
        }
        // Fetch, "CORS non-wildcard request-header name".
        Headers::Any { authorization } => {
            str::from_utf8(name).is_ok_and(is_token)
                && (*authorization || !name.eq_ignore_ascii_case(b"authorization"))
        }
    }
}
