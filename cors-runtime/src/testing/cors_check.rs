//! The CORS check, and the check of `Cross-Origin-Resource-Policy`.

use super::headers::{HeaderList, decode};
use super::origin::Origin;
use super::reason::Reason;
use super::request::Request;

/// The [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check), for an origin that is
/// already serialized.
pub(super) fn cors_check(
    origin: &str,
    is_include: bool,
    response: &HeaderList,
) -> Result<(), Reason> {
    let Some(allowed) = response.get("access-control-allow-origin") else {
        return Err(Reason::AllowOriginMissing);
    };
    if !is_include && allowed == b"*" {
        return Ok(());
    }
    if allowed != origin.as_bytes() {
        return Err(match &*decode(&allowed) {
            "*" => Reason::AllowOriginWildcard,
            several if several.contains([',', ' ']) => Reason::AllowOriginMultiple,
            _ => Reason::AllowOriginMismatch,
        });
    }
    let credentials = response.get("access-control-allow-credentials");
    if is_include && credentials.as_deref() != Some(b"true") {
        return Err(Reason::AllowCredentials);
    }
    Ok(())
}

/// The [cross-origin resource policy check](https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check)
/// of an opaque response.
pub(super) fn resource_policy_check(
    request: &Request,
    response: &HeaderList,
) -> Result<(), Reason> {
    let target = Origin::of(&request.url);
    let is_allowed = match response.get("cross-origin-resource-policy").as_deref() {
        Some(b"same-origin") => request.origin.is_same_origin(&target),
        Some(b"same-site") => {
            let is_upgrade =
                request.origin.scheme() != Some("https") && request.url.scheme() == "https";
            request.origin.is_schemelessly_same_site(&target) && !is_upgrade
        }
        _ => true,
    };
    if is_allowed {
        Ok(())
    } else {
        Err(Reason::ResourcePolicy)
    }
}
