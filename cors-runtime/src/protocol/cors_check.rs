//! Fetch, section "CORS check": whether a policy allows the origin of a request.

use std::str;

use cors_rules::{MAX_ORIGIN_LEN, Origin};

use super::denial::Denial;
use super::verdict::{AllowOrigin, CorsCheck, OriginVerdict, PendingVerdict};
use crate::origins::{AsyncSourceEntry, OriginRequest, SourceEntry, SourceFailure};
use crate::policy::{OriginEntries, Origins, Policy};
use crate::request::{RequestHead, RequestHeader, RequestView};

/// Makes the CORS check. This is the only place that calls the origin sources of a policy.
pub(crate) fn cors_check(policy: &Policy, request: &impl RequestView) -> CorsCheck {
    check_with(policy, request, |source, origin| {
        let request = RequestHead::new(request);
        source.allows(origin, &request, policy.credentials(), policy.location())
    })
}

/// [`cors_check`] with a function that calls a source, or knows what it returned before.
pub(super) fn check_with<R: RequestView>(
    policy: &Policy,
    request: &R,
    call: impl FnMut(&'static SourceEntry, &str) -> Result<bool, SourceFailure>,
) -> CorsCheck {
    let (entries, origin) = match (&policy.0.origins, single_origin(request)) {
        (Origins::Any, _) => return OriginVerdict::Allowed(AllowOrigin::Any).into(),
        (_, Ok(None)) => return OriginVerdict::NotCors.into(),
        (Origins::None, _) => return OriginVerdict::Denied(Denial::Disabled).into(),
        (Origins::List(_), Err(denial)) => return OriginVerdict::Denied(denial).into(),
        (Origins::List(entries), Ok(Some(origin))) => (entries, origin),
    };
    match check_entries(entries, origin, call) {
        Ok(Allowed::Now(allow_origin)) => OriginVerdict::Allowed(allow_origin).into(),
        Ok(Allowed::Later(sources)) => {
            let request = OriginRequest::new(request);
            let verdict = check_async_sources(sources, request, policy.location());
            CorsCheck::Pending(PendingVerdict::new(verdict))
        }
        Err(denial) => OriginVerdict::Denied(denial).into(),
    }
}

/// Whether the entries of a policy allow an origin.
enum Allowed {
    Now(AllowOrigin),
    /// These sources have to decide.
    Later(&'static [&'static AsyncSourceEntry]),
}

fn check_entries(
    entries: &OriginEntries,
    origin: &str,
    call: impl FnMut(&'static SourceEntry, &str) -> Result<bool, SourceFailure>,
) -> Result<Allowed, Denial> {
    if entries.exact.contains(&origin) {
        return Ok(Allowed::Now(AllowOrigin::Requested));
    }
    if entries.are_exact() {
        return Err(Denial::Origin);
    }
    // Checked before anything matches: `https://evil.com/.example.com` ends like
    // `https://*.example.com`, and a source of the user's receives only well-formed origins.
    let parsed = Origin::parse(origin).map_err(|_| Denial::MalformedOrigin)?;
    let is_match = entries.patterns.iter().any(|it| it.matches(&parsed))
        || entries.regexes.iter().any(|it| it.matches(origin));
    if is_match {
        return Ok(Allowed::Now(AllowOrigin::Requested));
    }
    match check_sources(entries.sources, origin, call) {
        Err(_) if !entries.async_sources.is_empty() => Ok(Allowed::Later(entries.async_sources)),
        Err(denial) => Err(denial),
        Ok(()) => Ok(Allowed::Now(AllowOrigin::Requested)),
    }
}

/// Calls the sources in their order, until one allows the origin.
fn check_sources(
    sources: &[&'static SourceEntry],
    origin: &str,
    mut call: impl FnMut(&'static SourceEntry, &str) -> Result<bool, SourceFailure>,
) -> Result<(), Denial> {
    let mut denial = Denial::Origin;
    for source in sources {
        match call(source, origin) {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(failure) => denial = failure.into(),
        }
    }
    Err(denial)
}

/// Calls the sources in their order, until one allows the origin. `location` is that of the policy.
async fn check_async_sources(
    sources: &'static [&'static AsyncSourceEntry],
    request: OriginRequest,
    location: &'static str,
) -> OriginVerdict {
    let mut denial = Denial::Origin;
    for source in sources {
        match source.allows(request.clone(), location).await {
            Ok(true) => return OriginVerdict::Allowed(AllowOrigin::Requested),
            Ok(false) => {}
            Err(failure) => denial = failure.into(),
        }
    }
    OriginVerdict::Denied(denial)
}

/// Returns the value of the request's `Origin` header, if there is one.
///
/// # Errors
///
/// Returns a denial if the value cannot be the origin of a browser.
pub(super) fn single_origin(request: &impl RequestView) -> Result<Option<&str>, Denial> {
    let mut lines = request.lines(RequestHeader::Origin);
    let Some(origin) = lines.next() else {
        return Ok(None);
    };
    if lines.next().is_some() {
        return Err(Denial::TwoOrigins);
    }
    if origin.is_empty() || origin.len() > MAX_ORIGIN_LEN || !origin.is_ascii() {
        return Err(Denial::MalformedOrigin);
    }
    let origin = str::from_utf8(origin).map_err(|_| Denial::MalformedOrigin)?;
    Ok(Some(origin))
}
