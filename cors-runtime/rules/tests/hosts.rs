//! Tests the entries of `hosts`: valid entries, the hosts that they match, and the messages for
//! invalid entries.

use cors_rules::{Field, HostPattern, PolicySpec, Rule, Violation};

fn spec(hosts: &[&str]) -> PolicySpec {
    PolicySpec {
        origins: vec!["https://app.example.com".into()],
        enforce: true,
        hosts: Some(hosts.iter().map(ToString::to_string).collect()),
        ..PolicySpec::default()
    }
}

fn violations(spec: &PolicySpec) -> Vec<Violation> {
    spec.check().err().unwrap_or_default()
}

fn rules(spec: &PolicySpec) -> Vec<(Rule, Option<usize>)> {
    let violations = violations(spec);
    assert!(violations.iter().all(|it| it.field == Field::Hosts));
    let rules = violations.iter().map(|it| (it.rule, it.index));
    rules.collect()
}

#[test]
fn hosts_with_ports_and_wildcards_are_valid() {
    let hosts = [
        "localhost:*",
        "api.example.com",
        "api.example.org:8443",
        "*.example.net",
        "*.example.dev:*",
        "127.0.0.1:3000",
        "[::1]:*",
        "null",
        "7nas",
        "xn--bcher-kva.example",
    ];
    let spec = spec(&hosts);
    let valid = spec.check().expect("a valid policy").hosts;
    let valid: Vec<_> = valid.iter().map(ToString::to_string).collect();
    assert_eq!(valid, hosts);
}

#[test]
fn without_hosts_every_host_is_accepted() {
    let spec = PolicySpec {
        hosts: None,
        ..spec(&[])
    };
    assert!(spec.check().expect("a valid policy").hosts.is_empty());
}

#[test]
fn invalid_hosts_are_refused_with_a_correction() {
    for (entry, suggestion) in [
        ("", None),
        ("*", None),
        ("a b", None),
        (" localhost", Some("localhost")),
        ("Localhost:3000", Some("localhost:3000")),
        ("https://api.example.com", Some("api.example.com")),
        ("http://localhost:3000/", Some("localhost:3000")),
        ("api.example.com/v1", Some("api.example.com")),
        ("api.example.com?a", Some("api.example.com")),
        ("user@api.example.com", Some("api.example.com")),
        ("api.example.com:80", Some("api.example.com")),
        ("api.example.com:443", Some("api.example.com")),
        ("api.example.com:", Some("api.example.com")),
        ("api.example.com:0080", Some("api.example.com")),
        ("localhost:0", None),
        ("localhost:65536", None),
        ("localhost:http", None),
        ("localhost:30*", None),
        ("*.127.0.0.1", None),
        ("api.*.example.com", None),
        ("*api.example.com", Some("*.api.example.com")),
        ("bücher.example", None),
        ("127.1", Some("127.0.0.1")),
        ("::1", Some("[::1]")),
        ("[0:0:0:0:0:0:0:1]:3000", Some("[::1]:3000")),
        ("[fe80::1%25eth0]", Some("[fe80::1]")),
        ("a..example.com", None),
    ] {
        let violations = violations(&spec(&[entry]));
        let [violation] = &violations[..] else {
            panic!("{entry}: {violations:?}");
        };
        assert_eq!(violation.rule, Rule::InvalidHost, "{entry}");
        assert_eq!((violation.field, violation.index), (Field::Hosts, Some(0)));
        assert_eq!(violation.suggestion.as_deref(), suggestion, "{entry}");
        if let Some(suggestion) = suggestion {
            assert!(HostPattern::parse(suggestion).is_ok(), "{suggestion}");
            assert!(violation.message.contains(suggestion), "{violation}");
        }
        assert!(!violation.message.contains("an origin"), "{violation}");
    }
}

#[test]
fn hosts_need_enforce() {
    let spec = PolicySpec {
        enforce: false,
        ..spec(&["localhost:*"])
    };
    assert_eq!(rules(&spec), [(Rule::HostsWithoutEnforce, None)]);
}

#[test]
fn empty_duplicate_and_covered_hosts_are_refused() {
    assert_eq!(rules(&spec(&[])), [(Rule::EmptyHosts, None)]);
    let covered = |hosts: [&str; 2]| rules(&spec(&hosts));
    let twice = [(Rule::DuplicateHost, Some(1))];
    assert_eq!(covered(["localhost:*", "localhost:*"]), twice);
    for pair in [
        ["localhost:*", "localhost:3000"],
        ["localhost:*", "localhost"],
        ["*.example.com", "api.example.com"],
        ["*.example.com", "*.api.example.com"],
        ["*.example.com:*", "api.example.com:8443"],
    ] {
        let found = [(Rule::CoveredHost, Some(1))];
        assert_eq!(covered(pair), found, "{pair:?}");
        assert_eq!(covered([pair[1], pair[0]]), found, "{pair:?}");
    }
    for pair in [
        ["localhost", "localhost:3000"],
        ["*.example.com", "example.com"],
        ["*.example.com", "api.example.com:8443"],
        ["*.example.com", "anexample.com"],
    ] {
        assert_eq!(covered(pair), [], "{pair:?}");
    }
}

#[test]
fn wildcards_over_public_suffixes_are_refused() {
    let of = |host| rules(&spec(&[host]));
    let rejected = [(Rule::PublicSuffix, Some(0))];
    assert_eq!(of("*.co.uk"), rejected);
    assert_eq!(of("*.amazonaws.com"), rejected);
    let spec = PolicySpec {
        allow: vec![Rule::PublicSuffix],
        ..spec(&["*.github.io"])
    };
    assert_eq!(rules(&spec), []);
}

#[test]
fn only_whole_hosts_match() {
    let matches = |pattern, host| HostPattern::parse(pattern).expect(pattern).matches(host);
    assert!(matches("api.example.com", "API.EXAMPLE.COM:443"));
    assert!(matches("*.example.com", "a.B.example.com"));
    assert!(matches("[::1]:*", "[::1]:5000"));
    assert!(matches("localhost:3000", "localhost:3000"));
    for (pattern, host) in [
        ("api.example.com", "api.example.com."),
        ("api.example.com", "api.example.com:4430"),
        ("api.example.com", "api.example.com "),
        ("*.example.com", "example.com"),
        ("*.example.com", ".example.com"),
        ("*.example.com", "é.example.com"),
        ("*.example.com", "a/b.example.com"),
        ("*.example.com", "evilexample.com"),
        ("*.example.com", "a.example.com:80a"),
        ("localhost:3000", "localhost"),
        ("localhost:3000", "localhost:3001"),
        ("localhost:*", "localhost:"),
        ("localhost:*", "localhost:-1"),
        ("localhost:*", "localhost:65536"),
        ("[::1]:*", "[::1]5000"),
        ("[::1]:*", "::1"),
    ] {
        assert!(!matches(pattern, host), "{pattern} {host}");
    }
}
