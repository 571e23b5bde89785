//! Parses origins as browsers send them in an `Origin` header.

use crate::error::OriginError;
use crate::host;

/// The length of the longest valid origin, in bytes.
///
/// The limit is a scheme of 64, `://`, a host of 253, `:` and a port of 5 digits.
pub const MAX_ORIGIN_LEN: usize = MAX_SCHEME_LEN + "://".len() + host::MAX_LEN + ":65535".len();

const MAX_SCHEME_LEN: usize = 64;

/// Schemes whose pages have an opaque origin (`null`), and schemes that no page has.
const NEVER_SENT: [&str; 7] = ["about", "blob", "data", "file", "javascript", "ws", "wss"];

/// An origin that a browser can send, split into scheme, host and port.
///
/// The grammar is `serialized-origin = scheme "://" host [ ":" port ]` (Fetch, section "`Origin`
/// header").
///
/// ```
/// let origin = cors_rules::Origin::parse("https://app.example.com:8443").unwrap();
/// assert_eq!(origin.host, "app.example.com");
/// assert_eq!(origin.port, Some("8443"));
///
/// assert!(cors_rules::Origin::parse("https://app.example.com/").is_err());
/// assert!(cors_rules::Origin::parse("null").is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin<'a> {
    /// The scheme, in lower case and without `://`.
    pub scheme: &'a str,
    /// The host: a domain, an IPv4 address, or an IPv6 address in brackets. For schemes other than
    /// `http` and `https`, such as `moz-extension`, any name.
    pub host: &'a str,
    /// The port. Never the default port of the scheme, which a browser leaves out.
    pub port: Option<&'a str>,
}

impl<'a> Origin<'a> {
    /// Parses an origin, without allocating.
    ///
    /// # Errors
    ///
    /// Returns the first reason why no browser can send `value` as an origin.
    pub fn parse(value: &'a str) -> Result<Self, OriginError> {
        // The commonest origins need one pass.
        parse_domain(value).map_or_else(|| Self::parse_any(value), Ok)
    }

    fn parse_any(value: &'a str) -> Result<Self, OriginError> {
        let origin = split(value)?;
        host::check(origin.scheme, origin.host)?;
        if let Some(port) = origin.port {
            check_port(origin.scheme, port)?;
        }
        Ok(origin)
    }
}

/// Checks that a browser can send `port` in an origin of the scheme.
pub(crate) fn check_port(scheme: &str, port: &str) -> Result<(), OriginError> {
    if port.is_empty() {
        return Err(OriginError::EmptyPort);
    }
    if port.len() > 1 && port.starts_with('0') {
        return Err(OriginError::PortLeadingZero);
    }
    let digits = port.bytes().all(|b| b.is_ascii_digit());
    match port.parse::<u16>() {
        Ok(0) => Err(OriginError::PortOutOfRange),
        Ok(number) if default_port(scheme) == Some(number) => Err(OriginError::DefaultPort),
        Ok(_) if digits => Ok(()),
        Err(_) if digits => Err(OriginError::PortOutOfRange),
        _ => Err(OriginError::PortNotANumber),
    }
}

/// Parses a valid `http` or `https` origin whose host is a domain, in one pass. Returns `None` for
/// every other value, and for less common domains (see [`host::domain_len`]).
fn parse_domain(value: &str) -> Option<Origin<'_>> {
    let (scheme, authority) = match value.strip_prefix("https://") {
        Some(authority) => ("https", authority),
        None => ("http", value.strip_prefix("http://")?),
    };
    let host_len = host::domain_len(authority.as_bytes())?;
    let (host, port) = authority.split_at(host_len);
    let port = port.strip_prefix(':');
    if let Some(port) = port {
        check_port(scheme, port).ok()?;
    }
    Some(Origin { scheme, host, port })
}

/// Returns the port that URL serialization leaves out (URL, section "special scheme").
fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        "ftp" => Some(21),
        _ => None,
    }
}

/// Returns whether the hosts of a scheme are domains and IP addresses (URL, section "special
/// scheme"). The hosts of other schemes are opaque.
pub(crate) fn is_special(scheme: &str) -> bool {
    default_port(scheme).is_some()
}

/// Splits an origin. Does not check host and port.
fn split(value: &str) -> Result<Origin<'_>, OriginError> {
    let (scheme, authority) = split_scheme(value)?;
    let (host, port) = split_authority(authority)?;
    Ok(Origin { scheme, host, port })
}

/// Splits an origin or an entry of `origins` into its scheme and the rest.
pub(crate) fn split_scheme(value: &str) -> Result<(&str, &str), OriginError> {
    if value == "null" {
        return Err(OriginError::Null);
    }
    check_characters(value)?;
    let never_sent = |scheme: &&str| {
        let rest = value.strip_prefix(*scheme);
        rest.is_some_and(|rest| rest.starts_with(':'))
    };
    if NEVER_SENT.iter().any(never_sent) {
        return Err(OriginError::NeverSent);
    }
    // `://` is near the start, where this search is faster than `str::find`.
    let colon = value.as_bytes().windows(3).position(|it| it == b"://");
    let (scheme, rest) = value.split_at(colon.ok_or(OriginError::NoScheme)?);
    check_scheme(scheme)?;
    Ok((scheme, &rest["://".len()..]))
}

/// Splits a host from its port. Does not check them, because an entry may have `*` in them.
pub(crate) fn split_authority(authority: &str) -> Result<(&str, Option<&str>), OriginError> {
    if let Some(at) = authority.bytes().position(|b| br"/\?#".contains(&b)) {
        return Err(match &authority[at..] {
            "/" => OriginError::TrailingSlash,
            tail if tail.starts_with('?') => OriginError::Query,
            tail if tail.starts_with('#') => OriginError::Fragment,
            _ => OriginError::Path,
        });
    }
    if authority.contains('@') {
        return Err(OriginError::UserInfo);
    }
    split_port(authority)
}

pub(crate) fn check_characters(value: &str) -> Result<(), OriginError> {
    if value.is_empty() {
        return Err(OriginError::Empty);
    }
    if value.len() > MAX_ORIGIN_LEN {
        return Err(OriginError::TooLong);
    }
    // Returns early for plain ASCII, because this code runs for every request.
    if value.bytes().all(|b| b.is_ascii_graphic()) {
        return Ok(());
    }
    if value.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(OriginError::WhiteSpace);
    }
    if !value.is_ascii() {
        return Err(OriginError::NonAscii);
    }
    Ok(())
}

/// Returns whether pages with this scheme have an origin other than `null`.
#[cfg(feature = "regex")]
pub(crate) fn is_page_scheme(scheme: &str) -> bool {
    check_scheme(scheme).is_ok() && !NEVER_SENT.contains(&scheme)
}

fn check_scheme(scheme: &str) -> Result<(), OriginError> {
    if scheme.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(OriginError::UpperCase);
    }
    let tail = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"+-.".contains(&b);
    let well_formed =
        scheme.starts_with(|c: char| c.is_ascii_lowercase()) && scheme.bytes().all(tail);
    if !well_formed || scheme.len() > MAX_SCHEME_LEN {
        return Err(OriginError::Scheme);
    }
    Ok(())
}

fn split_port(authority: &str) -> Result<(&str, Option<&str>), OriginError> {
    // `OriginPattern::parse` rejects `*.[::1]` later, with a better message.
    if authority
        .strip_prefix("*.")
        .unwrap_or(authority)
        .starts_with('[')
    {
        let end = authority.find(']').ok_or(OriginError::Ipv6)? + 1;
        return match (&authority[..end], &authority[end..]) {
            (host, "") => Ok((host, None)),
            (host, port) => Ok((host, Some(port.strip_prefix(':').ok_or(OriginError::Ipv6)?))),
        };
    }
    match authority.split_once(':') {
        None => Ok((authority, None)),
        Some((_, port)) if port.contains(':') => Err(OriginError::Ipv6WithoutBrackets),
        Some((host, port)) => Ok((host, Some(port))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls `check` with every string of at most `len` of the characters.
    fn each_string(characters: &str, len: usize, text: &mut String, check: &mut impl FnMut(&str)) {
        check(text);
        for character in characters.chars().filter(|_| len > 0) {
            text.push(character);
            each_string(characters, len - 1, text, check);
            text.pop();
        }
    }

    #[test]
    fn one_pass_and_many_passes_agree() {
        for scheme in ["https", "http", "ftp", "app"] {
            each_string("a0x-.:_*", 6, &mut format!("{scheme}://"), &mut |value| {
                if let Some(parsed) = parse_domain(value) {
                    assert_eq!(Origin::parse_any(value), Ok(parsed), "{value}");
                }
            });
        }
    }

    #[test]
    fn one_pass_is_enough_for_the_commonest_origins() {
        let longest = format!("https://{}.example", ["a".repeat(63).as_str(); 3].join("."));
        for value in [
            "https://app.example.com",
            "http://localhost:65535",
            "http://7nas",
            &longest,
        ] {
            assert!(parse_domain(value).is_some(), "{value}");
        }
        for value in [
            "http://a:80",
            "https://a:0",
            "https://a:+1",
            "https://127.0.0.1",
            "https://127.0.0.0x1",
        ] {
            assert!(parse_domain(value).is_none(), "{value}");
        }
    }
}
