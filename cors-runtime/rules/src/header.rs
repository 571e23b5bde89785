//! Checks the names of request headers and response headers.

use std::fmt;

use crate::rule::Rule;

/// Returns whether `name` is a token: one or more `tchar` (RFC 9110, section 5.6.2).
pub fn is_token(name: &str) -> bool {
    let tchar = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    !name.is_empty() && name.bytes().all(tchar)
}

/// Returns whether a page cannot set the header (Fetch, "forbidden request-header").
///
/// Ignores the names that are forbidden only with certain values.
fn is_forbidden_request_header(name: &str) -> bool {
    const NAMES: [&str; 21] = [
        "accept-charset",
        "accept-encoding",
        "access-control-request-headers",
        "access-control-request-method",
        "connection",
        "content-length",
        "cookie",
        "cookie2",
        "date",
        "dnt",
        "expect",
        "host",
        "keep-alive",
        "origin",
        "referer",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    ];
    let name = name.to_ascii_lowercase();
    NAMES.contains(&name.as_str()) || name.starts_with("proxy-") || name.starts_with("sec-")
}

/// Headers of the CORS protocol that no page reads: request headers, and headers of a preflight
/// response.
const NEVER_EXPOSED: [&str; 6] = [
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-max-age",
    "access-control-request-headers",
    "access-control-request-method",
    "origin",
];

pub(crate) enum HeaderError {
    NotAToken,
    ForbiddenInRequest,
    ProtocolName,
    PrivateNetwork,
    ForbiddenInResponse,
    NeverExposed,
}

pub(crate) fn check_request(name: &str) -> Result<(), HeaderError> {
    check_common(name)?;
    if is_forbidden_request_header(name) {
        return Err(HeaderError::ForbiddenInRequest);
    }
    if starts_with_ignore_case(name, "access-control-") {
        return Err(HeaderError::ProtocolName);
    }
    Ok(())
}

pub(crate) fn check_exposed(name: &str) -> Result<(), HeaderError> {
    check_common(name)?;
    let is = |other: &&str| other.eq_ignore_ascii_case(name);
    if ["set-cookie", "set-cookie2"].iter().any(&is) {
        return Err(HeaderError::ForbiddenInResponse);
    }
    if NEVER_EXPOSED.iter().any(is) {
        return Err(HeaderError::NeverExposed);
    }
    Ok(())
}

fn check_common(name: &str) -> Result<(), HeaderError> {
    if !is_token(name) {
        return Err(HeaderError::NotAToken);
    }
    let private_network = ["access-control-allow-", "access-control-request-"]
        .iter()
        .any(|front| {
            starts_with_ignore_case(name, front)
                && name[front.len()..].eq_ignore_ascii_case("private-network")
        });
    if private_network {
        return Err(HeaderError::PrivateNetwork);
    }
    Ok(())
}

fn starts_with_ignore_case(name: &str, front: &str) -> bool {
    name.get(..front.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(front))
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAToken => "is not a header name: expected a token such as `content-type`",
            Self::ForbiddenInRequest => "is a header that only the browser can set; remove it",
            Self::ProtocolName => {
                "is a header of the CORS protocol, which no page sends; remove it"
            }
            Self::PrivateNetwork => {
                "belongs to Private Network Access, which browsers replaced with a permission \
                 prompt; remove it"
            }
            Self::ForbiddenInResponse => "is a header that no browser shows to a page; remove it",
            Self::NeverExposed => {
                "is a header of the CORS protocol that pages do not need; remove it"
            }
        })
    }
}

impl HeaderError {
    pub(crate) fn rule(&self) -> Rule {
        match self {
            Self::NotAToken => Rule::HeaderToken,
            Self::ForbiddenInRequest => Rule::ForbiddenRequestHeader,
            Self::ProtocolName | Self::NeverExposed => Rule::CorsHeader,
            Self::PrivateNetwork => Rule::PrivateNetwork,
            Self::ForbiddenInResponse => Rule::ForbiddenResponseHeader,
        }
    }
}
