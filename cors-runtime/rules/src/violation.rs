//! A rule that a policy breaks, with its place and a message.

use std::fmt;

use crate::rule::Rule;

/// A key of the attribute.
///
/// The builder has a method with the same name, and a configuration has a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names of the keys")]
#[non_exhaustive]
pub enum Field {
    Origins,
    Methods,
    Headers,
    Expose,
    MaxAge,
    Hosts,
    Allow,
}

impl Field {
    /// Returns the name of the key, as in the attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::Origins => "origins",
            Self::Methods => "methods",
            Self::Headers => "headers",
            Self::Expose => "expose",
            Self::MaxAge => "max_age",
            Self::Hosts => "hosts",
            Self::Allow => "allow",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A rule that a policy breaks, with its place and a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule that the policy breaks.
    pub rule: Rule,
    /// The key with the mistake.
    pub field: Field,
    /// The index of the entry, if the violation is about a single entry.
    pub index: Option<usize>,
    /// The mistake, and how to fix the policy.
    pub message: String,
    /// The corrected literal, if the mistake is simple.
    pub suggestion: Option<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, message, .. } = self;
        match self.index {
            Some(index) => write!(f, "{field}[{index}]: {message}"),
            None => write!(f, "{field}: {message}"),
        }
    }
}
