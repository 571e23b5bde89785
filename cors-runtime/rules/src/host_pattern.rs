//! Entries of `hosts`: host names with an optional port, subdomains (`*.`) and any port (`:*`).

use std::fmt;

use crate::error::OriginError;
use crate::origin;
use crate::pattern::{OriginPattern, PortPattern, parse_authority};
use crate::{host, rule::Rule};

/// The schemes of a server that browsers can reach.
const SCHEMES: [&str; 2] = ["http", "https"];

/// A valid entry of `hosts`.
///
/// All fields are public, so that a macro can write a pattern into a `static`.
///
/// ```
/// use cors_rules::HostPattern;
///
/// let pattern = HostPattern::parse("localhost:*").unwrap();
/// assert!(pattern.matches("localhost"));
/// assert!(pattern.matches("localhost:3000"));
/// assert!(!pattern.matches("localhost.example.com"));
///
/// // The server may have TLS or not, so an entry without a port includes both default ports.
/// let pattern = HostPattern::parse("api.example.com").unwrap();
/// assert!(pattern.matches("api.example.com"));
/// assert!(pattern.matches("api.example.com:443"));
/// assert!(!pattern.matches("api.example.com:8443"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HostPattern<'a> {
    /// Whether the pattern matches subdomains of `host`, at any depth, instead of `host` itself.
    pub subdomains: bool,
    /// The host, without `*.`.
    pub host: &'a str,
    /// The port. `Absent` means the default ports of `http` and `https`.
    pub port: PortPattern<'a>,
}

impl<'a> HostPattern<'a> {
    /// Parses an entry of `hosts`.
    ///
    /// # Errors
    ///
    /// Returns the first reason why the entry is not a host with an optional port.
    pub fn parse(entry: &'a str) -> Result<Self, HostError> {
        if entry.contains("://") {
            return Err(HostError::Scheme);
        }
        origin::check_characters(entry).map_err(HostError::Host)?;
        // Each scheme has a default port.
        let [http, https] = SCHEMES.map(|scheme| parse_authority(scheme, entry));
        let (subdomains, host, port) = http.and(https).map_err(HostError::Host)?;
        Ok(Self {
            subdomains,
            host,
            port,
        })
    }

    /// Returns whether the pattern matches the host and port of a request: the value of a `Host`
    /// header (RFC 9110, section 7.2), or the authority of a URI.
    ///
    /// Letters match in upper and lower case.
    pub fn matches(&self, authority: &str) -> bool {
        let Ok((host, port)) = origin::split_authority(authority) else {
            return false;
        };
        self.matches_host(host) && self.matches_port(port)
    }

    /// Returns whether the pattern matches every host that `other` matches.
    pub fn covers(&self, other: &HostPattern<'_>) -> bool {
        self.origin().covers(&other.origin())
    }

    /// Returns the origins of the hosts, with one scheme.
    fn origin(&self) -> OriginPattern<'a> {
        let [scheme, _] = SCHEMES;
        let Self {
            subdomains,
            host,
            port,
        } = *self;
        OriginPattern {
            scheme,
            subdomains,
            host,
            port,
        }
    }

    fn matches_host(&self, host: &str) -> bool {
        if !self.subdomains {
            return self.host.eq_ignore_ascii_case(host);
        }
        let Some(end) = host.len().checked_sub(self.host.len()) else {
            return false;
        };
        let (Some(front), Some(base)) = (host.get(..end), host.get(end..)) else {
            return false;
        };
        self.host.eq_ignore_ascii_case(base)
            && front.strip_suffix('.').is_some_and(host::are_labels)
    }

    fn matches_port(&self, port: Option<&str>) -> bool {
        match (self.port, port) {
            (PortPattern::Absent | PortPattern::Any, None) => true,
            (PortPattern::Absent, Some(port)) => is_default_port(port),
            (PortPattern::Is(expected), port) => Some(expected) == port,
            (PortPattern::Any, Some(port)) => {
                port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok()
            }
        }
    }
}

/// Returns whether `port` is the default port of `http` or `https`.
fn is_default_port(port: &str) -> bool {
    matches!(port, "80" | "443")
}

impl fmt::Display for HostPattern<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.subdomains { "*." } else { "" })?;
        write!(f, "{}{}", self.host, self.port)
    }
}

/// The error for a string that is not an entry of `hosts`.
///
/// The [`Display`](fmt::Display) output continues a sentence that begins with the entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HostError {
    /// The entry has a scheme.
    Scheme,
    /// The host or the port is invalid, as in an origin.
    Host(OriginError),
}

impl HostError {
    /// Returns the rule that the string breaks.
    pub fn rule(self) -> Rule {
        Rule::InvalidHost
    }
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = match self {
            Self::Scheme => return f.write_str("has a scheme: `hosts` are names and ports"),
            Self::Host(error) => error,
        };
        f.write_str(match error {
            OriginError::Empty => "is empty, expected a host such as `localhost:3000`",
            OriginError::TooLong => "is too long for a host and a port",
            OriginError::UpperCase => "has upper-case letters: write hosts in lower case",
            OriginError::TrailingSlash
            | OriginError::Path
            | OriginError::Query
            | OriginError::Fragment
            | OriginError::UserInfo => "is more than a host and a port",
            OriginError::DefaultPort => {
                "has the default port of `http` or `https`: an entry without a port includes both"
            }
            OriginError::Ipv6WithoutBrackets => {
                "has more than one `:`: an IPv6 address is written in brackets"
            }
            OriginError::Ipv6Zone => "has an IPv6 zone, which browsers do not send",
            OriginError::WildcardHost => {
                "matches every host; remove it, or name a domain, as in `*.example.com`"
            }
            OriginError::WildcardPlace => {
                "has a `*` in an unexpected place: expected whole labels, `*.example.com`, or a \
                 whole port, `localhost:*`"
            }
            error => return error.fmt(f),
        })
    }
}

impl std::error::Error for HostError {}
