//! Fetch, section "CORS-preflight fetch": the checks of a preflight's method and headers.

use std::str;

use cors_rules::is_token;

use super::denial::Denial;
use super::header_list::{elements, trim};
use super::header_map::Value;
use super::header_names::HeaderNames;
use crate::policy::{Headers, SAFELISTED_METHODS};
use crate::request::{RequestHeader, RequestValue as _, RequestView};

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

/// The headers that a preflight allows.
#[derive(Clone, Debug)]
pub(crate) enum AllowHeaders {
    Any { authorization: bool },
    Names(HeaderNames),
}

impl From<&Headers> for AllowHeaders {
    fn from(headers: &Headers) -> Self {
        match *headers {
            Headers::Any { authorization } => Self::Any { authorization },
            Headers::List { names, .. } => Self::Names(HeaderNames::new(names)),
        }
    }
}

/// Returns the method of the actual request.
///
/// # Errors
///
/// Returns a denial if the header has several values, or if no handler can serve the method.
#[cfg(any(feature = "actix-web", feature = "axum", feature = "tower"))]
pub(crate) fn requested_method(request: &impl RequestView) -> Result<&str, Denial> {
    let method = single_method(request)?;
    // `to_str` takes fewer instructions, but only ASCII.
    let utf8 = || str::from_utf8(method.as_ref()).ok();
    method.to_str().or_else(utf8).ok_or(Denial::Method)
}

fn single_method<R: RequestView>(request: &R) -> Result<&R::Value, Denial> {
    request.requested_method().value().ok_or(Denial::TwoMethods)
}

pub(super) fn check_method(
    allowed: AllowMethods<'_>,
    request: &impl RequestView,
) -> Result<(), Denial> {
    let method = single_method(request)?;
    let is_in = |names: &[&str]| names.iter().any(|name| name.as_bytes() == method.as_ref());
    let is_listed = match allowed {
        AllowMethods::Any => method.to_str().is_some_and(is_token),
        AllowMethods::Names(names) => is_in(names),
    };
    // A browser sends GET, HEAD and POST even if the response does not list them.
    if is_listed || is_in(&SAFELISTED_METHODS) {
        return Ok(());
    }
    let is_safelisted = |name| SAFELISTED_METHODS.contains(name);
    Err(match allowed {
        AllowMethods::Names(names) if names.iter().all(is_safelisted) => Denial::NotSafelisted,
        _ => Denial::Method,
    })
}

/// Checks the requested headers. Accepts the changes that intermediaries make to the list: several
/// lines, white space, empty elements, another order or case.
pub(super) fn check_headers(
    allowed: &AllowHeaders,
    request: &impl RequestView,
) -> Result<(), Denial> {
    let (mut bytes, mut count) = (0, 0);
    for line in request.lines(RequestHeader::AccessControlRequestHeaders) {
        bytes += line.len();
        if bytes > MAX_REQUEST_HEADERS_LEN {
            return Err(Denial::TooManyHeaders);
        }
        // Most preflights request one header.
        if is_plain(allowed, line) {
            add_element(&mut count)?;
            continue;
        }
        for element in elements(line) {
            add_element(&mut count)?;
            if !is_plain(allowed, element) {
                check_element(allowed, element)?;
            }
        }
    }
    Ok(())
}

fn add_element(count: &mut usize) -> Result<(), Denial> {
    *count += 1;
    if *count <= MAX_REQUEST_HEADERS {
        Ok(())
    } else {
        Err(Denial::TooManyHeaders)
    }
}

/// Returns whether an element is allowed as it is: it is empty, or a name of the policy in the form
/// in which browsers send names, in lower case and without white space.
#[inline]
fn is_plain(allowed: &AllowHeaders, element: &[u8]) -> bool {
    let is_name = || matches!(allowed, AllowHeaders::Names(names) if names.contains(element));
    element.is_empty() || is_name()
}

fn check_element(allowed: &AllowHeaders, element: &[u8]) -> Result<(), Denial> {
    let name = trim(element);
    let is_allowed = match allowed {
        _ if name.is_empty() => true,
        AllowHeaders::Names(names) => names.contains_in_any_case(name),
        // Fetch, "CORS non-wildcard request-header name".
        AllowHeaders::Any {
            authorization: false,
        } if name.eq_ignore_ascii_case(b"authorization") => return Err(Denial::Authorization),
        AllowHeaders::Any { .. } => str::from_utf8(name).is_ok_and(is_token),
    };
    if is_allowed {
        Ok(())
    } else {
        Err(Denial::Header)
    }
}

/// Returns the requested header names, which have been checked, as one value. Returns `None`
/// without names.
pub(super) fn requested_headers<R: RequestView<Value: Value>>(request: &R) -> Option<R::Value> {
    let has_name = |line: &&R::Value| elements((*line).as_ref()).any(|it| !trim(it).is_empty());
    let lines = request.values(RequestHeader::AccessControlRequestHeaders);
    let mut lines = lines.filter(has_name);
    let first = lines.next()?;
    let mut all = vec![first.as_ref()];
    all.extend(lines.map(AsRef::as_ref));
    if all.len() == 1 {
        return Some(first.clone());
    }
    R::Value::from_bytes(&all.join(&b", "[..]))
}
