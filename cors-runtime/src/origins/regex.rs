//! Regexes in `origins`.

use std::fmt;

/// A `regex(..)` in `origins`, checked by the attribute. Not public API.
#[cfg(feature = "regex")]
pub struct OriginRegex {
    pattern: &'static str,
    compiled: std::sync::OnceLock<Option<regex::bytes::Regex>>,
}

/// Without the feature `regex`, the type does not have values.
#[cfg(not(feature = "regex"))]
pub enum OriginRegex {}

#[cfg(feature = "regex")]
impl OriginRegex {
    /// Creates an entry. The pattern is compiled on first use.
    pub const fn new(pattern: &'static str) -> Self {
        Self {
            pattern,
            compiled: std::sync::OnceLock::new(),
        }
    }

    pub(crate) fn pattern(&self) -> &'static str {
        self.pattern
    }

    /// Returns whether the pattern matches the whole origin.
    pub(crate) fn matches(&self, origin: &str) -> bool {
        // The rules reject patterns that do not compile. Such a pattern would match nothing.
        let compile = || cors_rules::compile_regex(self.pattern).ok();
        let regex = self.compiled.get_or_init(compile);
        regex
            .as_ref()
            .is_some_and(|regex| regex.is_match(origin.as_bytes()))
    }
}

#[cfg(not(feature = "regex"))]
impl OriginRegex {
    pub(crate) fn pattern(&self) -> &'static str {
        match *self {}
    }

    pub(crate) fn matches(&self, _: &str) -> bool {
        match *self {}
    }
}

impl PartialEq for OriginRegex {
    fn eq(&self, other: &Self) -> bool {
        self.pattern() == other.pattern()
    }
}

impl Eq for OriginRegex {}

impl fmt::Debug for OriginRegex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OriginRegex").field(&self.pattern()).finish()
    }
}
