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
pub struct ListSpec {
    policy: PolicySpec,
    allows_any: bool,
}

/// A valid [`ListSpec`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidList<'a> {
    /// Whether the only entry is `*`, which matches every origin.
    pub any: bool,
    /// The entries that are not regexes.
    pub patterns: Vec<OriginPattern<'a>>,
    /// The regexes.
    pub regexes: Vec<&'a str>,
    /// The violations in a policy with `credentials`. The list alone does not determine which
    /// policies use the entries.
    pub insecure: Vec<Violation>,
    /// The violations in a policy with `enforce`.
    pub unenforceable: Vec<Violation>,
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
        Self {
            policy: PolicySpec {
                origins,
                allow,
                credentials: true,
                ..PolicySpec::default()
            },
            allows_any: false,
        }
    }

    /// Accepts `*` as the only entry.
    ///
    /// ```
    /// use cors_rules::ListSpec;
    ///
    /// let spec = |entries: &[&str]| {
    ///     let entries = entries.iter().map(|&entry| entry.into()).collect();
    ///     ListSpec::new(entries, Vec::new()).allow_any()
    /// };
    /// assert!(spec(&["*"]).check().is_ok_and(|list| list.any));
    /// assert!(spec(&["*", "https://app.example.com"]).check().is_err());
    /// ```
    #[must_use]
    pub fn allow_any(mut self) -> Self {
        self.allows_any = true;
        self
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
        let origins = self.policy.check_origins(&mut found);
        let in_words_of_its_own = [Rule::MissingOrigins, Rule::WildcardBesideEntries];
        found
            .0
            .retain(|violation| !in_words_of_its_own.contains(&violation.rule));
        self.check_empty(&mut found);
        self.check_wildcard(&mut found);
        let allowed =
            |rule: Rule| Self::ALLOWABLE.contains(&rule) && self.policy.allow.contains(&rule);
        found.0.retain(|violation| !allowed(violation.rule));
        let is_insecure = |violation: &Violation| violation.rule == Rule::InsecureOrigin;
        let (insecure, violations): (Vec<_>, Vec<_>) = found.0.into_iter().partition(is_insecure);
        match origins {
            _ if !violations.is_empty() => Err(violations),
            Origins::Any => Ok(ValidList::any()),
            Origins::List { patterns, regexes } => Ok(ValidList {
                any: false,
                patterns,
                regexes,
                insecure,
                unenforceable: Vec::new(),
            }),
        }
    }

    fn check_empty(&self, found: &mut Violations) {
        if self.policy.origins.is_empty() {
            let message = "the list is empty; if that is intended, call `allow_empty()`";
            found.push(Rule::MissingOrigins, Field::Origins, None, message);
        }
    }

    /// Rejects `"*"`, unless it is the only entry of a list that may allow every origin.
    fn check_wildcard(&self, found: &mut Violations) {
        if self.allows_any {
            self.check_lone_wildcard(found);
            return;
        }
        for (index, _) in self.policy.origins.iter().enumerate().filter(is_wildcard) {
            let message = "`*` is not an entry of a list; to allow every origin, write `origins = \
                           \"*\"` in the policy, or call `allow_any()`";
            found.push(Rule::OriginWildcard, Field::Origins, Some(index), message);
        }
    }

    fn check_lone_wildcard(&self, found: &mut Violations) {
        let is_lone = self.policy.origins.len() == 1;
        let wildcards = self.policy.origins.iter().enumerate().filter(is_wildcard);
        for (index, _) in wildcards.filter(|_| !is_lone) {
            let message = "`*` matches every origin, so the other entries of the list have no \
                           effect; keep one or the other";
            let rule = Rule::WildcardBesideEntries;
            found.push(rule, Field::Origins, Some(index), message);
        }
    }
}

impl ValidList<'_> {
    /// Creates the list `*`.
    fn any() -> Self {
        let credentials = "`*` in a list excludes `credentials` in a policy that uses the list, \
                           because every page could act as the logged-in user; list the \
                           origins, or remove `credentials`";
        let enforce = "`*` in a list excludes `enforce` in a policy that uses the list, because \
                       no origin would be refused; list the origins, or remove `enforce`";
        Self {
            any: true,
            patterns: Vec::new(),
            regexes: Vec::new(),
            insecure: wildcard_violation(Rule::CredentialsWildcard, credentials),
            unenforceable: wildcard_violation(Rule::EnforceWildcard, enforce),
        }
    }
}

fn wildcard_violation(rule: Rule, message: &str) -> Vec<Violation> {
    let mut found = Violations::default();
    found.push(rule, Field::Origins, Some(0), message);
    found.0
}

fn is_wildcard((_, entry): &(usize, &OriginEntry)) -> bool {
    entry.text() == WILDCARD
}
