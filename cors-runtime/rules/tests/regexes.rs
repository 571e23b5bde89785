//! Tests which regexes are valid, the messages for invalid regexes, and the origins that a regex
//! matches.
#![cfg(feature = "regex")]

use cors_rules::{OriginEntry, PolicySpec, Rule, Violation, compile_regex};

fn check(pattern: &str, allow: &[Rule]) -> Vec<Violation> {
    let spec = PolicySpec {
        origins: vec![OriginEntry::regex(pattern)],
        allow: allow.to_vec(),
        ..PolicySpec::default()
    };
    spec.check().err().unwrap_or_default()
}

#[test]
fn strict_patterns_are_valid() {
    for pattern in [
        r"https://pr-[0-9]+\.example\.dev",
        r"https://[a-z0-9-]+\.preview\.example\.com",
        r"https://[a-z0-9_-]+\.preview\.example\.com",
        r"https://[a-z0-9-]{1,63}\.example\.co\.uk",
        r"https://(a|b)\.example\.com",
        r"https://(app|admin)\.example\.(com|org)",
        r"https?://localhost(:[0-9]+)?",
        r"https://app\.example\.com(:[0-9]+|)",
        r"https?://localhost(?::\d+)?",
        r"http://localhost:[0-9]+",
        r"http://localhost:(3000|5173)",
        r"http://127\.0\.0\.1:\d{4,5}",
        r"http://[a-z]+\.localhost:8080",
        r"^https://pr-[0-9]+\.example\.dev$",
        r"https://[a-z]+\.example\.dev:8443",
        r"https://[a-z]+[.]example[.]dev",
        r"https://[a-z]+\.corp\.internal",
        r"chrome-extension://[a-p]{32}\.example\.com",
        r"http://localhost:300\d",
        r"https://[a-z]+\.example\.co\.uk:(3000|30[0-9][0-9])$",
        r"https://[a-z]+\.example\.co\.uk(:3000)",
        r"https://[a-z]+\.example\.co\.uk(:3000|:80\d\d)?",
        r"https://[a-z]+(\.example\.co\.uk:3000)",
        r"http://[a-z]+(\.localhost:8080)",
    ] {
        assert_eq!(check(pattern, &[]), [], "{pattern}");
        assert!(compile_regex(pattern).is_ok(), "{pattern}");
    }
}

#[test]
fn loose_patterns_are_refused_unless_allowed() {
    for pattern in [
        r"https://.*\.example\.com",
        r"https://.+\.example\.com",
        r"https://[^/]+\.example\.com",
        r"https://\w+\.example\.com",
        r"https://[a-z.]+\.example\.com",
        r"https://[A-Za-z]+\.example\.com",
        r"https://app.example.com",
        r"https://[a-z]+example\.com",
        r"https://[a-z]+\.com",
        r"https://[a-z]+\.co\.uk",
        r"https://[a-z]+\.github\.io",
        r"https://[a-z]+\.amazonaws\.com",
        r"https://[a-z]+\.co\.uk:3000",
        r"https://[a-z]+\.co\.uk:300\d",
        r"https://[a-z]+\.co\.uk(:3000)",
        r"https://[a-z]+\.co\.uk(:3000|:8080)",
        r"https://[a-z]+\.co\.uk(?::3000|:8080)",
        r"https://[a-z]+\.co\.uk((:3000)|(:\d+))?",
        r"https://[a-z]+\.co\.uk(:3000){1,2}",
        r"https://[a-z]+\.co\.uk(:)3000",
        r"https://[a-z]+(\.co\.uk:3000)",
        r"https://[a-z]+(\.co\.uk:3000|\.example\.com)",
        r"https://[a-z]+\.github\.io(:8443|:8080)",
        r"https://a\.example\.com|https://[a-z]+\.co\.uk(:3000)",
        r"https://[a-z]+",
        r"https://app\.example\.com.*",
        r"https://app\.example\.[a-z]+",
        r"https://app\.example\.com(:[0-9]+)*",
        r"http://localhost:*",
        r"(?:https?:\/\/)localhost:*",
        r"(?:https?:\/\/)127.0.0.1:*",
    ] {
        let violations = check(pattern, &[]);
        let rules: Vec<_> = violations.iter().map(|violation| violation.rule).collect();
        assert_eq!(rules, [Rule::LooseRegex], "{pattern}");
        assert_eq!(check(pattern, &[Rule::LooseRegex]), [], "{pattern}");
    }
    let unused = check(r"https://pr-[0-9]+\.example\.dev", &[Rule::LooseRegex]);
    assert_eq!(unused[0].rule, Rule::UnusedAllow);
}

#[test]
fn invalid_patterns_cannot_be_allowed() {
    for (pattern, rule) in [
        (r"https://(", Rule::RegexSyntax),
        (r"https://[z-a]\.example\.com", Rule::RegexSyntax),
        (r"https://(?=a)\.example\.com", Rule::RegexSyntax),
        (r"https://(a)\1\.example\.com", Rule::RegexSyntax),
        (
            r"https://(?:[a-z]{1000}){1000}\.example\.com",
            Rule::RegexSyntax,
        ),
        (r"(?i)https://a\.example\.com", Rule::RegexScheme),
        (r"", Rule::RegexScheme),
        (r".*", Rule::RegexScheme),
        (r"[a-z]+\.example\.com", Rule::RegexScheme),
        (r"[a-z]+://a\.example\.com", Rule::RegexScheme),
        (r"example\.com", Rule::RegexScheme),
        (
            r"https://a\.example\.com|b\.example\.com",
            Rule::RegexScheme,
        ),
        (r"wss://[a-z]+\.example\.com", Rule::RegexScheme),
        (r"(https://)?a\.example\.com", Rule::RegexScheme),
    ] {
        let rules = |allow: &[Rule]| {
            check(pattern, allow)
                .iter()
                .map(|it| it.rule)
                .collect::<Vec<_>>()
        };
        assert_eq!(rules(&[]), [rule], "{pattern}");
        assert!(rules(&[Rule::LooseRegex]).contains(&rule), "{pattern}");
    }
}

#[test]
fn common_patterns_get_entries_as_suggestions() {
    for (pattern, entries) in [
        (
            r"(?:https?:\/\/)127.0.0.1:*",
            r#"write `"http://127.0.0.1:*"`, `"https://127.0.0.1:*"`"#,
        ),
        (
            r"(?:https?:\/\/)localhost:*",
            r#"write `"http://localhost:*"`, `"https://localhost:*"`"#,
        ),
        (
            r"^https://.*\.example\.com$",
            r#"write `"https://*.example.com"`"#,
        ),
        (
            r"https://[^/]+\.example\.com",
            r#"write `"https://*.example.com"`"#,
        ),
        (
            r"https://\w+\.example\.com",
            r#"write `"https://*.example.com"`"#,
        ),
        (r"http://localhost:.*", r#"write `"http://localhost:*"`"#),
        (
            r"https://app.example.com",
            r#"write `"https://app.example.com"`"#,
        ),
        (r"https://[a-z]{3}.example.com", "allow(loose_regex)"),
    ] {
        let message = &check(pattern, &[])[0].message;
        assert!(
            message.ends_with(entries) || message.contains(entries),
            "{message}"
        );
    }
}

#[test]
fn a_pattern_matches_whole_origins() {
    let regex = compile_regex(r"https://pr-[0-9]+\.example\.dev").expect("a pattern");
    assert!(regex.is_match(b"https://pr-17.example.dev"));
    for origin in [
        "https://pr-.example.dev",
        "https://pr-17.example.dev.evil.com",
        "https://pr-17.example.dev\n",
        "https://pr-17.example.dev:8443",
        "xhttps://pr-17.example.dev",
        "http://pr-17.example.dev",
        "https://pr-17xexample.dev",
    ] {
        assert!(!regex.is_match(origin.as_bytes()), "{origin}");
    }
    // Alternatives also match whole origins.
    let regex = compile_regex(r"https://a\.example|https://b\.example").expect("a pattern");
    assert!(!regex.is_match(b"https://a.example.evil.com"));
    assert!(!regex.is_match(b"evil https://b.example"));
}

fn rules(entries: &[OriginEntry], credentials: bool) -> Vec<Rule> {
    let spec = PolicySpec {
        origins: entries.to_vec(),
        credentials,
        ..PolicySpec::default()
    };
    let violations = spec.check().err().unwrap_or_default();
    violations.iter().map(|violation| violation.rule).collect()
}

#[test]
fn a_star_is_not_a_wildcard_in_a_regex() {
    assert_eq!(
        rules(&[OriginEntry::regex("*")], false),
        [Rule::RegexSyntax]
    );
}

#[test]
fn insecure_patterns_are_refused_with_credentials() {
    for pattern in [
        r"http://[a-z]+\.example\.com",
        r"https?://[a-z]+\.example\.com(:\d+)?",
    ] {
        assert_eq!(
            rules(&[OriginEntry::regex(pattern)], true),
            [Rule::InsecureOrigin],
            "{pattern}"
        );
        assert_eq!(
            rules(&[OriginEntry::regex(pattern)], false),
            [],
            "{pattern}"
        );
    }
    for pattern in [
        r"https://[a-z]+\.example\.com",
        r"https?://localhost(:\d+)?",
        r"http://127\.0\.0\.1:\d+",
        r"http://[a-z]+\.localhost:\d+",
        r"http://(localhost:3000|\[::1\]:3000)",
    ] {
        assert_eq!(rules(&[OriginEntry::regex(pattern)], true), [], "{pattern}");
    }
}

#[test]
fn duplicate_regexes_and_covered_entries_are_refused() {
    let regex = || OriginEntry::regex(r"https://pr-[0-9]+\.example\.dev");
    assert_eq!(rules(&[regex(), regex()], false), [Rule::DuplicateOrigin]);
    let covered = [OriginEntry::from("https://pr-1.example.dev"), regex()];
    assert_eq!(rules(&covered, false), [Rule::CoveredOrigin]);
    let beside = [OriginEntry::from("https://app.example.dev"), regex()];
    assert_eq!(rules(&beside, false), []);
}
