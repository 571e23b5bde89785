//! Regex origins.

use cors_rules::{Origin, OriginEntry, OriginPattern, PolicySpec, Rule, Violation, compile_regex};
use proptest::prelude::*;

use crate::config;
use crate::strategies::almost_regex;

fn checked_regex(pattern: &str) -> Result<(), Vec<Violation>> {
    let spec = PolicySpec {
        origins: vec![OriginEntry::regex(pattern)],
        ..PolicySpec::default()
    };
    spec.check().map(|_| ())
}

fn rules(pattern: &str) -> Vec<Rule> {
    let violations = checked_regex(pattern).err().unwrap_or_default();
    violations.iter().map(|it| it.rule).collect()
}

#[test]
fn a_star_is_not_a_valid_regex() {
    assert_eq!(rules("*"), [Rule::RegexSyntax]);
}

/// A class with few letters still matches several domains, which can have different owners.
#[test]
fn a_small_class_in_a_domain_is_loose() {
    for pattern in [
        r"https://example\d\.com",
        r"https://[a-j]\.co\.uk",
        r"https://app\.example[12]\.com",
    ] {
        assert_eq!(rules(pattern), [Rule::LooseRegex], "{pattern}");
    }
}

/// Returns the suggested entries in the message for a regex.
fn suggested_entries(message: &str) -> impl Iterator<Item = &str> {
    let hint = message
        .rsplit_once("; write `")
        .map_or("", |(_, hint)| hint);
    hint.split("`, `")
        .map(|entry| entry.trim_matches(['`', '"']))
        .filter(|entry| entry.contains("://"))
}

proptest! {
    #![proptest_config(config(1024))]

    #[test]
    fn a_valid_regex_compiles_and_suggestions_are_valid_entries(
        pattern in almost_regex(),
    ) {
        match checked_regex(&pattern) {
            Ok(()) => prop_assert!(compile_regex(&pattern).is_ok()),
            Err(violations) => {
                let messages = violations.iter().map(|it| &it.message);
                for entry in messages.flat_map(|it| suggested_entries(it)) {
                    let parsed = OriginPattern::parse(entry);
                    prop_assert!(parsed.is_ok(), "`{}` for `{}`", entry, pattern);
                }
            }
        }
    }

    /// The end of a valid regex has to prevent other parties from registering a name that matches.
    #[test]
    fn a_valid_regex_contains_the_domain_that_it_matches(
        pattern in almost_regex(),
        seed in any::<u8>(),
    ) {
        if checked_regex(&pattern).is_err() {
            return Ok(());
        }
        let regex = compile_regex(&pattern).expect("a valid regex");
        let spelled = without_classes(&pattern);
        for value in matching(&pattern, seed) {
            let Ok(origin) = Origin::parse(&value) else { continue };
            // `localhost` and the names under it are the user's own.
            if !regex.is_match(value.as_bytes()) || origin.host.ends_with("localhost") {
                continue;
            }
            let domain = psl::domain_str(origin.host).unwrap_or(origin.host);
            let is_spelled_out = domain.chars().all(|c| spelled.contains(c));
            prop_assert!(is_spelled_out, "`{}` matches `{}`", pattern, value);
        }
    }
}

/// Removes the classes from a pattern. The remaining letters are literal.
fn without_classes(pattern: &str) -> String {
    let mut left = String::new();
    let mut inside = false;
    for c in pattern.chars() {
        inside = (inside || c == '[') && c != ']';
        if !inside {
            left.push(c);
        }
    }
    left
}

/// Returns some strings that match, if the generator supports the pattern.
fn matching(pattern: &str, seed: u8) -> Vec<String> {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(config(1), rng);
    // The generator does not support anchors.
    let pattern = pattern
        .replace(['^', '$'], "")
        .replace("\\A", "")
        .replace("\\z", "");
    let Ok(strategy) = proptest::string::string_regex(&pattern) else {
        return Vec::new();
    };
    (0..8)
        .filter_map(|_| strategy.new_tree(&mut runner).ok())
        .map(|tree| tree.current())
        .collect()
}
