//! Fetch, section "CORS check": whether a policy allows the origin of a request.

use std::cell::Cell;

use cors_rules::{MAX_ORIGIN_LEN, Origin, OriginError, str_set};

use super::check_host::check_host;
use super::denial::Denial;
use super::verdict::{AllowOrigin, CheckedOrigin, CorsCheck, OriginVerdict, PendingCheck};
use crate::origins::{AsyncSourceEntry, OriginRequest, SourceEntry, SourceFailure, SourceResults};
use crate::policy::{OriginEntries, Origins, Policy};
use crate::request::{HeaderLines, RequestHead, RequestValue, RequestView};

/// Makes the CORS check. This is the only place that calls the origin sources of a policy.
///
/// `results` contains the results of the sources that have been called for the request before. The
/// check adds those that it calls, except for the results of an `ask(..)`, which the pending check
/// returns together with the others.
#[inline(always)]
pub(crate) fn cors_check(
    policy: &Policy,
    request: &impl RequestView,
    results: &mut SourceResults,
) -> CorsCheck {
    if let Err(denial) = check_host(policy.0.hosts, request) {
        return CorsCheck::Known(OriginVerdict::Denied(denial));
    }
    let verdict = match (&policy.0.origins, request.origin()) {
        (Origins::Any, _) => OriginVerdict::Allowed(AllowOrigin::Any),
        (_, HeaderLines::Absent) => OriginVerdict::NotCors,
        (Origins::None, _) => OriginVerdict::Denied(Denial::Disabled),
        (Origins::List(_), HeaderLines::Several) => OriginVerdict::Denied(Denial::TwoOrigins),
        (Origins::List(entries), HeaderLines::One(origin)) => {
            if str_set::contains(entries.exact, origin.as_ref()) {
                OriginVerdict::Allowed(AllowOrigin::Requested)
            } else if entries.are_exact() {
                OriginVerdict::Denied(not_exact(origin.as_ref()))
            } else {
                return match_entries(policy, entries, origin, request, results);
            }
        }
    };
    CorsCheck::Known(verdict)
}

/// Returns the reason why an origin that equals no entry is denied.
fn not_exact(origin: &[u8]) -> Denial {
    match origin {
        b"null" => Denial::NullOrigin,
        _ if may_be_origin(origin) => Denial::Origin,
        _ => Denial::MalformedOrigin,
    }
}

/// Makes the check for an origin that equals no entry.
fn match_entries(
    policy: &Policy,
    entries: &OriginEntries,
    origin: &impl RequestValue,
    request: &impl RequestView,
    results: &mut SourceResults,
) -> CorsCheck {
    let verdict = match matches(entries, origin) {
        Ok((_, true)) => OriginVerdict::Allowed(AllowOrigin::Requested),
        Ok((origin, false)) => {
            let reads_headers = Cell::new(results.reads_headers);
            let verdict = check_sources(entries.sources, |source| {
                let request = RequestHead::new(request, &reads_headers);
                source.allows(origin, &request, policy.entry_policy(), results)
            });
            results.reads_headers = reads_headers.get();
            let is_denied = matches!(verdict, OriginVerdict::Denied(_));
            if is_denied && !entries.async_sources.is_empty() {
                return pending(entries, policy.location(), request, results.clone());
            }
            verdict
        }
        Err(denial) => OriginVerdict::Denied(denial),
    };
    CorsCheck::Known(verdict)
}

fn pending(
    entries: &OriginEntries,
    location: &'static str,
    request: &impl RequestView,
    results: SourceResults,
) -> CorsCheck {
    let (sources, request) = (entries.async_sources, OriginRequest::new(request));
    let checked = check_async_sources(sources, request, location, results);
    CorsCheck::Pending(PendingCheck::new(checked))
}

/// Returns whether a pattern or a regex matches the origin.
///
/// # Errors
///
/// Returns a denial if the origin is malformed.
fn matches<'a>(
    entries: &OriginEntries,
    origin: &'a impl RequestValue,
) -> Result<(&'a str, bool), Denial> {
    let origin = origin_str(origin)?;
    // Parses first, because `https://evil.com/.example.com` ends like `https://*.example.com`, and
    // because the user's sources receive only well-formed origins.
    let parsed = Origin::parse(origin).map_err(|error| match error {
        OriginError::Null => Denial::NullOrigin,
        _ => Denial::MalformedOrigin,
    })?;
    let matches = entries.patterns.iter().any(|it| it.matches(&parsed))
        || entries.regexes.iter().any(|it| it.matches(origin));
    Ok((origin, matches))
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

/// Calls the sources in their order, until one allows the origin. `location` is the location of the
/// policy.
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

/// # Errors
///
/// Returns a denial if the value cannot be the origin of a browser.
pub(super) fn origin_str(origin: &impl RequestValue) -> Result<&str, Denial> {
    let is_origin = may_be_origin(origin.as_ref());
    let origin = origin.to_str().filter(|_| is_origin);
    origin.ok_or(Denial::MalformedOrigin)
}

fn may_be_origin(origin: &[u8]) -> bool {
    !origin.is_empty() && origin.len() <= MAX_ORIGIN_LEN && origin.is_ascii()
}
