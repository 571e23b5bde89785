//! Regex origins.

use std::fmt;

/// An entry `regex(..)`, which the attribute has checked. Not public API.
#[cfg(feature = "regex")]
pub struct OriginRegex {
    pattern: &'static str,
    compiled: std::sync::OnceLock<Option<regex::bytes::Regex>>,
}

/// Without the feature there is none.
#[cfg(not(feature = "regex"))]
pub enum OriginRegex {}

#[cfg(feature = "regex")]
impl OriginRegex {
    /// Not compiled before it is first asked.
    pub const fn new(pattern: &'static str) -> Self {
        Self {
            pattern,
            compiled: std::sync::OnceLock::new(),
        }
    }

    pub(crate) fn pattern(&self) -> &'static str {
        self.pattern
    }

    /// Whether the whole origin is one that the pattern stands for.
    pub(crate) fn matches(&self, origin: &str) -> bool {
        // What passed the rules compiles; if it ever did not, it would match nothing.
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
