//! Lists of origins that are made at start-up, and durations.

use cors_rules::{ListSpec, Rule, Violation, duration_seconds};

fn list(entries: &[&str], allow: &[Rule]) -> ListSpec {
    let entries = entries.iter().map(|&entry| entry.into()).collect();
    ListSpec::new(entries, allow.to_vec())
}

fn texts(violations: &[Violation]) -> Vec<String> {
    violations.iter().map(ToString::to_string).collect()
}

#[track_caller]
fn is_rejected(list: &ListSpec, expected: &[&str]) {
    assert_eq!(texts(&list.check().expect_err("invalid")), expected);
}

#[test]
fn a_list_of_origins() {
    let list = list(&["https://a.example", "http://b.example"], &[]);
    let valid = list.check().expect("valid");
    assert!(!valid.any);
    assert_eq!(valid.patterns.len(), 2);
    assert_eq!(valid.unenforceable, []);
    // Only a policy with `credentials` rejects the entry.
    let rules: Vec<_> = valid
        .insecure
        .iter()
        .map(|it| (it.rule, it.index))
        .collect();
    assert_eq!(rules, [(Rule::InsecureOrigin, Some(1))]);
}

#[test]
fn an_empty_list() {
    let message = "origins: the list is empty; if that is intended, call `allow_empty()`";
    is_rejected(&list(&[], &[]), &[message]);
    assert!(list(&[], &[Rule::MissingOrigins]).check().is_ok());
}

#[test]
fn a_list_with_a_wildcard() {
    let message = "`*` is not an entry of a list; to allow every origin, write `origins = \"*\"` \
                   in the policy, or call `allow_any()`";
    is_rejected(&list(&["*"], &[]), &[&format!("origins[0]: {message}")]);
    let both = ["https://a.example", "*"];
    is_rejected(&list(&both, &[]), &[&format!("origins[1]: {message}")]);
}

#[test]
fn a_list_that_may_allow_every_origin() {
    let any = list(&["*"], &[]).allow_any();
    let any = any.check().expect("valid");
    assert!(any.any);
    assert_eq!(any.patterns, []);
    assert_eq!(
        texts(&any.insecure),
        [
            "origins[0]: `*` in a list excludes `credentials` in a policy that uses the list, \
             because every page could act as the logged-in user; list the origins, or remove \
             `credentials`"
        ]
    );
    assert_eq!(
        texts(&any.unenforceable),
        [
            "origins[0]: `*` in a list excludes `enforce` in a policy that uses the list, because \
             no origin would be refused; list the origins, or remove `enforce`"
        ]
    );
    let both = list(&["https://a.example", "*"], &[]).allow_any();
    is_rejected(
        &both,
        &[
            "origins[1]: `*` matches every origin, so the other entries of the list have no \
             effect; keep one or the other",
        ],
    );
    let listed = list(&["https://a.example"], &[]).allow_any();
    assert!(!listed.check().expect("valid").any);
}

#[test]
fn exceptions_of_a_list() {
    let twice = ["https://a.example", "https://a.example"];
    is_rejected(
        &list(&twice, &[]),
        &["origins[1]: `https://a.example` is listed twice; remove one"],
    );
    assert!(list(&twice, &[Rule::DuplicateOrigin]).check().is_ok());
    // This rule cannot be switched off.
    let upper_case = list(&["https://A.example"], &[Rule::OriginUpperCase]);
    assert!(upper_case.check().is_err());
}

#[test]
fn durations() {
    for (duration, seconds) in [
        ("90s", Some(90)),
        ("0s", Some(0)),
        ("10m", Some(600)),
        ("2h", Some(7200)),
        ("", None),
        ("s", None),
        ("10", None),
        ("10d", None),
        ("+1s", None),
        ("-1s", None),
        ("1 s", None),
        ("1.5h", None),
        ("1é", None),
        ("5124095576030431h", Some(18_446_744_073_709_551_600)),
        ("5124095576030432h", None),
        ("99999999999999999999s", None),
    ] {
        assert_eq!(duration_seconds(duration), seconds, "{duration}");
    }
}
