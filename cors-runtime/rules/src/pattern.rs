//! Entries of `origins`: an exact origin, subdomains `*.`, any port `:*`.

use std::fmt;

use crate::error::OriginError;
use crate::host::{self, HostKind};
use crate::origin::{self, Origin};

/// The longest base after `*.`, in bytes: it leaves room for the shortest label and its dot.
const MAX_BASE_LEN: usize = host::MAX_LEN - "a.".len();

/// One entry of `origins`. All of it is `const`, so that a policy can stand in a `static`.
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
    /// Whether one or more labels stand in front of `host`. Never the host itself.
    pub subdomains: bool,
    /// The host, without `*.`.
    pub host: &'a str,
    /// The port.
    pub port: PortPattern<'a>,
}

/// The port of an [`OriginPattern`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PortPattern<'a> {
    /// No port: the default one of the scheme.
    Absent,
    /// That port.
    Is(&'a str),
    /// Any port, and none.
    Any,
}

impl<'a> OriginPattern<'a> {
    /// Reads an entry of `origins`, other than `"*"`.
    ///
    /// # Errors
    ///
    /// The first reason why the entry is no origin and no pattern of one.
    pub fn parse(entry: &'a str) -> Result<Self, OriginError> {
        let mut origin = origin::split(entry)?;
        let port = match origin.port {
            Some("*") => {
                origin.port = None;
                PortPattern::Any
            }
            Some(port) if port.contains('*') => return Err(OriginError::WildcardPort),
            Some(port) => PortPattern::Is(port),
            None => PortPattern::Absent,
        };
        origin.check_port()?;
        let base = origin.host.strip_prefix("*.");
        match base {
            Some(base) => check_base(base)?,
            None if origin.host == "*" => return Err(OriginError::WildcardHost),
            None => _ = host::check_written(origin.host)?,
        }
        Ok(Self {
            scheme: origin.scheme,
            subdomains: base.is_some(),
            host: base.unwrap_or(origin.host),
            port,
        })
    }

    /// Whether the entry is one origin, so that comparing bytes is enough.
    pub fn is_exact(&self) -> bool {
        !self.subdomains && self.port != PortPattern::Any
    }

    /// Whether `origin` is one of those that the entry stands for.
    pub fn matches(&self, origin: &Origin<'_>) -> bool {
        self.scheme == origin.scheme
            && self.matches_host(origin.host)
            && match self.port {
                PortPattern::Absent => origin.port.is_none(),
                PortPattern::Is(port) => origin.port == Some(port),
                PortPattern::Any => true,
            }
    }

    /// Whether every origin of `other` is one of this entry, too.
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
        // A checked origin has no empty label, so that what stands before the dot is one or more.
        host.strip_suffix(self.host)
            .and_then(|front| front.strip_suffix('.'))
            .is_some_and(|labels| !labels.is_empty())
    }
}

fn check_base(base: &str) -> Result<(), OriginError> {
    match host::check_written(base)? {
        HostKind::Ip => Err(OriginError::WildcardOverIp),
        HostKind::Domain if base.trim_end_matches('.').len() > MAX_BASE_LEN => {
            Err(OriginError::HostTooLong)
        }
        HostKind::Domain => Ok(()),
    }
}

impl fmt::Display for OriginPattern<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels = if self.subdomains { "*." } else { "" };
        write!(f, "{}://{labels}{}", self.scheme, self.host)?;
        match self.port {
            PortPattern::Absent => Ok(()),
            PortPattern::Is(port) => write!(f, ":{port}"),
            PortPattern::Any => f.write_str(":*"),
        }
    }
}

/// Only what the list knows: an unknown top-level domain is somebody's own network.
#[cfg(feature = "psl")]
pub(crate) fn is_public_suffix(domain: &str) -> bool {
    let domain = domain.strip_suffix('.').unwrap_or(domain).as_bytes();
    psl::suffix(domain).is_some_and(|suffix| suffix.is_known() && suffix.as_bytes() == domain)
}

#[cfg(not(feature = "psl"))]
pub(crate) fn is_public_suffix(_: &str) -> bool {
    false
}
