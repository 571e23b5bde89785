//! Errors of lists of origins.

use std::fmt;

use cors_rules::Violation;

/// The error for a list of origins that is invalid or not filled.
///
/// ```
/// # use cors_runtime::OriginList;
/// let error = OriginList::try_from_iter(["example.com", "https://app.example.com/"]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the list of origins is invalid: `example.com` has no scheme: an origin starts with a \
///      scheme such as `https://`; write `https://example.com`; `https://app.example.com/` ends \
///      with a slash, which is not part of an origin; write `https://app.example.com`",
/// );
/// assert_eq!(error.violations()[1].index, Some(1));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginListError {
    variable: Option<&'static str>,
    reason: Reason,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// The variable is not set, or `replace` was never called.
    Absent,
    NotUnicode,
    Violations(Vec<Violation>),
}

impl OriginListError {
    pub(super) fn new(variable: Option<&'static str>, reason: Reason) -> Self {
        Self { variable, reason }
    }

    /// Returns every violation.
    ///
    /// The slice is empty if there were no entries to check.
    pub fn violations(&self) -> &[Violation] {
        match &self.reason {
            Reason::Violations(violations) => violations,
            Reason::Absent | Reason::NotUnicode => &[],
        }
    }
}

impl fmt::Display for OriginListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.variable {
            Some(variable) => write!(f, "the environment variable `{variable}`")?,
            None => f.write_str("the list of origins")?,
        }
        match (&self.reason, self.variable) {
            (Reason::Absent, Some(_)) => f.write_str(" is not set"),
            (Reason::Absent, None) => f.write_str(" was never filled: call `replace`"),
            (Reason::NotUnicode, _) => f.write_str(" is not Unicode"),
            (Reason::Violations(violations), _) => {
                f.write_str(" is invalid")?;
                // Leaves out the index, because each message contains the entry.
                for (index, violation) in violations.iter().enumerate() {
                    let separator = if index == 0 { ": " } else { "; " };
                    write!(f, "{separator}{}", violation.message)?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for OriginListError {}
