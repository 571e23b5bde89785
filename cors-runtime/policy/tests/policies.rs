//! Which policies are sound, and what is said about the others.

use cors_policy::{Field, Headers, Methods, Origins, PolicySpec};

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

fn policy() -> PolicySpec {
    PolicySpec {
        origins: strings(&["https://app.example.com"]),
        ..PolicySpec::default()
    }
}

/// Where the violations are.
fn places(spec: &PolicySpec) -> Vec<(Field, Option<usize>)> {
    let violations = spec.check().err().unwrap_or_default();
    violations
        .iter()
        .map(|violation| (violation.field, violation.index))
        .collect()
}

#[test]
fn a_sound_policy_means_what_was_written() {
    let spec = PolicySpec {
        origins: strings(&["https://app.example.com", "https://*.example.dev"]),
        methods: Some(strings(&["PUT", "PROPFIND"])),
        headers: strings(&["Content-Type"]),
        expose: strings(&["etag"]),
        credentials: true,
        max_age: Some(86_400),
    };
    let sound = spec.check().expect("a sound policy");
    let Origins::List(origins) = sound.origins else {
        panic!("a list")
    };
    assert_eq!(origins.len(), 2);
    assert_eq!(sound.methods, Methods::List(&strings(&["PUT", "PROPFIND"])));
    assert_eq!(sound.headers, Headers::List(&strings(&["Content-Type"])));
    assert_eq!((sound.credentials, sound.max_age), (true, Some(86_400)));
}

#[test]
fn a_wildcard_alone_is_everything() {
    let any = || strings(&["*"]);
    let spec = PolicySpec {
        origins: any(),
        methods: Some(any()),
        headers: any(),
        expose: any(),
        ..PolicySpec::default()
    };
    let sound = spec.check().expect("a sound policy");
    assert_eq!(sound.origins, Origins::Any);
    assert_eq!(sound.methods, Methods::Any);
    assert_eq!(
        sound.headers,
        Headers::Any {
            authorization: false
        }
    );
}

#[test]
fn only_authorization_stands_beside_a_wildcard() {
    for headers in [["*", "authorization"], ["Authorization", "*"]] {
        let spec = PolicySpec {
            headers: strings(&headers),
            ..policy()
        };
        let sound = spec.check().expect("a sound policy");
        assert_eq!(
            sound.headers,
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
        origins: strings(&["https://a.example", "*"]),
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
fn nothing_is_no_list() {
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
fn credentials_and_wildcards_exclude_each_other() {
    let any = || strings(&["*"]);
    let spec = PolicySpec {
        origins: any(),
        methods: Some(any()),
        headers: strings(&["authorization", "*"]),
        expose: any(),
        credentials: true,
        max_age: None,
    };
    let fields = [
        (Field::Origins, Some(0)),
        (Field::Methods, Some(0)),
        (Field::Headers, Some(1)),
        (Field::Expose, Some(0)),
    ];
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
fn methods_are_what_a_page_can_ask_for() {
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
fn request_headers_are_what_a_page_can_send() {
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
fn exposed_headers_are_what_a_page_can_read() {
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
fn a_name_stands_in_a_list_once() {
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
fn an_origin_stands_in_the_list_once_and_is_not_covered() {
    let origins = strings(&[
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
fn every_suggestion_is_sound_itself() {
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
            origins: strings(&[entry]),
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
