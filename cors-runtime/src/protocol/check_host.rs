//! Whether a request was sent to a host of `hosts`.

use std::str;

use cors_rules::HostPattern;

use super::denial::Denial;
use crate::request::{HeaderLines, RequestHeader, RequestView};

/// Checks the host of a request: `Host` in HTTP/1, and the authority of the URI in HTTP/2 and for a
/// target in absolute form (RFC 9110, section 7.2).
///
/// Against DNS rebinding: a page of a rebound name is same-origin, and only the host shows it.
pub(super) fn check_host(
    hosts: &[HostPattern<'_>],
    request: &impl RequestView,
) -> Result<(), Denial> {
    if hosts.is_empty() {
        return Ok(());
    }
    let authority = request.uri_authority();
    let header = HeaderLines::of(request.values(RequestHeader::Host));
    let header = match header {
        HeaderLines::One(value) => str::from_utf8(value.as_ref()).map_err(|_| Denial::Host)?,
        HeaderLines::Absent => authority.ok_or(Denial::NotOneHost)?,
        HeaderLines::Several => return Err(Denial::NotOneHost),
    };
    // If a request has both, it is not known which of them the application reads.
    let is_listed = |host: &str| hosts.iter().any(|it| it.matches(host));
    if is_listed(header) && authority.is_none_or(is_listed) {
        Ok(())
    } else {
        Err(Denial::Host)
    }
}
