//! Whether a policy allows the origin of a request.

use std::str;

use cors_policy::{MAX_ORIGIN_LEN, Origin};

use crate::denial::Denial;
use crate::policy::{Origins, Policy};
use crate::request::{ORIGIN, RequestView};

/// What `Access-Control-Allow-Origin` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AllowOrigin {
    /// `*`.
    Any,
    /// An exact entry, in the policy's own bytes.
    Listed(&'static str),
    /// The origin of the request, which matches a pattern and so has the form of an origin.
    Requested,
}

/// Fetch, section "CORS check", from the server's side.
pub(crate) fn allow(policy: &Policy, request: &impl RequestView) -> Result<AllowOrigin, Denial> {
    let Origins::List {
        exact,
        patterns,
        regexes,
    } = &policy.0.origins
    else {
        return Ok(AllowOrigin::Any);
    };
    let origin = sole_origin(request)?;
    if let Some(entry) = exact.iter().find(|entry| **entry == origin) {
        return Ok(AllowOrigin::Listed(entry));
    }
    if patterns.is_empty() && regexes.is_empty() {
        return Err(Denial::Origin);
    }
    // The form first: `https://evil.com/.example.com` must not get as far as `https://*.example.com`.
    let parsed = Origin::parse(origin).map_err(|_| Denial::MalformedOrigin)?;
    let matches = patterns.iter().any(|pattern| pattern.matches(&parsed))
        || regexes.iter().any(|regex| regex.matches(origin));
    if matches {
        Ok(AllowOrigin::Requested)
    } else {
        Err(Denial::Origin)
    }
}

fn sole_origin(request: &impl RequestView) -> Result<&str, Denial> {
    let mut lines = request.lines(ORIGIN);
    let origin = lines.next().ok_or(Denial::Origin)?;
    if lines.next().is_some() {
        return Err(Denial::TwoOrigins);
    }
    if origin.is_empty() || origin.len() > MAX_ORIGIN_LEN || !origin.is_ascii() {
        return Err(Denial::MalformedOrigin);
    }
    str::from_utf8(origin).map_err(|_| Denial::MalformedOrigin)
}
