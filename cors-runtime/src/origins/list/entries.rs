//! The entries of a list, prepared for look-up.

use std::collections::{HashMap, HashSet};
use std::iter;

use cors_rules::{ListSpec, Origin, OriginPattern, PortPattern, ValidList, Violation};

/// The valid entries of a list.
///
/// The strings are owned. A replaced list is freed with its last reader.
#[derive(Debug, Default)]
pub(super) struct Entries {
    /// Whether the only entry is `*`.
    any: bool,
    pub(super) exact: HashSet<Box<str>>,
    /// The patterns by host. An origin is compared only with the patterns of its host and parent
    /// domains.
    patterns: HashMap<Box<str>, Vec<Pattern>>,
    #[cfg(feature = "regex")]
    regexes: Vec<regex::bytes::Regex>,
    /// The violations in a policy with `credentials`.
    insecure: Vec<Violation>,
    /// The violations in a policy with `enforce`.
    unenforceable: Vec<Violation>,
}

/// The keys of the policies that use a list, as far as the rules for the list depend on them.
#[derive(Clone, Copy, Debug)]
pub(super) struct UsingKeys {
    pub(super) credentials: bool,
    pub(super) enforce: bool,
}

impl UsingKeys {
    pub(super) const NONE: Self = Self {
        credentials: false,
        enforce: false,
    };

    /// Adds the keys of another policy.
    pub(super) fn add(&mut self, other: Self) {
        self.credentials |= other.credentials;
        self.enforce |= other.enforce;
    }
}

/// An owned [`OriginPattern`].
#[derive(Debug)]
struct Pattern {
    scheme: Box<str>,
    subdomains: bool,
    host: Box<str>,
    /// `None` means any port.
    port: Option<Port>,
}

type Port = Option<Box<str>>;

impl Entries {
    pub(super) fn new(spec: &ListSpec) -> Result<Self, Vec<Violation>> {
        let ValidList {
            any,
            patterns,
            regexes,
            insecure,
            unenforceable,
        } = spec.check()?;
        let (exact, patterns): (Vec<_>, Vec<_>) = patterns.iter().partition(|it| it.is_exact());
        let exact = exact.into_iter().map(OriginPattern::to_string);
        let mut by_host: HashMap<Box<str>, Vec<Pattern>> = HashMap::new();
        // Removes duplicates, which a list can allow.
        for pattern in patterns.into_iter().collect::<HashSet<_>>() {
            let same = by_host.entry(pattern.host.into()).or_default();
            same.push(Pattern::new(pattern));
        }
        #[cfg(not(feature = "regex"))]
        let _ = regexes;
        Ok(Self {
            any,
            exact: exact.map(String::into_boxed_str).collect(),
            patterns: by_host,
            #[cfg(feature = "regex")]
            regexes: compile(&regexes),
            insecure,
            unenforceable,
        })
    }

    /// Returns the violations in policies with these keys.
    pub(super) fn violations(&self, keys: UsingKeys) -> Vec<Violation> {
        let insecure = self.insecure.iter().filter(|_| keys.credentials);
        let unenforceable = self.unenforceable.iter().filter(|_| keys.enforce);
        insecure.chain(unenforceable).cloned().collect()
    }

    pub(super) fn len(&self) -> usize {
        let patterns = self.patterns.values().map(Vec::len);
        let len = usize::from(self.any) + self.exact.len() + patterns.sum::<usize>();
        #[cfg(feature = "regex")]
        let len = len + self.regexes.len();
        len
    }

    pub(super) fn allow(&self, origin: &str) -> bool {
        self.exact.contains(origin)
            || self.match_pattern(origin)
            || self.match_regex(origin)
            || self.match_any(origin)
    }

    /// `*` matches origins, but neither `null` nor malformed values.
    fn match_any(&self, origin: &str) -> bool {
        self.any && Origin::parse(origin).is_ok()
    }

    fn match_pattern(&self, origin: &str) -> bool {
        // Does not parse the origin if the list only contains exact origins.
        if self.patterns.is_empty() {
            return false;
        }
        let Ok(origin) = Origin::parse(origin) else {
            return false;
        };
        let mut domains = iter::successors(Some(origin.host), |host| Some(host.split_once('.')?.1));
        domains.any(|host| {
            let patterns = self.patterns.get(host).into_iter().flatten();
            patterns.map(Pattern::view).any(|it| it.matches(&origin))
        })
    }

    #[cfg(feature = "regex")]
    fn match_regex(&self, origin: &str) -> bool {
        let mut regexes = self.regexes.iter();
        regexes.any(|regex| regex.is_match(origin.as_bytes())) && Origin::parse(origin).is_ok()
    }

    #[cfg(not(feature = "regex"))]
    #[allow(clippy::unused_self, reason = "regexes are a feature")]
    fn match_regex(&self, _: &str) -> bool {
        false
    }
}

/// Skips patterns that do not compile, which the rules have already rejected.
#[cfg(feature = "regex")]
fn compile(regexes: &[&str]) -> Vec<regex::bytes::Regex> {
    let compiled = regexes.iter().map(|regex| cors_rules::compile_regex(regex));
    compiled.filter_map(Result::ok).collect()
}

impl Pattern {
    fn new(pattern: &OriginPattern<'_>) -> Self {
        Self {
            scheme: pattern.scheme.into(),
            subdomains: pattern.subdomains,
            host: pattern.host.into(),
            port: match pattern.port {
                PortPattern::Any => None,
                PortPattern::Absent => Some(None),
                PortPattern::Is(port) => Some(Some(port.into())),
            },
        }
    }

    fn view(&self) -> OriginPattern<'_> {
        OriginPattern {
            scheme: &self.scheme,
            subdomains: self.subdomains,
            host: &self.host,
            port: match &self.port {
                None => PortPattern::Any,
                Some(None) => PortPattern::Absent,
                Some(Some(port)) => PortPattern::Is(port),
            },
        }
    }
}
