//! A rule that a policy breaks, and where.

use std::fmt;

use crate::rule::Rule;

/// A key of the attribute, a method of the builder, a field in a configuration file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names of the keys")]
#[non_exhaustive]
pub enum Field {
    Origins,
    Methods,
    Headers,
    Expose,
    MaxAge,
    Allow,
}

impl Field {
    /// The key as it is written in the attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::Origins => "origins",
            Self::Methods => "methods",
            Self::Headers => "headers",
            Self::Expose => "expose",
            Self::MaxAge => "max_age",
            Self::Allow => "allow",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A rule that a policy breaks, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule.
    pub rule: Rule,
    /// The key whose value has to change.
    pub field: Field,
    /// Which entry of that key's list, where it is one.
    pub index: Option<usize>,
    /// What was found and what to write instead.
    pub message: String,
    /// The corrected literal, where the repair is mechanical.
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
