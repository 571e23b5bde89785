//! Origins and sites of the HTML standard.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

/// An [origin](https://html.spec.whatwg.org/#concept-origin).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Origin {
    /// Serialized as `null`, and never the same as another origin.
    Opaque,
    /// The port is absent if it is the default of the scheme.
    Tuple {
        scheme: String,
        host: String,
        port: Option<u16>,
    },
}

impl Origin {
    /// The [origin](https://url.spec.whatwg.org/#concept-url-origin) of a page or resource. Pages
    /// of webviews and extensions, such as `tauri://localhost`, have one as well.
    pub(super) fn of(url: &Url) -> Self {
        if url.scheme() == "blob" {
            return Url::parse(url.path()).map_or(Self::Opaque, |inner| match inner.scheme() {
                "http" | "https" => Self::of(&inner),
                _ => Self::Opaque,
            });
        }
        match url.host_str() {
            Some(host) if !host.is_empty() && url.scheme() != "file" => Self::Tuple {
                scheme: url.scheme().to_owned(),
                host: host.to_owned(),
                port: url.port(),
            },
            _ => Self::Opaque,
        }
    }

    pub(super) fn is_same_origin(&self, other: &Self) -> bool {
        *self != Self::Opaque && self == other
    }

    /// [Same site](https://html.spec.whatwg.org/#same-site): the same scheme and the same
    /// registrable domain, on any port.
    pub(super) fn is_same_site(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Tuple { scheme: a, .. }, Self::Tuple { scheme: b, .. }) => {
                a == b && self.is_schemelessly_same_site(other)
            }
            _ => false,
        }
    }

    pub(super) fn is_schemelessly_same_site(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Tuple { host: a, .. }, Self::Tuple { host: b, .. }) => {
                a == b
                    || registrable_domain(a).is_some_and(|site| Some(site) == registrable_domain(b))
            }
            _ => false,
        }
    }

    pub(super) fn scheme(&self) -> Option<&str> {
        match self {
            Self::Opaque => None,
            Self::Tuple { scheme, .. } => Some(scheme),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opaque => f.write_str("null"),
            Self::Tuple {
                scheme,
                host,
                port: None,
            } => write!(f, "{scheme}://{host}"),
            Self::Tuple {
                scheme,
                host,
                port: Some(port),
            } => write!(f, "{scheme}://{host}:{port}"),
        }
    }
}

/// Returns the public suffix and the label before it. An IP address has none.
fn registrable_domain(host: &str) -> Option<&str> {
    if is_address(host) {
        return None;
    }
    let domain = psl::domain_str(host)?;
    // A dot at the end belongs to the domain. `psl` leaves it out.
    host.rfind(domain).map(|start| &host[start..])
}

pub(super) fn is_address(host: &str) -> bool {
    host.starts_with('[') || host.parse::<IpAddr>().is_ok()
}

pub(super) fn is_public_suffix(domain: &str) -> bool {
    psl::suffix_str(domain) == Some(domain)
}

/// [Potentially trustworthy](https://w3c.github.io/webappsec-secure-contexts/#is-url-trustworthy):
/// TLS, or this machine.
pub(super) fn is_trustworthy(url: &Url) -> bool {
    let is_local = match url.host() {
        Some(Host::Domain(host)) => host == "localhost" || host.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    is_local || matches!(url.scheme(), "https" | "wss")
}

/// [Includes credentials](https://url.spec.whatwg.org/#include-credentials).
pub(super) fn includes_userinfo(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some_and(|password| !password.is_empty())
}
