//! Runs the table tests of jub0bs/cors v1.0.2 for Go, the strictest CORS library before this one,
//! against `cors-rules`.
//!
//! `patterns.rs`, `sets.rs` and `configs.rs` contain the inputs and verdicts of those tests
//! (github.com/jub0bs/cors, commit b30599e, MIT licence, © jub0bs), but not their code. This crate
//! intentionally departs from some verdicts. Each departure is listed here with its reason. The
//! tests fail for a departure that is not listed, and for a listed departure that does not occur.
#![cfg(feature = "regex")]

mod configs;
mod patterns;
mod sets;

use std::collections::BTreeSet;

use cors_rules::{Field, Origin, OriginPattern, PolicySpec, PortPattern, Rule, Violation};

use self::configs::{CONFIGS, Config};
use self::patterns::{INSECURE, PATTERNS, PUBLIC_SUFFIX};
use self::sets::{ASSERTIONS, SETS};

/// The name in the table, and the reason.
type Departures<'a> = &'a [(&'a str, &'a str)];

/// Compares the names of the cases with different results with the names of the listed departures.
#[track_caller]
fn assert_departures<'a>(found: impl IntoIterator<Item = &'a str>, intended: Departures<'a>) {
    let found: BTreeSet<&str> = found.into_iter().collect();
    let intended: BTreeSet<&str> = intended.iter().map(|(name, _)| *name).collect();
    let unlisted: Vec<_> = found.difference(&intended).collect();
    let gone: Vec<_> = intended.difference(&found).collect();
    assert!(
        unlisted.is_empty() && gone.is_empty(),
        "departures that are not listed: {unlisted:#?}\nlisted departures that did not occur: {gone:#?}",
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
fn patterns_are_parsed_as_in_jub0bs_cors() {
    let mut departures = Vec::new();
    for (desc, input, expected) in &PATTERNS {
        let expected = expected
            .as_ref()
            .map(|it| (it.scheme.to_owned(), it.host.to_owned(), it.port));
        if read(input) != expected {
            departures.push(*desc);
        }
    }
    assert_departures(departures, &[]);
}

/// Returns scheme, host and port, in the notation of the table.
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
fn a_refused_pattern_is_named_in_the_violation() {
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
fn patterns_are_insecure_as_in_jub0bs_cors() {
    let table = INSECURE
        .iter()
        .map(|(pattern, insecure)| (*pattern, *pattern, *insecure));
    let patterns = PATTERNS.iter().filter_map(|(desc, pattern, expected)| {
        Some((*desc, *pattern, expected.as_ref()?.insecure))
    });
    let departures = table.chain(patterns).filter(|(_, pattern, insecure)| {
        let refused = rules(&with_origins(&[pattern], true)).contains(&Rule::InsecureOrigin);
        refused != *insecure
    });
    let no_network = "only `http` pages come over a network without encryption; these pages come \
                      from an app or an extension";
    assert_departures(
        departures.map(|(name, ..)| name),
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
fn patterns_cover_a_public_suffix_as_in_jub0bs_cors() {
    let departures = PUBLIC_SUFFIX.iter().filter(|(pattern, covers)| {
        let refused = rules(&with_origins(&[pattern], true)).contains(&Rule::PublicSuffix);
        refused != *covers
    });
    assert_departures(departures.map(|(pattern, _)| *pattern), &[]);
}

#[test]
fn lists_match_as_in_jub0bs_cors() {
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

/// Checks that exactly the entries that jub0bs/cors drops from a list are violations.
#[test]
fn redundant_entries_are_refused() {
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
        // The first table is an empty list, which is a violation of its own.
        let others = violations.len() - dropped.len();
        assert_eq!(others, usize::from(set.patterns.is_empty()), "{}", set.desc);
    }
}

/// Returns the policy for a configuration, or `None` if a policy cannot express it.
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

/// Returns the key and the value of a violation.
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

/// The configurations with different results, the rules that they break here, and the reason.
#[rustfmt::skip]
const CONFIG_DEPARTURES: &[(&str, &[Rule], &str)] = &[
    ("passthrough", &[Rule::MissingOrigins],
        "a handler without a policy has no attribute"),
    ("anonymous allow all", &[Rule::WildcardBesideEntries, Rule::DuplicateHeader],
        "`authorization` is listed twice"),
    ("discrete methods discrete headers zero max age",
        &[Rule::DuplicateOrigin, Rule::DuplicateHeader, Rule::DuplicateHeader],
        "duplicates, of header names in any case"),
    ("credentialed all req headers",
        &[Rule::CoveredOrigin, Rule::DuplicateHeader],
        "an entry is covered by another entry, and a header is listed twice"),
    ("discrete origin patterns in addition to wildcard",
        &[Rule::WildcardBesideEntries, Rule::DuplicateOrigin, Rule::DuplicateOrigin],
        "next to `*`, the other entries have no effect"),
    ("discrete methods in addition to wildcard", &[Rule::WildcardBesideEntries],
        "next to `*`, the other entries have no effect"),
    ("browser-normalized methods", &[Rule::MethodCase; 9],
        "browsers send these in upper case, so the entry never matches"),
    ("discrete request-header names in addition to wildcard (anonymous)",
        &[Rule::WildcardBesideEntries, Rule::DuplicateHeader],
        "next to `*`, only `authorization` has an effect"),
    ("discrete request-header names in addition to wildcard (credentialed)",
        &[Rule::WildcardBesideEntries, Rule::DuplicateHeader],
        "next to `*`, only `authorization` has an effect"),
    ("discrete response-header names in addition to wildcard", &[Rule::WildcardBesideEntries],
        "next to `*`, the other entries have no effect"),
    ("max age less than -1", &[],
        "the number cannot be negative"),
];

#[test]
fn configurations_are_refused_as_in_jub0bs_cors() {
    let mut departures = Vec::new();
    for config in &CONFIGS {
        let spec = written(config);
        let violations = spec.as_ref().map(violations).unwrap_or_default();
        let mut places: Vec<_> = violations.iter().map(|it| place(config, it)).collect();
        let mut expected = config.errors.to_vec();
        let key = |place: &(Field, Option<&str>)| (place.0.name(), place.1.map(str::to_owned));
        places.sort_by_key(key);
        expected.sort_by_key(key);
        if spec.is_none() || places != expected {
            departures.push((config.desc, violations));
        }
    }
    for (desc, violations) in &departures {
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
    assert_departures(departures.iter().map(|(desc, _)| *desc), &intended);
}

/// Checks policies that are not in the tables, against results of a run of jub0bs/cors.
#[test]
fn departures_outside_of_the_tables() {
    let method = |name| PolicySpec {
        methods: Some(strings(&[name])),
        ..with_origins(&["https://example.com"], false)
    };
    let header = |name| PolicySpec {
        headers: strings(&[name]),
        ..with_origins(&["https://example.com"], false)
    };
    // jub0bs/cors accepts these policies.
    for (spec, rule) in [
        // Not in the alphabet of a scheme (Fetch, `serialized-scheme`).
        (
            with_origins(&["foo_bar://example.com"], false),
            Rule::OriginScheme,
        ),
        // A WebSocket handshake has the origin of the page.
        (
            with_origins(&["ws://example.com"], false),
            Rule::SchemeNeverSent,
        ),
        (
            with_origins(&["javascript://example.com"], false),
            Rule::SchemeNeverSent,
        ),
        // Anyone can register a name there, and receive responses, with or without credentials.
        (with_origins(&["https://*.com"], false), Rule::PublicSuffix),
        (
            with_origins(&["https://*.github.io"], false),
            Rule::PublicSuffix,
        ),
        // Browsers do not convert `patch` to `PATCH`.
        (method("patch"), Rule::MethodCase),
        // Browsers gave up this proposal.
        (
            header("access-control-request-private-network"),
            Rule::PrivateNetwork,
        ),
    ] {
        assert_eq!(rules(&spec), [rule], "{spec:?}");
    }
    // jub0bs/cors rejects these origins.
    for origin in [
        // Not on the list of public suffixes. Only the default rule of the list covers it.
        "https://*.localhost",
        // The pages of an extension do not come over a network.
        "chrome-extension://aapocclcgogkmnckokdopfmhonfmgoek",
    ] {
        assert_eq!(rules(&with_origins(&[origin], true)), [], "{origin}");
    }
}
