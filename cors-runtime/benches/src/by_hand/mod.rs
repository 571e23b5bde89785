//! Hand-written CORS: the code that a developer could write for one policy.
//!
//! With `STRICT`, it also does the following, as cors-runtime does:
//!
//! - Two `Origin` lines, and an origin of more than 512 bytes, are refused.
//! - `Vary` is merged with the handler's own.
//! - The handler's own `Access-Control-*` headers are replaced or removed.
//! - `Access-Control-Request-Headers` has at most 4096 bytes and 64 names.

mod actix_web;
mod layer;
pub(crate) mod origins;

use std::sync::LazyLock;

use http::HeaderValue;

pub(crate) use actix_web::Middleware;
pub(crate) use layer::Layer;

pub(crate) struct Policy {
    pub(crate) credentials: bool,
    /// Whether the response depends on the origin.
    pub(crate) varies: bool,
    /// The names that a preflight allows.
    pub(crate) names: &'static [&'static str],
    /// The names that a preflight allows, as the value of the header.
    pub(crate) allow_headers: HeaderValue,
    /// The methods that need a preflight, as the value of the header.
    pub(crate) allow_methods: HeaderValue,
}

const NAMES: &[&str] = &["content-type", "x-csrf-token"];
const ALLOW_HEADERS: HeaderValue = HeaderValue::from_static("content-type, x-csrf-token");
const ALLOW_METHODS: HeaderValue = HeaderValue::from_static("PUT, DELETE");

const fn policy(credentials: bool, varies: bool, allow_methods: HeaderValue) -> Policy {
    Policy {
        credentials,
        varies,
        names: NAMES,
        allow_headers: ALLOW_HEADERS,
        allow_methods,
    }
}

/// The policy with three origins and credentials.
pub(crate) static EXACT: Policy = policy(true, true, ALLOW_METHODS);

/// [`EXACT`] for a handler that serves PUT and not DELETE.
pub(crate) static MOUNTED: Policy = policy(true, true, HeaderValue::from_static("PUT"));

pub(crate) static ANY: Policy = policy(false, false, ALLOW_METHODS);

pub(crate) static WITHOUT_CREDENTIALS: Policy = policy(false, true, ALLOW_METHODS);

/// [`EXACT`] with 64 names.
pub(crate) static MANY_NAMES: LazyLock<Policy> = LazyLock::new(|| Policy {
    names: &crate::tower::NAMES,
    allow_headers: HeaderValue::try_from(crate::tower::NAMES.join(", ")).expect("a value"),
    ..policy(true, true, ALLOW_METHODS)
});

/// Represents `STRICT` in the types of futures, because `pin_project` does not accept constants.
pub(crate) struct Rules<const STRICT: bool>;

fn method_is_allowed(method: &[u8]) -> bool {
    matches!(method, b"GET" | b"HEAD" | b"POST" | b"PUT" | b"DELETE")
}

fn names_are_allowed<'a, const STRICT: bool>(
    names: &[&str],
    lines: impl Iterator<Item = &'a [u8]>,
) -> bool {
    let (mut bytes, mut elements) = (0, 0);
    for line in lines {
        bytes += line.len();
        if STRICT && bytes > 4096 {
            return false;
        }
        for name in line.split(|&byte| byte == b',') {
            elements += 1;
            if (STRICT && elements > 64) || !name_is_allowed(names, name) {
                return false;
            }
        }
    }
    true
}

#[inline]
fn name_is_allowed(names: &[&str], name: &[u8]) -> bool {
    // Browsers send the names in this form.
    if names.iter().any(|it| it.as_bytes() == name) {
        return true;
    }
    let name = name.trim_ascii();
    name.is_empty()
        || names
            .iter()
            .any(|it| it.as_bytes().eq_ignore_ascii_case(name))
}

/// Returns whether a line of `Vary` covers `Origin`.
fn covers_origin(line: &[u8]) -> bool {
    line.split(|&byte| byte == b',').any(|token| {
        let token = token.trim_ascii();
        token == b"*" || token.eq_ignore_ascii_case(b"origin")
    })
}
