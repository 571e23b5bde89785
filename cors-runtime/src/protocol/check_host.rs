//! Checks that a request was sent to a host in `hosts`.

use std::str;

use cors_rules::HostPattern;

use super::denial::Denial;
use crate::request::{HeaderLines, RequestHeader, RequestView};

/// Checks the host of a request: `Host` in HTTP/1, and the authority of the URI in HTTP/2 and for a
/// target in absolute form (RFC 9110, section 7.2).
///
/// The check prevents DNS rebinding. A page of a rebound name is same-origin, so only the host
/// reveals the attack.
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
    // If a request has both, the application may read either of them.
    let is_listed = |host: &str| hosts.iter().any(|it| it.matches(host));
    if is_listed(header) && authority.is_none_or(is_listed) {
        Ok(())
    } else {
        Err(Denial::Host)
    }
}
