//! The table tests of jub0bs/cors v1.0.2 for Go, the strictest CORS library before this one,
//! against `cors-rules`.
//!
//! `patterns.rs`, `sets.rs` and `configs.rs` restate the facts of those tests
//! (github.com/jub0bs/cors, commit b30599e, MIT licence, © jub0bs): the inputs and the verdicts,
//! not the code. Where this crate departs from a verdict, it does so on purpose: each departure is
//! listed here with its reason, and a departure that is not listed fails as does a listed one
//! that is none (any more).
#![cfg(feature = "regex")]

mod configs;
mod patterns;
mod sets;

use std::collections::BTreeSet;

use cors_rules::{Field, Origin, OriginPattern, PolicySpec, PortPattern, Rule, Violation};

use self::configs::{CONFIGS, Config};
use self::patterns::{INSECURE, PATTERNS, PUBLIC_SUFFIX};
use self::sets::{ASSERTIONS, SETS};

/// The name in the table and the reason.
type Departures<'a> = &'a [(&'a str, &'a str)];

/// Compares the names of the cases that came out otherwise with those that are meant to.
#[track_caller]
fn assert_departures<'a>(found: impl IntoIterator<Item = &'a str>, intended: Departures<'a>) {
    let found: BTreeSet<&str> = found.into_iter().collect();
    let intended: BTreeSet<&str> = intended.iter().map(|(name, _)| *name).collect();
    let unlisted: Vec<_> = found.difference(&intended).collect();
    let gone: Vec<_> = intended.difference(&found).collect();
    assert!(
        unlisted.is_empty() && gone.is_empty(),
        "departures that are not listed: {unlisted:#?}\nlisted departures that are none: {gone:#?}",
    );
}

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

fn violations(spec: &PolicySpec) -> Vec<Violation> {
    spec.check().err().unwrap_or_default()
}

fn rules(spec: &PolicySpec) -> Vec<Rule> {
    let violations = violations(spec);
    violations.iter().map(|violation| violation.rule).collect()
}

fn with_origins(origins: &[&str], credentials: bool) -> PolicySpec {
    PolicySpec {
        origins: origins.iter().map(|&origin| origin.into()).collect(),
        credentials,
        ..PolicySpec::default()
    }
}

#[test]
fn the_same_patterns_are_read_as_the_same() {
    let mut departed = Vec::new();
    for (desc, input, expected) in &PATTERNS {
        let expected = expected
            .as_ref()
            .map(|it| (it.scheme.to_owned(), it.host.to_owned(), it.port));
        if read(input) != expected {
            departed.push(*desc);
        }
    }
    assert_departures(departed, &[]);
}

/// Scheme, host and port, spelled as in the table.
fn read(input: &str) -> Option<(String, String, i32)> {
    let pattern = OriginPattern::parse(input).ok()?;
    let host = pattern.host.trim_matches(['[', ']']);
    let labels = if pattern.subdomains { "*." } else { "" };
    let port = match pattern.port {
        PortPattern::Absent => 0,
        PortPattern::Is(port) => port.parse().expect("a number"),
        PortPattern::Any => -1,
    };
    Some((pattern.scheme.to_owned(), format!("{labels}{host}"), port))
}

#[test]
fn a_refused_pattern_is_refused_in_a_policy_and_says_which() {
    for (desc, input, expected) in PATTERNS {
        if expected.is_none() {
            let violations = violations(&with_origins(&[input], false));
            let [violation] = &violations[..] else {
                panic!("{desc}: {violations:?}")
            };
            assert_eq!(
                (violation.field, violation.index),
                (Field::Origins, Some(0)),
                "{desc}"
            );
            assert!(
                violation.message.starts_with(&format!("`{input}` ")),
                "{desc}: {violation}"
            );
        }
    }
}

#[test]
fn the_same_patterns_are_insecure() {
    let table = INSECURE
        .iter()
        .map(|(pattern, insecure)| (*pattern, *pattern, *insecure));
    let patterns = PATTERNS.iter().filter_map(|(desc, pattern, expected)| {
        Some((*desc, *pattern, expected.as_ref()?.insecure))
    });
    let departed = table.chain(patterns).filter(|(_, pattern, insecure)| {
        let refused = rules(&with_origins(&[pattern], true)).contains(&Rule::InsecureOrigin);
        refused != *insecure
    });
    let no_network = "only `http` travels over a network in the clear; these pages come from an \
                      app or an extension";
    assert_departures(
        departed.map(|(name, ..)| name),
        &[
            ("non-HTTP scheme", no_network),
            ("\"a\" scheme", no_network),
            ("\"b\" scheme", no_network),
            ("\"y\" scheme", no_network),
            ("\"z\" scheme", no_network),
            ("maximum length and maximum port", no_network),
        ],
    );
}

#[test]
fn the_same_patterns_cover_a_public_suffix() {
    let departed = PUBLIC_SUFFIX.iter().filter(|(pattern, covers)| {
        let refused = rules(&with_origins(&[pattern], true)).contains(&Rule::PublicSuffix);
        refused != *covers
    });
    assert_departures(departed.map(|(pattern, _)| *pattern), &[]);
}

#[test]
fn the_same_lists_match_the_same_origins() {
    let mut assertions = 0;
    for set in &SETS {
        let patterns: Vec<_> = set
            .patterns
            .iter()
            .map(|pattern| OriginPattern::parse(pattern).expect(pattern))
            .collect();
        let verdicts = [(set.accepts, true), (set.rejects, false)];
        let cases = verdicts
            .iter()
            .flat_map(|&(origins, verdict)| origins.iter().map(move |origin| (*origin, verdict)));
        for (origin, verdict) in cases {
            let parsed = Origin::parse(origin).expect(origin);
            let matched = patterns.iter().any(|pattern| pattern.matches(&parsed));
            assert_eq!(matched, verdict, "{}: `{origin}`", set.desc);
            assertions += 1;
        }
    }
    assert_eq!(assertions, ASSERTIONS);
}

/// What jub0bs/cors drops from a list without a word is a violation here: nothing else is.
#[test]
fn the_same_entries_of_a_list_say_nothing() {
    for set in &SETS {
        let spec = with_origins(set.patterns, false);
        let violations = violations(&spec);
        let superfluous = [Rule::DuplicateOrigin, Rule::CoveredOrigin];
        let dropped: BTreeSet<usize> = violations
            .iter()
            .filter(|violation| superfluous.contains(&violation.rule))
            .filter_map(|violation| violation.index)
            .collect();
        let kept: BTreeSet<&str> = (0..set.patterns.len())
            .filter(|index| !dropped.contains(index))
            .map(|index| set.patterns[index])
            .collect();
        assert_eq!(kept, set.kept.iter().copied().collect(), "{}", set.desc);
        assert_eq!(
            set.patterns.len() - dropped.len(),
            set.kept.len(),
            "{}",
            set.desc
        );
        // The first table has no pattern at all, and that has a rule of its own.
        let others = violations.len() - dropped.len();
        assert_eq!(others, usize::from(set.patterns.is_empty()), "{}", set.desc);
    }
}

/// The configuration, or nothing where a policy has no words for it.
fn written(config: &Config) -> Option<PolicySpec> {
    let max_age = match config.max_age {
        0 => None,
        -1 => Some(0),
        seconds => Some(u64::try_from(seconds).ok()?),
    };
    Some(PolicySpec {
        methods: config.methods.map(strings),
        headers: strings(config.headers),
        expose: strings(config.expose),
        max_age,
        allow: config.allow.to_vec(),
        ..with_origins(config.origins, config.credentials)
    })
}

/// The key and the value that the violation is about.
fn place<'a>(config: &'a Config, violation: &Violation) -> (Field, Option<&'a str>) {
    let list = match violation.field {
        Field::Origins => config.origins,
        Field::Methods => config.methods.unwrap_or_default(),
        Field::Headers => config.headers,
        Field::Expose => config.expose,
        _ => &[],
    };
    (violation.field, violation.index.map(|index| list[index]))
}

/// The configurations that come out otherwise, with what is said of them here.
#[rustfmt::skip]
const CONFIG_DEPARTURES: &[(&str, &[Rule], &str)] = &[
    ("passthrough", &[Rule::MissingOrigins],
        "a handler without a policy has no attribute"),
    ("anonymous allow all", &[Rule::WildcardBesideEntries, Rule::DuplicateHeader],
        "`authorization` stands there twice"),
    ("discrete methods discrete headers zero max age",
        &[Rule::DuplicateOrigin, Rule::DuplicateHeader, Rule::DuplicateHeader],
        "duplicates, of header names in any case"),
    ("credentialed all req headers",
        &[Rule::CoveredOrigin, Rule::DuplicateHeader],
        "an entry is covered by another one, and a header stands there twice"),
    ("discrete origin patterns in addition to wildcard",
        &[Rule::WildcardBesideEntries, Rule::DuplicateOrigin, Rule::DuplicateOrigin],
        "beside `*` the other entries say nothing"),
    ("discrete methods in addition to wildcard", &[Rule::WildcardBesideEntries],
        "beside `*` the other entries say nothing"),
    ("browser-normalized methods", &[Rule::MethodCase; 9],
        "browsers send these in upper case: a name that never matches is a slip"),
    ("discrete request-header names in addition to wildcard (anonymous)",
        &[Rule::WildcardBesideEntries, Rule::DuplicateHeader],
        "beside `*` only `authorization` says something"),
    ("discrete request-header names in addition to wildcard (credentialed)",
        &[Rule::WildcardBesideEntries, Rule::DuplicateHeader],
        "beside `*` only `authorization` says something"),
    ("discrete response-header names in addition to wildcard", &[Rule::WildcardBesideEntries],
        "beside `*` the other entries say nothing"),
    ("max age less than -1", &[],
        "cannot be written: the number has no sign"),
];

#[test]
fn the_same_configurations_are_refused_for_the_same_values() {
    let mut departed = Vec::new();
    for config in &CONFIGS {
        let spec = written(config);
        let violations = spec.as_ref().map(violations).unwrap_or_default();
        let mut places: Vec<_> = violations.iter().map(|it| place(config, it)).collect();
        let mut expected = config.errors.to_vec();
        let key = |place: &(Field, Option<&str>)| (place.0.name(), place.1.map(str::to_owned));
        places.sort_by_key(key);
        expected.sort_by_key(key);
        if spec.is_none() || places != expected {
            departed.push((config.desc, violations));
        }
    }
    for (desc, violations) in &departed {
        let listed = CONFIG_DEPARTURES.iter().find(|(name, ..)| name == desc);
        if let Some((_, rules, _)) = listed {
            let found: Vec<_> = violations.iter().map(|it| it.rule).collect();
            assert_eq!(found, *rules, "{desc}: {violations:#?}");
        }
    }
    let intended: Vec<_> = CONFIG_DEPARTURES
        .iter()
        .map(|&(desc, _, reason)| (desc, reason))
        .collect();
    assert_departures(departed.iter().map(|(desc, _)| *desc), &intended);
}

/// What that library does with policies that its tables leave out; read off a run of it.
#[test]
fn departures_beside_the_tables_are_as_listed() {
    let method = |name| PolicySpec {
        methods: Some(strings(&[name])),
        ..with_origins(&["https://example.com"], false)
    };
    let header = |name| PolicySpec {
        headers: strings(&[name]),
        ..with_origins(&["https://example.com"], false)
    };
    // Accepted there.
    for (spec, rule) in [
        // Not in the alphabet of a scheme (Fetch, `serialized-scheme`).
        (
            with_origins(&["foo_bar://example.com"], false),
            Rule::OriginScheme,
        ),
        // A WebSocket handshake carries the origin of the page.
        (
            with_origins(&["ws://example.com"], false),
            Rule::SchemeNeverSent,
        ),
        (
            with_origins(&["javascript://example.com"], false),
            Rule::SchemeNeverSent,
        ),
        // Anybody can register a name there, and be answered, with or without credentials.
        (with_origins(&["https://*.com"], false), Rule::PublicSuffix),
        (
            with_origins(&["https://*.github.io"], false),
            Rule::PublicSuffix,
        ),
        // Browsers do not turn `patch` into `PATCH`.
        (method("patch"), Rule::MethodCase),
        // A proposal that browsers gave up.
        (
            header("access-control-request-private-network"),
            Rule::PrivateNetwork,
        ),
    ] {
        assert_eq!(rules(&spec), [rule], "{spec:?}");
    }
    // Refused there.
    for origin in [
        // Not on the list of public suffixes; only its default rule says so.
        "https://*.localhost",
        // No network between.
        "chrome-extension://aapocclcgogkmnckokdopfmhonfmgoek",
    ] {
        assert_eq!(rules(&with_origins(&[origin], true)), [], "{origin}");
    }
}
