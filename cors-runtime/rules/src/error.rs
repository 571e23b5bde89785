//! Errors for strings that are not origins.

use std::fmt;

use crate::rule::Rule;

/// The error for a string that is not an origin, or not an entry of `origins`.
///
/// The [`Display`](fmt::Display) output continues a sentence that begins with the entry:
/// "`https://example.com/` ends with a slash, ...".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the message of each says what it is")]
#[non_exhaustive]
pub enum OriginError {
    Empty,
    Null,
    TooLong,
    WhiteSpace,
    NonAscii,
    UpperCase,
    NoScheme,
    Scheme,
    SchemeTypo,
    NeverSent,
    TrailingSlash,
    Path,
    Query,
    Fragment,
    UserInfo,
    EmptyHost,
    HostTooLong,
    HostCharacter,
    EmptyLabel,
    LabelTooLong,
    Punycode,
    Ipv4,
    Ipv6,
    Ipv6WithoutBrackets,
    Ipv6Zone,
    Ipv6Mapped,
    Ipv6NotCanonical,
    EmptyPort,
    PortNotANumber,
    PortLeadingZero,
    PortOutOfRange,
    DefaultPort,
    WildcardHost,
    WildcardPlace,
    WildcardOverIp,
    WildcardPort,
}

impl fmt::Display for OriginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "is empty, expected an origin such as `https://app.example.com`",
            Self::Null => {
                "is the origin of sandboxed frames and redirected requests, so it would allow any \
                 page; if that is intended, use `origins = \"*\"`"
            }
            Self::TooLong => "is longer than any origin can be (326 bytes)",
            Self::WhiteSpace => "contains white space or a control character",
            Self::NonAscii => {
                "is not ASCII: a browser sends the host in Punycode, `xn--..` \
                 (`new URL(..).origin` shows it)"
            }
            Self::UpperCase => {
                "has upper-case letters: a browser sends the scheme and a domain in lower case"
            }
            Self::NoScheme => "has no scheme: an origin starts with a scheme such as `https://`",
            Self::Scheme => {
                "has no valid scheme: expected a letter, then letters, digits, `+`, `-` or `.`"
            }
            Self::SchemeTypo => "has a scheme that looks like `http` or `https`, misspelled",
            Self::NeverSent => "has a scheme that is never the origin of a request",
            Self::TrailingSlash => "ends with a slash, which is not part of an origin",
            Self::Path => "has a path: an origin is only scheme, host and port",
            Self::Query => "has a query: an origin is only scheme, host and port",
            Self::Fragment => "has a fragment: an origin is only scheme, host and port",
            Self::UserInfo => "has a user name: an origin is only scheme, host and port",
            Self::EmptyHost => "has no host",
            Self::HostTooLong => "has a host that is too long: at most 253 bytes, 251 after `*.`",
            Self::HostCharacter => {
                "has a character in its host that is not a letter, a digit, `-`, `_` or `.`"
            }
            Self::EmptyLabel => "has an empty label in its host: two dots, or a dot at the front",
            Self::LabelTooLong => "has a label of more than 63 bytes in its host",
            Self::Punycode => {
                "has a label that starts with `xn--` and is not Punycode (`new URL(..).origin` \
                 shows what a browser sends)"
            }
            Self::Ipv4 => {
                "has a host that ends with a number, but is not an IPv4 address of four decimal \
                 numbers"
            }
            Self::Ipv6 => "has no valid IPv6 address between `[` and `]`",
            Self::Ipv6WithoutBrackets => {
                "has more than one `:` after its scheme: an IPv6 address is written in brackets"
            }
            Self::Ipv6Zone => "has an IPv6 zone, which is not part of an origin",
            Self::Ipv6Mapped => "has an IPv4-mapped IPv6 address: name the IPv4 address",
            Self::Ipv6NotCanonical => {
                "has an IPv6 address in another form than browsers send: lower case and shortened"
            }
            Self::EmptyPort => "has a `:` without a port",
            Self::PortNotANumber => "has a port that is not a number",
            Self::PortLeadingZero => "has a port with a leading zero",
            Self::PortOutOfRange => "has a port outside of 1 to 65535",
            Self::DefaultPort => "has the default port of its scheme, which browsers leave out",
            Self::WildcardHost => {
                "allows every host of the scheme; if that is intended, use `origins = \"*\"`, or \
                 else name the domain, as in `https://*.example.com`"
            }
            Self::WildcardPlace => {
                "has a `*` in an unexpected place: expected whole labels, `https://*.example.com`, \
                 or a whole port, `http://localhost:*`"
            }
            Self::WildcardOverIp => "has a `*.` before an IP address, which has no subdomains",
            Self::WildcardPort => {
                "has a `*` in a port with digits: `:*` matches every port, and no port"
            }
        })
    }
}

impl std::error::Error for OriginError {}

impl OriginError {
    /// Returns the rule that the string breaks.
    pub fn rule(self) -> Rule {
        match self {
            Self::Empty => Rule::EmptyOrigin,
            Self::Null => Rule::NullOrigin,
            Self::TooLong => Rule::OriginTooLong,
            Self::WhiteSpace => Rule::OriginWhiteSpace,
            Self::NonAscii => Rule::OriginNotAscii,
            Self::UpperCase => Rule::OriginUpperCase,
            Self::NoScheme | Self::Scheme | Self::SchemeTypo => Rule::OriginScheme,
            Self::NeverSent => Rule::SchemeNeverSent,
            Self::TrailingSlash | Self::Path | Self::Query | Self::Fragment => Rule::OriginPath,
            Self::UserInfo => Rule::OriginUserInfo,
            Self::EmptyHost
            | Self::HostTooLong
            | Self::HostCharacter
            | Self::EmptyLabel
            | Self::LabelTooLong => Rule::OriginHost,
            Self::Punycode => Rule::OriginPunycode,
            Self::Ipv4 => Rule::OriginIpv4,
            Self::Ipv6
            | Self::Ipv6WithoutBrackets
            | Self::Ipv6Zone
            | Self::Ipv6Mapped
            | Self::Ipv6NotCanonical => Rule::OriginIpv6,
            Self::EmptyPort
            | Self::PortNotANumber
            | Self::PortLeadingZero
            | Self::PortOutOfRange => Rule::OriginPort,
            Self::DefaultPort => Rule::DefaultPort,
            Self::WildcardHost
            | Self::WildcardPlace
            | Self::WildcardOverIp
            | Self::WildcardPort => Rule::OriginWildcard,
        }
    }
}
