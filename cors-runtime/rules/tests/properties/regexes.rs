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
fn a_regex_is_never_the_wildcard() {
    assert_eq!(rules("*"), [Rule::RegexSyntax]);
}

/// Few letters are as many domains, and each is somebody's own.
#[test]
fn a_class_is_no_domain_however_small() {
    for pattern in [
        r"https://example\d\.com",
        r"https://[a-j]\.co\.uk",
        r"https://app\.example[12]\.com",
    ] {
        assert_eq!(rules(pattern), [Rule::LooseRegex], "{pattern}");
    }
}

/// The entries between `"` and `"` in the message for a regex.
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
    fn a_sound_regex_compiles_and_what_is_suggested_for_another_is_an_entry(
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

    /// So that nobody else can register a name that matches.
    #[test]
    fn what_a_sound_regex_matches_is_under_a_domain_that_it_spells_out(
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

/// What is left are the letters that the pattern spells out: one of another class in a domain was
/// chosen by its owner.
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

/// Some strings that match, as far as they can be made.
fn matching(pattern: &str, seed: u8) -> Vec<String> {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(config(1), rng);
    // That generator knows no anchors.
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
