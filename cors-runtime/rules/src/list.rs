//! Checks a list of origins that is not known at compile time.

use crate::check::{Violations, WILDCARD};
use crate::pattern::OriginPattern;
use crate::rule::Rule;
use crate::spec::{OriginEntry, Origins, PolicySpec};
use crate::violation::{Field, Violation};

/// An unchecked list of origins.
///
/// ```
/// use cors_rules::ListSpec;
///
/// let spec = ListSpec::new(vec!["https://app.example.com".into(), "null".into()], Vec::new());
/// assert_eq!(spec.check().unwrap_err().len(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct ListSpec(PolicySpec);

/// A valid [`ListSpec`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidList<'a> {
    /// The entries that are not regexes.
    pub patterns: Vec<OriginPattern<'a>>,
    /// The regexes.
    pub regexes: Vec<&'a str>,
    /// The violations in a policy with `credentials`. The list alone does not determine which
    /// policies use the entries.
    pub insecure: Vec<Violation>,
}

impl ListSpec {
    /// The rules that a list can switch off.
    ///
    /// A duplicate is harmless in a configuration, and the author of the program cannot fix the
    /// configuration. In an attribute, a duplicate is a mistake.
    pub const ALLOWABLE: [Rule; 6] = [
        Rule::MissingOrigins,
        Rule::InsecureOrigin,
        Rule::PublicSuffix,
        Rule::LooseRegex,
        Rule::DuplicateOrigin,
        Rule::CoveredOrigin,
    ];

    /// Creates a list. `allow` switches rules off.
    pub fn new(origins: Vec<OriginEntry>, allow: Vec<Rule>) -> Self {
        Self(PolicySpec {
            origins,
            allow,
            credentials: true,
            ..PolicySpec::default()
        })
    }

    /// Checks the list.
    ///
    /// Accepts an `allow` without effect, because the next deployment may need the exception.
    ///
    /// # Errors
    ///
    /// Returns every violation.
    pub fn check(&self) -> Result<ValidList<'_>, Vec<Violation>> {
        let mut found = Violations::default();
        let origins = self.0.check_origins(&mut found);
        let in_words_of_its_own = [Rule::MissingOrigins, Rule::WildcardBesideEntries];
        found
            .0
            .retain(|violation| !in_words_of_its_own.contains(&violation.rule));
        self.check_empty(&mut found);
        self.check_wildcard(&mut found);
        let allowed = |rule: Rule| Self::ALLOWABLE.contains(&rule) && self.0.allow.contains(&rule);
        found.0.retain(|violation| !allowed(violation.rule));
        let is_insecure = |violation: &Violation| violation.rule == Rule::InsecureOrigin;
        let (insecure, violations): (Vec<_>, Vec<_>) = found.0.into_iter().partition(is_insecure);
        match origins {
            Origins::List { patterns, regexes } if violations.is_empty() => Ok(ValidList {
                patterns,
                regexes,
                insecure,
            }),
            _ => Err(violations),
        }
    }

    fn check_empty(&self, found: &mut Violations) {
        if self.0.origins.is_empty() {
            let message = "the list names no origin; where that is meant, write `allow_empty()`";
            found.push(Rule::MissingOrigins, Field::Origins, None, message);
        }
    }

    /// Rejects `"*"`: only a policy can allow every origin.
    fn check_wildcard(&self, found: &mut Violations) {
        for (index, _) in self.0.origins.iter().enumerate().filter(is_wildcard) {
            let message = "`*` is not an entry of a list; for every origin write \
                           `origins = \"*\"` in the policy";
            found.push(Rule::OriginWildcard, Field::Origins, Some(index), message);
        }
    }
}

fn is_wildcard((_, entry): &(usize, &OriginEntry)) -> bool {
    entry.text() == WILDCARD
}
