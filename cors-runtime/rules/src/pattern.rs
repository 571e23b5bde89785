//! Entries of `origins`: exact origins, subdomains (`*.`) and any port (`:*`).

use std::fmt;

use crate::error::OriginError;
use crate::host::{self, HostKind};
use crate::origin::{self, Origin};
use crate::spelling;

/// The length of the longest domain after `*.`, in bytes. Leaves room for the shortest label and
/// its dot.
const MAX_BASE_LEN: usize = host::MAX_LEN - "a.".len();

/// A valid entry of `origins`, other than `"*"`.
///
/// All fields are public, so that a macro can write a pattern into a `static`.
///
/// ```
/// use cors_rules::{Origin, OriginPattern};
///
/// let pattern = OriginPattern::parse("https://*.example.com").unwrap();
/// let matches = |origin| pattern.matches(&Origin::parse(origin).unwrap());
/// assert!(matches("https://a.example.com"));
/// assert!(matches("https://a.b.example.com"));
/// assert!(!matches("https://example.com"));
/// assert!(!matches("https://evilexample.com"));
/// assert!(!matches("https://a.example.com:8443"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OriginPattern<'a> {
    /// The scheme, as in [`Origin`].
    pub scheme: &'a str,
    /// Whether the pattern matches subdomains of `host`, at any depth, instead of `host` itself.
    pub subdomains: bool,
    /// The host, without `*.`.
    pub host: &'a str,
    /// The port.
    pub port: PortPattern<'a>,
}

/// The port of an [`OriginPattern`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PortPattern<'a> {
    /// No port, which means the default port of the scheme.
    Absent,
    /// The given port.
    Is(&'a str),
    /// Any port, including the default port.
    Any,
}

impl<'a> OriginPattern<'a> {
    /// Parses an entry of `origins`, other than `"*"`.
    ///
    /// # Errors
    ///
    /// Returns the first reason why the entry is not an origin or a pattern.
    pub fn parse(entry: &'a str) -> Result<Self, OriginError> {
        let (scheme, authority) = origin::split_scheme(entry)?;
        if spelling::scheme_meant(scheme).is_some() {
            return Err(OriginError::SchemeTypo);
        }
        let (subdomains, host, port) = parse_authority(scheme, authority)?;
        Ok(Self {
            scheme,
            subdomains,
            host,
            port,
        })
    }

    /// Returns whether the pattern matches exactly one origin, so that you can compare bytes.
    pub fn is_exact(&self) -> bool {
        !self.subdomains && self.port != PortPattern::Any
    }

    /// Returns whether the pattern matches `origin`.
    pub fn matches(&self, origin: &Origin<'_>) -> bool {
        self.scheme == origin.scheme
            && self.matches_host(origin.host)
            && match self.port {
                PortPattern::Absent => origin.port.is_none(),
                PortPattern::Is(port) => origin.port == Some(port),
                PortPattern::Any => true,
            }
    }

    /// Returns whether the pattern matches every origin that `other` matches.
    pub fn covers(&self, other: &OriginPattern<'_>) -> bool {
        let hosts = match (self.subdomains, other.subdomains) {
            (true, true) => self.host == other.host || self.matches_host(other.host),
            (false, true) => false,
            (_, false) => self.matches_host(other.host),
        };
        self.scheme == other.scheme
            && hosts
            && (self.port == PortPattern::Any || self.port == other.port)
    }

    fn matches_host(&self, host: &str) -> bool {
        if !self.subdomains {
            return self.host == host;
        }
        // A checked domain does not contain empty labels, so the rest is one or more whole labels.
        host.strip_suffix(self.host)
            .and_then(|front| front.strip_suffix('.'))
            .is_some_and(|labels| !labels.is_empty())
    }
}

/// Parses an authority with or without `*.` and `:*`, for the hosts and ports of a scheme.
pub(crate) fn parse_authority<'a>(
    scheme: &str,
    authority: &'a str,
) -> Result<(bool, &'a str, PortPattern<'a>), OriginError> {
    let (host, port) = origin::split_authority(authority)?;
    let port = match port {
        Some("*") => PortPattern::Any,
        Some(port) if port.contains('*') => return Err(OriginError::WildcardPort),
        Some(port) => {
            origin::check_port(scheme, port)?;
            PortPattern::Is(port)
        }
        None => PortPattern::Absent,
    };
    let base = host.strip_prefix("*.");
    match base {
        Some(base) => check_base(scheme, base)?,
        None if host == "*" => return Err(OriginError::WildcardHost),
        None => _ = host::check_written(scheme, host)?,
    }
    Ok((base.is_some(), base.unwrap_or(host), port))
}

fn check_base(scheme: &str, base: &str) -> Result<(), OriginError> {
    let kind = host::check_written(scheme, base)?;
    let labels = base.strip_suffix('.').unwrap_or(base);
    if kind == HostKind::Ip {
        Err(OriginError::WildcardOverIp)
    } else if labels.split('.').any(str::is_empty) {
        // An opaque host can have empty labels.
        Err(OriginError::EmptyLabel)
    } else if labels.len() > MAX_BASE_LEN {
        Err(OriginError::HostTooLong)
    } else {
        Ok(())
    }
}

impl fmt::Display for OriginPattern<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels = if self.subdomains { "*." } else { "" };
        write!(f, "{}://{labels}{}{}", self.scheme, self.host, self.port)
    }
}

impl fmt::Display for PortPattern<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => Ok(()),
            Self::Is(port) => write!(f, ":{port}"),
            Self::Any => f.write_str(":*"),
        }
    }
}
