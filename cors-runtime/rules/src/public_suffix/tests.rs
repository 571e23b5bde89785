//! Compares the table with the `psl` crate, which is made from the same list.

use std::collections::BTreeSet;

use super::{TABLE, covered_public_suffix, is_public_suffix};

fn is_suffix_of_psl(domain: &str) -> bool {
    let domain = domain.as_bytes();
    psl::suffix(domain).is_some_and(|suffix| suffix.is_known() && suffix.as_bytes() == domain)
}

/// Returns the rules of the table, as they are written in the list.
fn rules() -> BTreeSet<String> {
    let lines = TABLE.lines().filter_map(|line| line.split_once(' '));
    let rules = lines.flat_map(|(parent, labels)| {
        let labels = labels.split(' ');
        labels.map(move |label| format!("{label}.{parent}").trim_end_matches('.').to_owned())
    });
    rules.collect()
}

fn parents(domain: &str) -> impl Iterator<Item = &str> {
    domain.match_indices('.').map(|(dot, _)| &domain[dot + 1..])
}

/// Returns the domains above a rule that is not an exception.
fn domains_above_rules() -> BTreeSet<String> {
    let rules = rules();
    let rules = rules.iter().filter(|rule| !rule.starts_with('!'));
    rules
        .flat_map(|rule| parents(rule))
        .map(str::to_owned)
        .collect()
}

/// Returns the domains of all rules, and their parents, children and siblings.
fn names() -> BTreeSet<String> {
    let rules = rules();
    let rules = rules
        .iter()
        .map(|rule| rule.trim_start_matches(['!', '*', '.']));
    let domains: BTreeSet<_> = rules.flat_map(|rule| parents(rule).chain([rule])).collect();
    let relatives = domains.into_iter().flat_map(|domain| {
        [
            domain.to_owned(),
            format!("a.{domain}"),
            format!("a.b.{domain}"),
            format!("a{domain}"),
            format!("{domain}a"),
        ]
    });
    relatives.collect()
}

#[test]
fn the_table_has_the_suffixes_of_the_psl_crate() {
    assert!(rules().len() > 10_000);
    let above = domains_above_rules();
    for name in names() {
        // Where `*.firenet.ch` and `*.svc.firenet.ch` are rules, `svc.firenet.ch` matches the
        // first. The `psl` crate only compares that domain with the second.
        let matches_two = above.contains(&name) && is_public_suffix(&name);
        assert!(
            is_public_suffix(&name) == is_suffix_of_psl(&name) || matches_two,
            "{name}"
        );
    }
}

#[test]
fn suffixes_and_the_domains_above_suffixes_cover_a_suffix() {
    let above = domains_above_rules();
    for name in names() {
        let covered = covered_public_suffix(&name);
        let covers = above.contains(&name) || is_public_suffix(&name);
        assert_eq!(covered.is_some(), covers, "{name}");
        let is_below = |suffix: &String| format!(".{suffix}").ends_with(&format!(".{name}"));
        assert!(covered.is_none_or(|suffix| is_below(&suffix)), "{name}");
    }
}

#[test]
fn the_covered_suffix_is_named() {
    for (domain, suffix) in [
        ("co.uk", Some("co.uk")),
        ("co.uk.", Some("co.uk")),
        ("amazonaws.com", Some("s3.amazonaws.com")),
        ("ck", Some("*.ck")),
        ("www.ck", None),
        ("kawasaki.jp", Some("*.kawasaki.jp")),
        ("any.kawasaki.jp", Some("any.kawasaki.jp")),
        ("city.kawasaki.jp", None),
        ("xn--p1ai", Some("xn--p1ai")),
        ("example.com", None),
        ("internal", None),
        ("localhost", None),
        ("", None),
    ] {
        assert_eq!(covered_public_suffix(domain).as_deref(), suffix, "{domain}");
    }
}
