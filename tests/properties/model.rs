//! A model of policies, in a few lines for each rule. Shares no code with cors-runtime.

use crate::spec::{Entry, Spec};

const SAFELISTED_METHODS: [&str; 3] = ["GET", "HEAD", "POST"];

impl Spec {
    pub(crate) fn allows_origin(&self, origin: &str) -> bool {
        !self.disabled && self.origins.iter().any(|entry| entry.allows(origin))
    }

    pub(crate) fn allows_any_origin(&self) -> bool {
        !self.disabled && self.origins == [Entry::Text("*")]
    }

    /// `registered` has the methods of the handler, if a router knows them.
    pub(crate) fn allows_method(&self, method: &str, registered: Option<&[&str]>) -> bool {
        let is_listed = match (&self.methods, registered) {
            (None, Some(registered)) => registered.contains(&method),
            (None, None) => false,
            (Some(methods), _) => methods.contains(&"*") || methods.contains(&method),
        };
        is_listed || SAFELISTED_METHODS.contains(&method)
    }

    pub(crate) fn allows_header(&self, name: &str) -> bool {
        let is_listed = |name: &str| self.headers.iter().any(|it| it.eq_ignore_ascii_case(name));
        is_listed(name) || is_listed("*") && !name.eq_ignore_ascii_case("authorization")
    }

    pub(crate) fn exposes(&self, name: &str) -> bool {
        self.expose
            .iter()
            .any(|it| *it == "*" || it.eq_ignore_ascii_case(name))
    }

    /// Without `hosts`, every host is accepted.
    pub(crate) fn accepts_host(&self, authority: &str) -> bool {
        let is_default = |port: &str| ["", "80", "443"].contains(&port);
        let (host, port) = split(authority);
        self.disabled
            || self.hosts.is_empty()
            || self.hosts.iter().any(|entry| {
                let (expected, expected_port) = split(entry);
                host_matches(expected, host)
                    && match expected_port {
                        "*" => true,
                        "" => is_default(port),
                        expected_port => port == expected_port,
                    }
            })
    }

    pub(crate) fn enforces(&self) -> bool {
        self.enforce && !self.disabled
    }
}

impl Entry {
    fn allows(self, origin: &str) -> bool {
        match self {
            Self::Text("*") => true,
            Self::Text(entry) => text_matches(entry, origin),
            Self::List => text_matches("https://*.example.net", origin),
            Self::Function => origin.ends_with(".tenant.example"),
            Self::Regex => origin
                .strip_prefix("https://")
                .and_then(|host| host.strip_suffix(".example.com"))
                .is_some_and(|label| !label.is_empty() && !label.contains(['.', '_'])),
        }
    }
}

/// The origins of this test are well-formed.
fn text_matches(entry: &str, origin: &str) -> bool {
    let (Some((scheme, authority)), Some((expected_scheme, expected))) =
        (origin.split_once("://"), entry.split_once("://"))
    else {
        return false;
    };
    let ((host, port), (expected_host, expected_port)) = (split(authority), split(expected));
    scheme == expected_scheme
        && host_matches(expected_host, host)
        && (port == expected_port || expected_port == "*")
}

fn host_matches(expected: &str, host: &str) -> bool {
    match expected.strip_prefix('*') {
        Some(end) => host.len() > end.len() && host.ends_with(end),
        None => host == expected,
    }
}

/// Splits a host from its port, which is empty if there is none.
fn split(authority: &str) -> (&str, &str) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (authority, ""),
    }
}
