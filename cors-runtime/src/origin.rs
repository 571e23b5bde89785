//! Whether a policy allows the origin of a request.

use std::str;

use cors_rules::{MAX_ORIGIN_LEN, Origin};

use crate::denial::Denial;
use crate::policy::{Origins, Policy};
use crate::request::{ORIGIN, RequestView, SEC_FETCH_SITE};
use crate::request_head::RequestHead;
use crate::source::Source;

/// What `Access-Control-Allow-Origin` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AllowOrigin {
    /// `*`.
    Any,
    /// An exact entry, in the policy's own bytes.
    Listed(&'static str),
    /// The origin of the request, which has the form of one: a pattern matches it, or a source
    /// allows it.
    Requested,
}

/// Fetch, section "CORS check", from the server's side.
pub(crate) fn allow(policy: &Policy, request: &impl RequestView) -> Result<AllowOrigin, Denial> {
    let (exact, patterns, regexes, sources, asks) = match &policy.0.origins {
        Origins::Any => return Ok(AllowOrigin::Any),
        Origins::None => return Err(Denial::Disabled),
        Origins::List {
            exact,
            patterns,
            regexes,
            sources,
            asks,
        } => (exact, patterns, regexes, sources, asks),
    };
    let origin = sole_origin(request)?;
    if let Some(entry) = exact.iter().find(|entry| **entry == origin) {
        return Ok(AllowOrigin::Listed(entry));
    }
    if patterns.is_empty() && regexes.is_empty() && sources.is_empty() && asks.is_empty() {
        return Err(Denial::Origin);
    }
    // The form first: `https://evil.com/.example.com` must not get as far as `https://*.example.com`, and nothing that
    // is no origin as far as the user's code.
    let parsed = Origin::parse(origin).map_err(|_| Denial::MalformedOrigin)?;
    let matches = patterns.iter().any(|pattern| pattern.matches(&parsed))
        || regexes.iter().any(|regex| regex.matches(origin));
    if matches {
        return Ok(AllowOrigin::Requested);
    }
    match ask(sources, policy, origin, request) {
        Err(denial) if asks.is_empty() => Err(denial),
        Ok(allowed) => Ok(allowed),
        Err(_) => {
            let answer = request.answer(asks).unwrap_or(Err(Denial::NotAsked));
            answer.map(|()| AllowOrigin::Requested)
        }
    }
}

/// One after the other, until one says yes. `origin` has the form of one.
fn ask(
    sources: &[&Source],
    policy: &Policy,
    origin: &str,
    request: &impl RequestView,
) -> Result<AllowOrigin, Denial> {
    let mut denial = Denial::Origin;
    for source in sources {
        match source.ask(policy, origin, &RequestHead::new(request)) {
            Ok(true) => return Ok(AllowOrigin::Requested),
            Ok(false) => {}
            Err(failure) => denial = failure,
        }
    }
    Err(denial)
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

/// Whether a page of this very server sent the request: browsers send `Origin` there, too, with
/// every method but GET and HEAD and with the handshake of a WebSocket. What the browser says of it
/// decides (Fetch Metadata, section "Sec-Fetch-Site"; `none` is the user's own doing); browsers say
/// nothing to a server without TLS.
pub(crate) fn is_same_origin(request: &impl RequestView) -> bool {
    if request.has(SEC_FETCH_SITE) {
        let site = request.sole(SEC_FETCH_SITE);
        return matches!(site, Some(b"same-origin" | b"none"));
    }
    let origin = sole_origin(request).ok();
    let authorities = origin.and_then(|origin| {
        let (scheme, own) = origin.split_once("://")?;
        let port = default_port(scheme)?;
        let asked = request.authority()?;
        // An origin is written without it.
        Some((own.as_bytes(), asked.strip_suffix(port).unwrap_or(asked)))
    });
    authorities.is_some_and(|(own, asked)| own.eq_ignore_ascii_case(asked))
}

/// Of the schemes that a server of pages has.
fn default_port(scheme: &str) -> Option<&'static [u8]> {
    match scheme {
        "https" => Some(b":443"),
        "http" => Some(b":80"),
        _ => None,
    }
}
