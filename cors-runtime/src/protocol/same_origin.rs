//! Checks whether a page of the server itself sent a request.

use super::cors_check::origin_str;
use crate::request::{RequestHeader, RequestView};

/// Returns whether the request is same-origin. Browsers also send `Origin` in same-origin requests,
/// with every method but GET and HEAD, and in the handshake of a WebSocket.
///
/// `Sec-Fetch-Site` decides if the browser sends the header (Fetch Metadata, section
/// "Sec-Fetch-Site"; the value is `none` if the user navigates). Browsers do not send the header to
/// a server without TLS. In that case, the origin is compared with the host of the request.
pub(super) fn is_same_origin(request: &impl RequestView) -> bool {
    if request.has(RequestHeader::SecFetchSite) {
        let site = request.single(RequestHeader::SecFetchSite);
        return matches!(site, Some(b"same-origin" | b"none"));
    }
    is_own_authority(request).unwrap_or(false)
}

fn is_own_authority(request: &impl RequestView) -> Option<bool> {
    let origin = request.origin().value()?;
    let (scheme, authority) = origin_str(origin).ok()?.split_once("://")?;
    let port = default_port(scheme)?;
    let requested = request.authority()?;
    // An origin omits the default port.
    let requested = requested.strip_suffix(port).unwrap_or(requested);
    Some(authority.as_bytes().eq_ignore_ascii_case(requested))
}

/// Returns the default port of the schemes that a server can have.
fn default_port(scheme: &str) -> Option<&'static [u8]> {
    match scheme {
        "https" => Some(b":443"),
        "http" => Some(b":80"),
        _ => None,
    }
}
