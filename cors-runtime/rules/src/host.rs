//! Hosts of origins: domains, IPv4 addresses and IPv6 addresses, as a browser serializes them.

use std::fmt::{self, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::error::OriginError;

/// The longest host, in bytes (RFC 1035, 255 octets on the wire).
pub(crate) const MAX_LEN: usize = 253;

const MAX_LABEL_LEN: usize = 63;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HostKind {
    Domain,
    Ip,
}

/// Checks that a browser can send `host`. Returns the kind of the host.
pub(crate) fn check(host: &str) -> Result<HostKind, OriginError> {
    if let Some(inside) = host.strip_prefix('[') {
        return check_ipv6(inside.strip_suffix(']').ok_or(OriginError::Ipv6)?);
    }
    check_characters(host)?;
    // A trailing dot marks a fully qualified name, and makes a different origin.
    let labels = host.strip_suffix('.').unwrap_or(host);
    if labels.is_empty() {
        return Err(OriginError::EmptyHost);
    }
    if labels.len() > MAX_LEN {
        return Err(OriginError::HostTooLong);
    }
    labels.split('.').try_for_each(check_label)?;
    let last = labels.rsplit('.').next().unwrap_or(labels);
    if last.starts_with(|c: char| c.is_ascii_digit()) {
        return check_ipv4(host, last);
    }
    Ok(HostKind::Domain)
}

/// Returns the length of the domain that an authority starts with, if [`check`] accepts it and a
/// port or nothing follows. Returns `None` for valid domains that end with a dot.
pub(crate) fn domain_len(authority: &[u8]) -> Option<usize> {
    let mut rest = authority;
    loop {
        let is_other = |byte: &u8| !IS_IN_LABEL[usize::from(*byte)];
        let len = rest.iter().position(is_other).unwrap_or(rest.len());
        let (label, tail) = rest.split_at(len);
        let (first, last) = (label.first()?, label.last()?);
        if label.len() > MAX_LABEL_LEN || *first == b'-' || *last == b'-' {
            return None;
        }
        match tail {
            [b'.', others @ ..] => rest = others,
            [] | [b':', ..] => {
                let len = authority.len() - tail.len();
                // The last label of an IPv4 address starts with a digit.
                let is_domain = len <= MAX_LEN && !first.is_ascii_digit();
                return is_domain.then_some(len);
            }
            _ => return None,
        }
    }
}

/// Whether a byte can be in a label.
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

fn check_characters(host: &str) -> Result<(), OriginError> {
    let expected = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
    match host.bytes().find(|&b| !expected(b)) {
        None => Ok(()),
        Some(b'A'..=b'Z') => Err(OriginError::UpperCase),
        Some(b'*') => Err(OriginError::WildcardPlace),
        Some(_) => Err(OriginError::HostCharacter),
    }
}

fn check_label(label: &str) -> Result<(), OriginError> {
    if label.is_empty() {
        return Err(OriginError::EmptyLabel);
    }
    if label.len() > MAX_LABEL_LEN {
        return Err(OriginError::LabelTooLong);
    }
    if label.starts_with('-') || label.ends_with('-') {
        return Err(OriginError::LabelHyphen);
    }
    Ok(())
}

/// Checks a host whose last label starts with a digit. Accepts only a canonical IPv4 address (URL,
/// "ends in a number checker").
fn check_ipv4(host: &str, last: &str) -> Result<HostKind, OriginError> {
    if host.parse::<Ipv4Addr>().is_ok() {
        Ok(HostKind::Ip)
    } else if number(last).is_some() {
        Err(OriginError::Ipv4)
    } else {
        Err(OriginError::NumericLabel)
    }
}

fn check_ipv6(inside: &str) -> Result<HostKind, OriginError> {
    if inside.contains('%') {
        return Err(OriginError::Ipv6Zone);
    }
    let address: Ipv6Addr = inside.parse().map_err(|_| OriginError::Ipv6)?;
    if address.to_ipv4_mapped().is_some() {
        return Err(OriginError::Ipv6Mapped);
    }
    // The standard library formats addresses by RFC 5952, as URL serialization does.
    if displays_as(&address, inside) {
        Ok(HostKind::Ip)
    } else {
        Err(OriginError::Ipv6NotCanonical)
    }
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

/// Checks the host of an entry, including Punycode. Requests only need [`check`].
pub(crate) fn check_written(host: &str) -> Result<HostKind, OriginError> {
    let kind = check(host)?;
    host.split('.').try_for_each(check_punycode)?;
    Ok(kind)
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
