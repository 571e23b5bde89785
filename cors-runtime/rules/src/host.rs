//! Hosts of origins, as a browser serializes them.
//!
//! Hosts depend on the scheme. For `http` and `https`, a host is a domain, an IPv4 address or an
//! IPv6 address. For other schemes, such as `moz-extension` and `tauri`, a host is opaque (URL,
//! "opaque-host parser").

use std::fmt::{self, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::error::OriginError;
use crate::origin::is_special;

/// The longest domain, in bytes (RFC 1035, 255 octets on the wire).
pub(crate) const MAX_LEN: usize = 253;

/// The longest label of a domain, in bytes (RFC 1035).
const MAX_LABEL_LEN: usize = 63;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HostKind {
    Name,
    Ip,
}

/// Checks that a browser can send `host`. Returns the kind of the host.
pub(crate) fn check(scheme: &str, host: &str) -> Result<HostKind, OriginError> {
    if let Some(inside) = host.strip_prefix('[') {
        return check_ipv6(inside.strip_suffix(']').ok_or(OriginError::Ipv6)?);
    }
    if host.is_empty() {
        return Err(OriginError::EmptyHost);
    }
    let is_special = is_special(scheme);
    check_characters(host, |byte| is_sent(byte, is_special))?;
    if is_special {
        check_domain(host)
    } else {
        Ok(HostKind::Name)
    }
}

/// Checks the host of an entry. Rejects names that a browser can send but that DNS cannot resolve,
/// because such an entry is probably a mistake. Requests only need [`check`].
pub(crate) fn check_written(scheme: &str, host: &str) -> Result<HostKind, OriginError> {
    if host.starts_with('[') {
        return match mapped_ipv4(host) {
            Some(_) => Err(OriginError::Ipv6Mapped),
            None => check(scheme, host),
        };
    }
    let is_special = is_special(scheme);
    check_characters(host, |byte| match byte {
        b'A'..=b'Z' => !is_special,
        b'.' => true,
        _ => IS_IN_LABEL[usize::from(byte)],
    })?;
    let kind = check(scheme, host)?;
    if host.strip_suffix('.').unwrap_or(host).len() > MAX_LEN {
        return Err(OriginError::HostTooLong);
    }
    if is_special {
        host.split('.').try_for_each(check_punycode)?;
    }
    Ok(kind)
}

/// Returns the length of the domain that an authority starts with, if [`check`] accepts the domain
/// and a port or nothing follows. Returns `None` for less common domains: with other characters
/// than letters, digits, `-` and `_`, with a dot at the end, or longer than [`MAX_LEN`].
pub(crate) fn domain_len(authority: &[u8]) -> Option<usize> {
    let mut rest = authority;
    loop {
        let is_other = |byte: &u8| !IS_IN_LABEL[usize::from(*byte)];
        let len = rest.iter().position(is_other).unwrap_or(rest.len());
        let (label, tail) = rest.split_at(len);
        let first = label.first()?;
        if label.len() > MAX_LABEL_LEN {
            return None;
        }
        match tail {
            [b'.', others @ ..] => rest = others,
            [] | [b':', ..] => {
                let len = authority.len() - tail.len();
                let is_ipv4 = first.is_ascii_digit() && is_number(label);
                return (len <= MAX_LEN && !is_ipv4).then_some(len);
            }
            _ => return None,
        }
    }
}

/// Returns whether `labels` are one or more labels of common characters, in upper or lower case.
pub(crate) fn are_labels(labels: &str) -> bool {
    let is_label = |label: &str| {
        let is_common = |byte: u8| IS_IN_LABEL[usize::from(byte.to_ascii_lowercase())];
        !label.is_empty() && label.bytes().all(is_common)
    };
    labels.split('.').all(is_label)
}

/// Whether a byte is common in a label.
static IS_IN_LABEL: [bool; 256] = {
    let mut table = [false; 256];
    let bytes = b"abcdefghijklmnopqrstuvwxyz0123456789_-";
    let mut index = 0;
    while index < bytes.len() {
        table[bytes[index] as usize] = true;
        index += 1;
    }
    table
};

/// Returns whether a browser can send the byte in a host (URL, "forbidden host code point" and
/// "forbidden domain code point").
fn is_sent(byte: u8, is_special: bool) -> bool {
    match byte {
        b'A'..=b'Z' | b'%' => !is_special,
        // A subdomain named `*` could be mistaken for a pattern by an origin source.
        b'*' => false,
        _ => byte.is_ascii_graphic() && !br"#/:<>?@[\]^|".contains(&byte),
    }
}

fn check_characters(host: &str, expected: impl Fn(u8) -> bool) -> Result<(), OriginError> {
    match host.bytes().find(|&byte| !expected(byte)) {
        None => Ok(()),
        Some(b'A'..=b'Z') => Err(OriginError::UpperCase),
        Some(b'*') => Err(OriginError::WildcardPlace),
        Some(_) => Err(OriginError::HostCharacter),
    }
}

/// Checks the host of a special scheme, other than an IPv6 address.
fn check_domain(host: &str) -> Result<HostKind, OriginError> {
    // A trailing dot marks a fully qualified name, and makes a different origin.
    let labels = host.strip_suffix('.').unwrap_or(host);
    if labels.is_empty() {
        return Err(OriginError::EmptyHost);
    }
    // The URL standard accepts empty and longer labels, but DNS does not have such names, so no
    // page has them. Patterns match whole labels and rely on this check.
    if labels.len() > MAX_LEN {
        return Err(OriginError::HostTooLong);
    }
    labels.split('.').try_for_each(|label| match label.len() {
        0 => Err(OriginError::EmptyLabel),
        1..=MAX_LABEL_LEN => Ok(()),
        _ => Err(OriginError::LabelTooLong),
    })?;
    let last = labels.rsplit('.').next().unwrap_or(labels);
    if !is_number(last.as_bytes()) {
        return Ok(HostKind::Name);
    }
    match host.parse::<Ipv4Addr>() {
        Ok(_) => Ok(HostKind::Ip),
        Err(_) => Err(OriginError::Ipv4),
    }
}

/// Returns whether a host with this last label is an IPv4 address (URL, "ends in a number
/// checker").
fn is_number(label: &[u8]) -> bool {
    match label {
        [b'0', b'x', digits @ ..] => digits.iter().all(u8::is_ascii_hexdigit),
        _ => label.iter().all(u8::is_ascii_digit),
    }
}

fn check_ipv6(inside: &str) -> Result<HostKind, OriginError> {
    if inside.contains('%') {
        return Err(OriginError::Ipv6Zone);
    }
    let address: Ipv6Addr = inside.parse().map_err(|_| OriginError::Ipv6)?;
    // The standard library formats addresses by RFC 5952, as URL serialization does, except for
    // IPv4-mapped addresses.
    let is_canonical = match (address.to_ipv4_mapped(), address.segments()) {
        (None, _) => displays_as(&address, inside),
        (Some(_), [.., high, low]) => displays_as(&format_args!("::ffff:{high:x}:{low:x}"), inside),
    };
    if is_canonical {
        Ok(HostKind::Ip)
    } else {
        Err(OriginError::Ipv6NotCanonical)
    }
}

/// Returns the IPv4 address in an IPv4-mapped IPv6 address in brackets.
fn mapped_ipv4(host: &str) -> Option<Ipv4Addr> {
    let inside = host.strip_prefix('[')?.strip_suffix(']')?;
    inside.parse::<Ipv6Addr>().ok()?.to_ipv4_mapped()
}

/// Returns whether `value.to_string() == expected`. Does not allocate, because requests run this
/// code.
fn displays_as(value: &impl fmt::Display, expected: &str) -> bool {
    struct Remaining<'a>(&'a str);
    impl fmt::Write for Remaining<'_> {
        fn write_str(&mut self, piece: &str) -> fmt::Result {
            self.0 = self.0.strip_prefix(piece).ok_or(fmt::Error)?;
            Ok(())
        }
    }
    let mut remaining = Remaining(expected);
    write!(remaining, "{value}").is_ok() && remaining.0.is_empty()
}

/// Returns whether the host never leaves the machine (Secure Contexts, "potentially trustworthy
/// origin").
pub(crate) fn is_local(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    let loopback = |address: Ipv4Addr| address.is_loopback();
    name == "localhost"
        || name.ends_with(".localhost")
        || host == "[::1]"
        || host.parse().is_ok_and(loopback)
}

/// Returns whether a browser converts the character to lower case. Cherokee is converted to upper
/// case (UTS #46, "mapping").
fn is_upper_case(c: char) -> bool {
    c.is_uppercase() && !('\u{13a0}'..='\u{13f5}').contains(&c)
}

/// Rejects a label with `xn--` that is not Punycode: a browser decodes and encodes such a label.
fn check_punycode(label: &str) -> Result<(), OriginError> {
    let Some(encoded) = label.strip_prefix("xn--") else {
        return Ok(());
    };
    let valid = |decoded: &String| {
        !decoded.is_ascii()
            && !decoded.contains(|c: char| c.is_control() || c.is_whitespace())
            && !decoded.contains(is_upper_case)
            && punycode::encode(decoded).as_deref() == Ok(encoded)
    };
    punycode::decode(encoded)
        .ok()
        .filter(valid)
        .map(|_| ())
        .ok_or(OriginError::Punycode)
}

/// Parses a part of an IPv4 address as in URLs: decimal, `0` octal, `0x` hexadecimal.
fn number(part: &str) -> Option<u32> {
    let (digits, radix) = if let Some(hex) = part.strip_prefix("0x") {
        (hex, 16)
    } else if part.len() > 1 && part.starts_with('0') {
        (&part[1..], 8)
    } else {
        (part, 10)
    };
    match digits {
        "" => Some(0),
        _ => u32::from_str_radix(digits, radix).ok(),
    }
}

/// Parses `host` as a browser parses an IPv4 address (URL, "IPv4 parser"), for a suggestion.
pub(crate) fn canonical_ipv4(host: &str) -> Option<Ipv4Addr> {
    let parts: Vec<u32> = host
        .strip_suffix('.')
        .unwrap_or(host)
        .split('.')
        .map(number)
        .collect::<Option<_>>()?;
    let (&last, front) = parts.split_last()?;
    if front.len() > 3 || front.iter().any(|&part| part > 255) {
        return None;
    }
    let free_bits = 32 - 8 * u32::try_from(front.len()).ok()?;
    if u64::from(last) >= 1 << free_bits {
        return None;
    }
    let front = front
        .iter()
        .zip([24, 16, 8])
        .map(|(&part, shift)| part << shift);
    Some(Ipv4Addr::from_bits(front.sum::<u32>() + last))
}
