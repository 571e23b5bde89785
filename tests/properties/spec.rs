//! Policies as data: built by the builder, and read by the model.

use std::sync::LazyLock;
use std::time::Duration;

use cors_runtime::{OriginEntry, OriginList, Policy, RequestHead, Rule};

/// A policy as the keys of the attribute.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spec {
    pub(crate) origins: Vec<Entry>,
    pub(crate) methods: Option<Vec<&'static str>>,
    pub(crate) headers: Vec<&'static str>,
    pub(crate) expose: Vec<&'static str>,
    pub(crate) credentials: bool,
    pub(crate) max_age: Option<u64>,
    pub(crate) enforce: bool,
    pub(crate) hosts: Vec<&'static str>,
    pub(crate) disabled: bool,
}

/// An entry of `origins`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    Text(&'static str),
    /// Matches `https://` and one label below `example.com`.
    Regex,
    /// Allows the origins that end with `.tenant.example`.
    Function,
    /// Has one entry, `https://*.example.net`.
    List,
}

static LIST: LazyLock<OriginList> =
    LazyLock::new(|| OriginList::try_from_iter(["https://*.example.net"]).unwrap());

fn tenants(origin: &str, _: &RequestHead<'_>) -> bool {
    origin.ends_with(".tenant.example")
}

impl Spec {
    /// Returns `None` if the policy breaks a rule that cannot be allowed.
    pub(crate) fn build(&self) -> Option<Policy> {
        let entries = self.origins.iter().filter_map(|entry| match entry {
            Entry::Text(text) => Some(OriginEntry::from(*text)),
            Entry::Regex => Some(OriginEntry::regex(r"https://[a-z0-9-]+\.example\.com")),
            Entry::Function | Entry::List => None,
        });
        let mut builder = Policy::builder()
            .origins(entries)
            .headers(self.headers.iter().copied())
            .expose(self.expose.iter().copied())
            .credentials(self.credentials)
            .enforce(self.enforce)
            .disabled(self.disabled);
        if self.origins.contains(&Entry::Function) {
            builder = builder.origin_source(&tenants);
        }
        if self.origins.contains(&Entry::List) {
            builder = builder.origin_source(&LIST);
        }
        if let Some(methods) = &self.methods {
            builder = builder.methods(methods.iter().copied());
        }
        if let Some(seconds) = self.max_age {
            builder = builder.max_age(Duration::from_secs(seconds));
        }
        if !self.hosts.is_empty() {
            builder = builder.hosts(self.hosts.iter().copied());
        }
        let rules = Rule::ALL.iter().filter(|rule| rule.can_be_allowed());
        let builder = rules.fold(builder, |builder, &rule| builder.allow(rule));
        builder.build().ok()
    }
}
