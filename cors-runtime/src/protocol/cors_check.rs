//! Fetch, section "CORS check": whether a policy allows the origin of a request.

use std::cell::Cell;
use std::str;

use cors_rules::{MAX_ORIGIN_LEN, Origin};

use super::denial::Denial;
use super::verdict::{AllowOrigin, CheckedOrigin, CorsCheck, OriginVerdict, PendingCheck};
use crate::origins::{AsyncSourceEntry, OriginRequest, SourceEntry, SourceFailure, SourceResults};
use crate::policy::{OriginEntries, Origins, Policy};
use crate::request::{RequestHead, RequestHeader, RequestView};

/// Makes the CORS check. This is the only place that calls the origin sources of a policy.
///
/// `results` has the results of the sources that have been called for the request before.
pub(crate) fn cors_check(
    policy: &Policy,
    request: &impl RequestView,
    mut results: SourceResults,
) -> CorsCheck {
    let verdict = match (&policy.0.origins, single_origin(request)) {
        (Origins::Any, _) => OriginVerdict::Allowed(AllowOrigin::Any),
        (_, Ok(None)) => OriginVerdict::NotCors,
        (Origins::None, _) => OriginVerdict::Denied(Denial::Disabled),
        (Origins::List(_), Err(denial)) => OriginVerdict::Denied(denial),
        (Origins::List(entries), Ok(Some(origin))) => match match_entries(entries, origin) {
            Ok(true) => OriginVerdict::Allowed(AllowOrigin::Requested),
            Ok(false) => {
                let reads_headers = Cell::new(results.reads_headers);
                let verdict = check_sources(entries.sources, |source| {
                    let request = RequestHead::new(request, &reads_headers);
                    let (credentials, location) = (policy.credentials(), policy.location());
                    source.allows(origin, &request, credentials, location, &mut results)
                });
                results.reads_headers = reads_headers.get();
                let is_denied = matches!(verdict, OriginVerdict::Denied(_));
                if is_denied && !entries.async_sources.is_empty() {
                    return pending(entries, policy.location(), request, results);
                }
                verdict
            }
            Err(denial) => OriginVerdict::Denied(denial),
        },
    };
    CorsCheck::Known(CheckedOrigin { verdict, results })
}

fn pending(
    entries: &OriginEntries,
    location: &'static str,
    request: &impl RequestView,
    results: SourceResults,
) -> CorsCheck {
    let (sources, request) = (entries.async_sources, OriginRequest::new(request));
    let checked = check_async_sources(sources, request, location, results.clone());
    CorsCheck::Pending(PendingCheck::new(results, checked))
}

/// Returns whether an entry that is not a source matches the origin.
///
/// # Errors
///
/// Returns a denial if the origin has the wrong form for every entry that is not exact.
fn match_entries(entries: &OriginEntries, origin: &str) -> Result<bool, Denial> {
    if entries.exact.contains(&origin) {
        return Ok(true);
    }
    if entries.are_exact() {
        return Ok(false);
    }
    // Checked before anything matches: `https://evil.com/.example.com` ends like
    // `https://*.example.com`, and a source of the user's receives only well-formed origins.
    let parsed = Origin::parse(origin).map_err(|_| Denial::MalformedOrigin)?;
    Ok(entries.patterns.iter().any(|it| it.matches(&parsed))
        || entries.regexes.iter().any(|it| it.matches(origin)))
}

/// Calls the sources in their order, until one allows the origin.
fn check_sources(
    sources: &[&'static SourceEntry],
    mut call: impl FnMut(&SourceEntry) -> Result<bool, SourceFailure>,
) -> OriginVerdict {
    let mut denial = Denial::Origin;
    for source in sources {
        match call(source) {
            Ok(true) => return OriginVerdict::Allowed(AllowOrigin::Requested),
            Ok(false) => {}
            Err(failure) => denial = failure.into(),
        }
    }
    OriginVerdict::Denied(denial)
}

/// Calls the sources in their order, until one allows the origin. `location` is that of the policy.
async fn check_async_sources(
    sources: &'static [&'static AsyncSourceEntry],
    request: OriginRequest,
    location: &'static str,
    mut results: SourceResults,
) -> CheckedOrigin {
    let mut verdict = OriginVerdict::Denied(Denial::Origin);
    for source in sources {
        match source.allows(&request, location, &mut results).await {
            Ok(true) => {
                verdict = OriginVerdict::Allowed(AllowOrigin::Requested);
                break;
            }
            Ok(false) => {}
            Err(failure) => verdict = OriginVerdict::Denied(failure.into()),
        }
    }
    CheckedOrigin { verdict, results }
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
