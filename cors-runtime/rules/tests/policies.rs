//! Tests which policies are valid, and the violations of invalid policies.

use cors_rules::{Field, Headers, Methods, OriginEntry, Origins, PolicySpec, Rule, UnusedAllow};

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

fn entries(list: &[&str]) -> Vec<OriginEntry> {
    list.iter().map(|&entry| entry.into()).collect()
}

fn policy() -> PolicySpec {
    PolicySpec {
        origins: entries(&["https://app.example.com"]),
        ..PolicySpec::default()
    }
}

/// Returns the places of the violations.
fn places(spec: &PolicySpec) -> Vec<(Field, Option<usize>)> {
    let violations = spec.check().err().unwrap_or_default();
    violations
        .iter()
        .map(|violation| (violation.field, violation.index))
        .collect()
}

#[test]
fn a_valid_policy_keeps_its_values() {
    let spec = PolicySpec {
        origins: entries(&["https://app.example.com", "https://*.example.dev"]),
        methods: Some(strings(&["PUT", "PROPFIND"])),
        headers: strings(&["Content-Type"]),
        expose: strings(&["etag"]),
        credentials: true,
        max_age: Some(86_400),
        ..PolicySpec::default()
    };
    let valid = spec.check().expect("a valid policy");
    let Origins::List { patterns, regexes } = valid.origins else {
        panic!("a list")
    };
    assert_eq!((patterns.len(), regexes.len()), (2, 0));
    assert_eq!(valid.methods, Methods::List(&strings(&["PUT", "PROPFIND"])));
    assert_eq!(valid.headers, Headers::List(&strings(&["Content-Type"])));
    assert_eq!((valid.credentials, valid.max_age), (true, Some(86_400)));
}

#[test]
fn a_lone_wildcard_matches_everything() {
    let any = || strings(&["*"]);
    let spec = PolicySpec {
        origins: entries(&["*"]),
        methods: Some(any()),
        headers: any(),
        expose: any(),
        ..PolicySpec::default()
    };
    let valid = spec.check().expect("a valid policy");
    assert_eq!(valid.origins, Origins::Any);
    assert_eq!(valid.methods, Methods::Any);
    assert_eq!(
        valid.headers,
        Headers::Any {
            authorization: false
        }
    );
}

#[test]
fn only_authorization_is_allowed_beside_a_wildcard() {
    for headers in [["*", "authorization"], ["Authorization", "*"]] {
        let spec = PolicySpec {
            headers: strings(&headers),
            ..policy()
        };
        let valid = spec.check().expect("a valid policy");
        assert_eq!(
            valid.headers,
            Headers::Any {
                authorization: true
            }
        );
    }
    let spec = PolicySpec {
        headers: strings(&["*", "x-a"]),
        ..policy()
    };
    assert_eq!(places(&spec), [(Field::Headers, Some(0))]);
    let spec = PolicySpec {
        headers: strings(&["x-a", "*", "authorization"]),
        ..policy()
    };
    assert_eq!(places(&spec), [(Field::Headers, Some(1))]);
    let spec = PolicySpec {
        origins: entries(&["https://a.example", "*"]),
        ..policy()
    };
    assert_eq!(places(&spec), [(Field::Origins, Some(1))]);
    let spec = PolicySpec {
        methods: Some(strings(&["*", "PUT"])),
        ..policy()
    };
    assert_eq!(places(&spec), [(Field::Methods, Some(0))]);
}

#[test]
fn empty_origins_and_methods_are_refused() {
    let spec = PolicySpec {
        origins: vec![],
        methods: Some(vec![]),
        ..policy()
    };
    assert_eq!(
        places(&spec),
        [(Field::Origins, None), (Field::Methods, None)]
    );
}

#[test]
fn credentials_reject_wildcards_in_origins_and_expose() {
    let any = || strings(&["*"]);
    let spec = PolicySpec {
        origins: entries(&["*"]),
        methods: Some(any()),
        headers: strings(&["authorization", "*"]),
        expose: any(),
        credentials: true,
        ..PolicySpec::default()
    };
    let fields = [(Field::Origins, Some(0)), (Field::Expose, Some(0))];
    assert_eq!(places(&spec), fields);
    let violations = spec.check().expect_err("violations");
    for violation in violations {
        assert!(violation.message.contains("credentials"), "{violation}");
        assert!(
            violation.message.contains(violation.field.name()),
            "{violation}"
        );
    }
}

#[test]
fn methods_that_a_page_cannot_use_are_refused() {
    let check = |method: &str| {
        let spec = PolicySpec {
            methods: Some(strings(&[method])),
            ..policy()
        };
        spec.check()
            .map(|_| ())
            .map_err(|violations| violations[0].message.clone())
    };
    for method in [
        "GET", "HEAD", "POST", "OPTIONS", "PATCH", "QUERY", "CHICKEN", "chicken",
    ] {
        assert_eq!(check(method), Ok(()), "{method}");
    }
    for (method, hint) in [
        ("patch", "`PATCH`"),
        ("Get", "`GET`"),
        ("propFind", "`PROPFIND`"),
        ("CONNECT", "no browser"),
        ("trace", "no browser"),
        ("tRACK", "no browser"),
        ("", "token"),
        ("GET ", "token"),
        ("PATCH,PUT", "token"),
        ("r\u{e9}sum\u{e9}", "token"),
    ] {
        let message = check(method).expect_err(method);
        assert!(message.contains(hint), "{message}");
    }
}

#[test]
fn request_headers_that_a_page_cannot_set_are_refused() {
    for name in [
        "content-type",
        "Authorization",
        "X-Api-Key",
        "accept",
        "range",
        "!#$%&'*+-.^_`|~",
    ] {
        let spec = PolicySpec {
            headers: strings(&[name]),
            ..policy()
        };
        assert!(spec.check().is_ok(), "{name}");
    }
    for name in [
        "Cookie",
        "Origin",
        "Host",
        "Connection",
        "DNT",
        "Sec-Foo",
        "proxy-foo",
        "set-cookie",
        "Access-Control-Allow-Origin",
        "access-control-request-headers",
        "access-control-x",
        "Access-Control-Request-Private-Network",
        "",
        "a b",
        "content-type:",
        "r\u{e9}sum\u{e9}",
    ] {
        let spec = PolicySpec {
            headers: strings(&[name]),
            ..policy()
        };
        assert_eq!(places(&spec), [(Field::Headers, Some(0))], "{name}");
    }
}

#[test]
fn response_headers_that_a_page_cannot_read_are_refused() {
    for name in [
        "etag",
        "X-Total-Count",
        "access-control-allow-origin",
        "location",
    ] {
        let spec = PolicySpec {
            expose: strings(&[name]),
            ..policy()
        };
        assert!(spec.check().is_ok(), "{name}");
    }
    for name in [
        "Set-Cookie",
        "set-cookie2",
        "Origin",
        "Access-Control-Request-Method",
        "access-control-max-age",
        "Access-Control-Allow-Private-Network",
        "",
        "x y",
    ] {
        let spec = PolicySpec {
            expose: strings(&[name]),
            ..policy()
        };
        assert_eq!(places(&spec), [(Field::Expose, Some(0))], "{name}");
    }
}

#[test]
fn duplicate_names_are_refused() {
    let spec = PolicySpec {
        methods: Some(strings(&["PUT", "PUT"])),
        headers: strings(&["x-a", "X-A"]),
        expose: strings(&["etag", "etag", "ETag"]),
        ..policy()
    };
    let expected = [
        (Field::Methods, Some(1)),
        (Field::Headers, Some(1)),
        (Field::Expose, Some(1)),
        (Field::Expose, Some(2)),
    ];
    assert_eq!(places(&spec), expected);
}

#[test]
fn duplicate_and_covered_origins_are_refused() {
    let origins = entries(&[
        "https://a.example.com",
        "https://*.example.com",
        "https://b.example.com",
        "http://localhost:*",
        "http://localhost:*",
    ]);
    let spec = PolicySpec {
        origins,
        ..policy()
    };
    let expected = [
        (Field::Origins, Some(0)),
        (Field::Origins, Some(2)),
        (Field::Origins, Some(4)),
    ];
    assert_eq!(places(&spec), expected);
}

#[test]
fn max_age_is_at_most_a_day() {
    assert!(
        PolicySpec {
            max_age: Some(0),
            ..policy()
        }
        .check()
        .is_ok()
    );
    let spec = PolicySpec {
        max_age: Some(86_401),
        ..policy()
    };
    assert_eq!(places(&spec), [(Field::MaxAge, None)]);
}

#[test]
fn enforce_rejects_the_wildcard() {
    let enforced = |origins: &[&str]| PolicySpec {
        origins: entries(origins),
        enforce: true,
        ..PolicySpec::default()
    };
    let spec = enforced(&["*"]);
    assert_eq!(rules(&spec), [Rule::EnforceWildcard]);
    assert_eq!(places(&spec), [(Field::Origins, Some(0))]);
    let spec = PolicySpec {
        credentials: true,
        ..enforced(&["https://app.example.com", "*"])
    };
    let expected = [
        Rule::WildcardBesideEntries,
        Rule::CredentialsWildcard,
        Rule::EnforceWildcard,
    ];
    assert_eq!(rules(&spec), expected);
    assert!(
        PolicySpec {
            enforce: false,
            ..enforced(&["*"])
        }
        .check()
        .is_ok()
    );
    for origins in ["https://*.example.com", "http://localhost:*"] {
        let spec = enforced(&[origins]);
        assert!(spec.check().expect("a valid policy").enforce, "{origins}");
    }
    assert!(!policy().check().expect("a valid policy").enforce);
}

#[test]
fn every_suggestion_is_a_valid_entry() {
    for (entry, suggestion) in [
        ("example.com", Some("https://example.com")),
        ("localhost:3000", Some("http://localhost:3000")),
        ("//example.com", Some("https://example.com")),
        ("https:/example.com", Some("https://example.com")),
        ("*.example.com", Some("https://*.example.com")),
        (
            " HTTPS://User@Example.COM:443/path ",
            Some("https://example.com"),
        ),
        ("wss://example.com", Some("https://example.com")),
        ("http://0x7f.1:08080", Some("http://127.0.0.1:8080")),
        (
            "http://[::FFFF:127.0.0.1]:8080",
            Some("http://127.0.0.1:8080"),
        ),
        ("http://[0:0::1]", Some("http://[::1]")),
        ("https://*example.com", Some("https://*.example.com")),
        ("null", None),
        ("https://r\u{e9}sum\u{e9}.com", None),
        ("everything", None),
        ("https://256.1.1.1", None),
    ] {
        let spec = PolicySpec {
            origins: entries(&[entry]),
            ..policy()
        };
        let message = &spec.check().expect_err(entry)[0].message;
        let found = message
            .split("; write `")
            .nth(1)
            .and_then(|rest| rest.strip_suffix('`'));
        assert_eq!(found, suggestion, "{message}");
    }
}

/// Returns the rules that the policy breaks.
fn rules(spec: &PolicySpec) -> Vec<Rule> {
    let violations = spec.check().err().unwrap_or_default();
    violations.iter().map(|violation| violation.rule).collect()
}

fn with_credentials(origin: &str, allow: &[Rule]) -> Vec<Rule> {
    rules(&PolicySpec {
        origins: entries(&[origin]),
        credentials: true,
        allow: allow.to_vec(),
        ..PolicySpec::default()
    })
}

#[test]
fn credentials_reject_insecure_origins() {
    for origin in [
        "http://example.com",
        "http://*.example.com",
        "http://192.168.1.1:8080",
        "http://169.254.169.254",
        "http://[2001:db8::1]",
        "http://alocalhost",
        "http://localhost.example.com",
    ] {
        assert_eq!(
            with_credentials(origin, &[]),
            [Rule::InsecureOrigin],
            "{origin}"
        );
        assert_eq!(
            with_credentials(origin, &[Rule::InsecureOrigin]),
            [],
            "{origin}"
        );
        let spec = PolicySpec {
            origins: entries(&[origin]),
            ..PolicySpec::default()
        };
        assert!(spec.check().is_ok(), "{origin} without credentials");
    }
    for origin in [
        "https://example.com",
        "http://localhost",
        "http://localhost:*",
        "http://localhost.",
        "http://app.localhost:3000",
        "http://*.localhost",
        "http://127.0.0.1",
        "http://127.1.2.3:8080",
        "http://[::1]:8080",
        "chrome-extension://aapocclcgogkmnckokdopfmhonfmgoek",
        "tauri://localhost",
    ] {
        assert_eq!(with_credentials(origin, &[]), [], "{origin}");
    }
}

#[test]
fn subdomains_of_public_suffixes_are_refused() {
    let check = |origin: &str| {
        rules(&PolicySpec {
            origins: entries(&[origin]),
            ..policy()
        })
    };
    for origin in [
        "https://*.com",
        "https://*.co.uk",
        "https://*.github.io",
        "https://*.com.",
        // `s3.amazonaws.com` and `*.kawasaki.jp` are on the list.
        "https://*.amazonaws.com",
        "https://*.us-east-1.amazonaws.com.:*",
        "https://*.kawasaki.jp",
    ] {
        assert_eq!(check(origin), [Rule::PublicSuffix], "{origin}");
        assert_eq!(
            with_credentials(origin, &[Rule::PublicSuffix]),
            [],
            "{origin}"
        );
    }
    for origin in [
        "https://*.example.com",
        "https://*.me.github.io",
        "https://*.example.s3.amazonaws.com",
        "https://*.city.kawasaki.jp",
        "https://s3.amazonaws.com",
        "https://*.localhost",
        "https://*.internal",
        "https://github.io",
        "https://com",
    ] {
        assert_eq!(check(origin), [], "{origin}");
    }
}

#[test]
fn a_handler_that_takes_json_needs_content_type() {
    let check = |headers: &[&str], allow: &[Rule]| {
        rules(&PolicySpec {
            headers: strings(headers),
            json_body: true,
            allow: allow.to_vec(),
            ..policy()
        })
    };
    assert_eq!(check(&[], &[]), [Rule::MissingContentType]);
    assert_eq!(check(&["x-a"], &[]), [Rule::MissingContentType]);
    assert_eq!(check(&["x-a", "Content-Type"], &[]), []);
    assert_eq!(check(&["*"], &[]), []);
    assert_eq!(check(&[], &[Rule::MissingContentType]), []);
    assert_eq!(
        check(&["*"], &[Rule::MissingContentType]),
        [Rule::UnusedAllow]
    );
}

#[test]
fn allow_without_an_effect_is_refused() {
    for rule in [Rule::InsecureOrigin, Rule::PublicSuffix, Rule::NullOrigin] {
        let spec = PolicySpec {
            allow: vec![rule],
            ..policy()
        };
        assert_eq!(places(&spec), [(Field::Allow, Some(0))], "{rule}");
    }
    let spec = PolicySpec {
        origins: entries(&["null"]),
        allow: vec![Rule::NullOrigin],
        ..PolicySpec::default()
    };
    assert_eq!(rules(&spec), [Rule::NullOrigin, Rule::UnusedAllow]);
}

#[test]
fn unused_allow_accepts_only_rules_that_can_be_allowed() {
    let check = |allow: &[Rule]| {
        rules(&PolicySpec {
            allow: allow.to_vec(),
            unused_allow: UnusedAllow::Accepted,
            ..policy()
        })
    };
    assert_eq!(check(&[Rule::InsecureOrigin, Rule::InsecureOrigin]), []);
    assert_eq!(check(&[Rule::NullOrigin]), [Rule::UnusedAllow]);
}

#[test]
fn invalid_punycode_is_refused() {
    let check = |origin: &str| {
        rules(&PolicySpec {
            origins: entries(&[origin]),
            ..policy()
        })
    };
    for origin in [
        "https://xn--rsum-bpad.com",
        "https://*.xn--exmple-cua.com",
        "https://xn--fa-hia.de",
    ] {
        assert_eq!(check(origin), [], "{origin}");
    }
    for origin in [
        "http://xn--f",
        "https://xn--a",
        "https://xn--",
        "https://xn--example-.com",
    ] {
        let rules = check(origin);
        let expected = [Rule::OriginPunycode, Rule::OriginHost];
        assert!(
            rules.iter().all(|rule| expected.contains(rule)) && !rules.is_empty(),
            "{origin}"
        );
    }
}

#[test]
fn every_rule_has_a_unique_name() {
    for rule in Rule::ALL {
        assert_eq!(rule.name().parse(), Ok(*rule));
    }
    assert!("insecure".parse::<Rule>().is_err());
}
