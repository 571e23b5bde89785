//! The messages of violations, word for word.

use cors_rules::{PolicySpec, Rule};

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

/// A policy that is valid.
fn valid() -> PolicySpec {
    PolicySpec {
        origins: vec!["https://app.example.com".into()],
        ..PolicySpec::default()
    }
}

/// Checks all messages for the policy, each with its place.
#[track_caller]
fn has_messages(spec: &PolicySpec, expected: &[&str]) {
    let violations = spec.check().err().unwrap_or_default();
    let messages: Vec<_> = violations.iter().map(ToString::to_string).collect();
    assert_eq!(messages, expected);
}

#[test]
fn lists_of_names() {
    let spec = PolicySpec {
        methods: Some(strings(&["GET, PUT", "", "PUT", "PUT"])),
        headers: strings(&["content-type, x-token", "x-a", "X-A"]),
        expose: strings(&["", "etag", "etag"]),
        ..valid()
    };
    has_messages(
        &spec,
        &[
            "methods[0]: `GET, PUT` is not a method: expected a token such as `PUT`; write \
             `\"GET\", \"PUT\"`",
            "methods[1]: `\"\"` is not a method: expected a token such as `PUT`",
            "methods[3]: `PUT` is listed twice; remove one",
            "headers[0]: `content-type, x-token` is not a header name: expected a token such as \
             `content-type`; write `\"content-type\", \"x-token\"`",
            "headers[2]: `X-A` is listed twice; remove one",
            "expose[0]: `\"\"` is not a header name: expected a token such as `content-type`",
            "expose[2]: `etag` is listed twice; remove one",
        ],
    );
}

#[test]
fn wildcards() {
    let spec = PolicySpec {
        origins: vec!["*".into(), "*".into()],
        methods: Some(strings(&["*", "GET"])),
        headers: strings(&["x-token", "*"]),
        expose: strings(&["etag", "*"]),
        ..valid()
    };
    has_messages(
        &spec,
        &[
            "origins[1]: `\"*\"` is listed twice; remove one",
            "methods[0]: `\"*\"` matches everything, so the other entries of `methods` have no \
             effect; keep one or the other",
            "headers[1]: `\"*\"` matches everything, so the other entries of `headers` have no \
             effect; keep one or the other (except `authorization`)",
            "expose[1]: `\"*\"` matches everything, so the other entries of `expose` have no \
             effect; keep one or the other",
        ],
    );
}

#[test]
fn exceptions_without_effect() {
    let spec = PolicySpec {
        allow: vec![Rule::InsecureOrigin, Rule::NullOrigin],
        ..valid()
    };
    has_messages(
        &spec,
        &[
            "allow[0]: `insecure_origin` suppresses nothing here; remove it",
            "allow[1]: `null_origin` cannot be allowed; remove it",
        ],
    );
}

/// Checks the message, without the entry in front, and the suggestion for one entry of `origins`.
#[track_caller]
fn origin_has_message(entry: &str, credentials: bool, message: &str, suggestion: Option<&str>) {
    let spec = PolicySpec {
        origins: vec![entry.into()],
        credentials,
        ..PolicySpec::default()
    };
    let violations = spec.check().err().unwrap_or_default();
    let [violation] = &violations[..] else {
        panic!("{entry}: {violations:#?}");
    };
    let hint = match suggestion {
        Some(suggestion) => format!("; write `{suggestion}`"),
        None => String::new(),
    };
    let quoted = if entry.is_empty() { "\"\"" } else { entry };
    assert_eq!(violation.message, format!("`{quoted}` {message}{hint}"));
    assert_eq!(violation.suggestion.as_deref(), suggestion, "{entry}");
}

type Cases<'a> = &'a [(&'a str, Option<&'a str>)];

/// Checks entries with the same mistake, each with the suggestion.
#[track_caller]
fn origins_have_message(message: &str, cases: Cases<'_>) {
    for (entry, suggestion) in cases {
        origin_has_message(entry, false, message, *suggestion);
    }
}

const EXAMPLE: Option<&str> = Some("https://a.example");

#[test]
fn parts_that_are_not_in_an_origin() {
    let part = "an origin is only scheme, host and port";
    origins_have_message(
        "ends with a slash, which is not part of an origin",
        &[("https://a.example/", EXAMPLE)],
    );
    origins_have_message(
        &format!("has a path: {part}"),
        &[("https://a.example/b", EXAMPLE)],
    );
    origins_have_message(
        &format!("has a query: {part}"),
        &[("https://a.example?b", EXAMPLE)],
    );
    origins_have_message(
        &format!("has a fragment: {part}"),
        &[("https://a.example#b", EXAMPLE)],
    );
    origins_have_message(
        &format!("has a user name: {part}"),
        &[("https://b@a.example", EXAMPLE)],
    );
}

#[test]
fn schemes_and_names() {
    origins_have_message(
        "is empty, expected an origin such as `https://app.example.com`",
        &[("", None)],
    );
    origins_have_message(
        "has no scheme: an origin starts with a scheme such as `https://`",
        &[
            ("a.example", EXAMPLE),
            ("localhost:3000", Some("http://localhost:3000")),
            ("word", None),
        ],
    );
    origins_have_message(
        "has upper-case letters: a browser sends the scheme and a domain in lower case",
        &[
            ("https://A.example", EXAMPLE),
            (
                "https://xn--bcher-kva.EXAMPLE",
                Some("https://xn--bcher-kva.example"),
            ),
        ],
    );
    origins_have_message("has no host", &[("https://", None)]);
    origins_have_message(
        "has an empty label in its host: two dots, or a dot at the front",
        &[("https://a..example", None)],
    );
    origins_have_message(
        "has a character in its host that is not a letter, a digit, `-`, `_` or `.`",
        &[("https://a,b", None)],
    );
    origins_have_message(NOT_PUNYCODE, &[("https://xn--a", None)]);
}

const NOT_PUNYCODE: &str = "has a label that starts with `xn--` and is not Punycode (`new \
                            URL(..).origin` shows what a browser sends)";

#[test]
fn ports_and_wildcards() {
    origins_have_message(
        "has the default port of its scheme, which browsers leave out",
        &[
            ("https://a.example:443", EXAMPLE),
            ("http://a.example:80", Some("http://a.example")),
            ("ftp://a.example:21", Some("ftp://a.example")),
        ],
    );
    origins_have_message(
        "has a port with a leading zero",
        &[("https://a.example:0443", EXAMPLE)],
    );
    origins_have_message(
        "has a `:` without a port",
        &[("https://a.example:", EXAMPLE)],
    );
    origins_have_message(
        "has a port that is not a number",
        &[("https://a.example:x", None)],
    );
    origins_have_message(
        "has a port outside of 1 to 65535",
        &[
            ("https://a.example:0", None),
            ("https://a.example:65536", None),
        ],
    );
    origins_have_message(
        "has a `*` in an unexpected place: expected whole labels, `https://*.example.com`, or a \
         whole port, `http://localhost:*`",
        &[
            ("https://ex*mple.com", None),
            ("https://*example.com", Some("https://*.example.com")),
        ],
    );
    origins_have_message(
        "has a `*.` before an IP address, which has no subdomains",
        &[("https://*.127.0.0.1", None)],
    );
    origins_have_message(
        "has a `*` in a port with digits: `:*` matches every port, and no port",
        &[("https://a.example:80*", None)],
    );
}

#[test]
fn ip_addresses() {
    origins_have_message(
        "has a host that ends with a number, but is not an IPv4 address of four decimal numbers",
        &[
            ("https://127.1", Some("https://127.0.0.1")),
            ("https://0x7f.1", Some("https://127.0.0.1")),
            ("https://0177.0.0.1", Some("https://127.0.0.1")),
            ("https://0x.0x.0x.1", Some("https://0.0.0.1")),
            ("https://127.65535", Some("https://127.0.255.255")),
            ("https://255.255.65535", Some("https://255.255.255.255")),
            ("https://255.255.65536", None),
            ("https://127.16777215", Some("https://127.255.255.255")),
            ("https://127.16777216", None),
            ("https://4294967295", Some("https://255.255.255.255")),
            ("https://4294967296", None),
            ("https://1.2.3.256", None),
            ("https://256.1", None),
            ("https://1.2.3.4.5", None),
            ("https://1.2.3.09", None),
        ],
    );
    let ipv6 = "has no valid IPv6 address between `[` and `]`";
    origins_have_message(ipv6, &[("https://[::g]", None)]);
    origins_have_message(
        "has more than one `:` after its scheme: an IPv6 address is written in brackets",
        &[("https://::1", Some("https://[::1]"))],
    );
    origins_have_message(
        "has an IPv6 zone, which is not part of an origin",
        &[("https://[fe80::1%25en0]", Some("https://[fe80::1]"))],
    );
    origins_have_message(
        "has an IPv4-mapped IPv6 address: name the IPv4 address",
        &[("https://[::ffff:7f00:1]", Some("https://127.0.0.1"))],
    );
    origins_have_message(
        "has an IPv6 address in another form than browsers send: lower case and shortened",
        &[
            ("https://[0::1]", Some("https://[::1]")),
            ("https://[::0]", Some("https://[::]")),
        ],
    );
}

/// Labels whose decoded form a browser would encode in another way.
#[test]
fn punycode_of_upper_case() {
    // `bÜcher`.
    origin_has_message("https://xn--bcher-2pa.example", false, NOT_PUNYCODE, None);
    // Cherokee has upper case only.
    let spec = PolicySpec {
        origins: vec!["https://xn--58dc.example".into()],
        ..PolicySpec::default()
    };
    let violations = spec.check().err().unwrap_or_default();
    assert!(violations.is_empty(), "{violations:#?}");
}

#[test]
fn risks() {
    origin_has_message(
        "http://a.example",
        true,
        "with `credentials`: a network attacker can forge a page of an `http` origin and act as \
         its user; use `https`, remove `credentials`, or write `allow(insecure_origin)`",
        None,
    );
    origin_has_message(
        "https://*.co.uk",
        false,
        "covers names that anyone can register: `co.uk` is a public suffix; name your own domain, \
         as in `https://*.example.co.uk`, or write `allow(public_suffix)`",
        None,
    );
    origin_has_message(
        "https://*.amazonaws.com",
        false,
        "covers names that anyone can register: `s3.amazonaws.com` is a public suffix; list your \
         own names, or write `allow(public_suffix)`",
        None,
    );
}

#[test]
fn names_of_methods_and_headers() {
    let spec = PolicySpec {
        methods: Some(strings(&["patch", "TRACE", "any"])),
        headers: strings(&["cookie", "access-control-max-age"]),
        expose: strings(&[
            "set-cookie",
            "access-control-allow-headers",
            "access-control-allow-private-network",
        ]),
        ..valid()
    };
    has_messages(
        &spec,
        &[
            "methods[0]: `patch` never matches: methods are case-sensitive; did you mean `PATCH`?",
            "methods[1]: `TRACE` is a method that no browser lets a page use; remove it",
            "methods[2]: `any` is not a method; did you mean `\"*\"`?",
            "headers[0]: `cookie` is a header that only the browser can set; remove it",
            "headers[1]: `access-control-max-age` is a header of the CORS protocol, which no page \
             sends; remove it",
            "expose[0]: `set-cookie` is a header that no browser shows to a page; remove it",
            "expose[1]: `access-control-allow-headers` is a header of the CORS protocol that pages \
             do not need; remove it",
            "expose[2]: `access-control-allow-private-network` belongs to Private Network Access, \
             which browsers replaced with a permission prompt; remove it",
        ],
    );
    let violations = spec.check().err().unwrap_or_default();
    let suggestions = violations.iter().map(|it| it.suggestion.as_deref());
    let mut expected = [None; 8];
    expected[0] = Some("PATCH");
    expected[2] = Some("*");
    assert_eq!(suggestions.collect::<Vec<_>>(), expected);
}

#[test]
fn wildcard_beside_an_origin_source() {
    let spec = PolicySpec {
        origins: vec!["*".into()],
        sources: 1,
        ..PolicySpec::default()
    };
    has_messages(
        &spec,
        &[
            "origins[0]: `\"*\"` matches everything, so the other entries of `origins` have no \
           effect; keep one or the other",
        ],
    );
    let spec = PolicySpec {
        origins: Vec::new(),
        sources: 1,
        ..PolicySpec::default()
    };
    has_messages(&spec, &[]);
}

/// Checks the whole message for one regex.
#[cfg(feature = "regex")]
#[track_caller]
fn regex_has_message(pattern: &str, message: &str) {
    let spec = PolicySpec {
        origins: vec![cors_rules::OriginEntry::regex(pattern)],
        ..PolicySpec::default()
    };
    has_messages(&spec, &[&format!("origins[0]: `{pattern}` {message}")]);
}

#[cfg(feature = "regex")]
#[test]
fn regexes() {
    let loose = "probably matches other domains: a part of the regex admits more than \
                 `[a-z0-9_-]`, as a `.` without `\\` does; correct the regex, or write \
                 `allow(loose_regex)`";
    let colon = "repeats the colon: `:*` means any number of colons, not any port";
    let end = "does not end with a domain that one party owns, written out, as in \
               `\\.example\\.com`; correct the regex, or write `allow(loose_regex)`";
    regex_has_message("https://(", "is not a regex: unclosed group");
    regex_has_message(
        "https://a{9999999}",
        "is not a regex: the compiled regex exceeds size limit of 10485760 bytes",
    );
    regex_has_message(
        "a\\.example\\.com",
        "does not start with the scheme of a page: the regex has to match the whole origin, so \
         start it with `https://`",
    );
    regex_has_message("https://(.)\\.example\\.com", loose);
    regex_has_message("https://(?u)[a-zé]\\.example\\.com", loose);
    regex_has_message(
        "https://a(:*)",
        &format!("{colon}; write `\"https://a:*\"`"),
    );
    regex_has_message(
        "https://(a|b)\\.example\\.com(:*)?",
        &format!("{colon}; correct the regex, or write `allow(loose_regex)`"),
    );
    regex_has_message("https://a\\.example\\.com[a-z]", end);
    for tail in ["(?:[0-9])*", "(:3000)*", "(:[a-z]+)", "([a-z][0-9]+)"] {
        regex_has_message(&format!("https://a\\.example\\.com{tail}"), end);
    }
    for port in ["", "()", "(:3000|:[0-9]{4})", "(:3000|)", "(:(?u)[0-9]+)?"] {
        regex_has_message(
            &format!("https://[a-z]+\\.co\\.uk{port}"),
            "does not end with a domain that one party owns, as in `\\.example\\.com`: `co.uk` is \
             a public suffix; correct the regex, or write `allow(loose_regex)`",
        );
    }
}

/// A class of a port that matches more than digits.
#[cfg(feature = "regex")]
#[test]
fn ports_of_regexes() {
    let rules = |pattern: &str| {
        let spec = PolicySpec {
            origins: vec![cors_rules::OriginEntry::regex(pattern)],
            credentials: true,
            allow: vec![Rule::LooseRegex],
            unused_allow: cors_rules::UnusedAllow::Accepted,
            ..PolicySpec::default()
        };
        let violations = spec.check().err().unwrap_or_default();
        violations.iter().map(|it| it.rule).collect::<Vec<_>>()
    };
    for digits in ["[0-9]+", "(?u)[0-9]+", "[0-9]{4}"] {
        assert_eq!(rules(&format!("http://localhost:{digits}")), [], "{digits}");
    }
    for other in ["[0-z]+", "(?u)[0-z]+", "[!-9]+", "(?u)[!-9]+"] {
        let found = rules(&format!("http://localhost:{other}"));
        assert_eq!(found, [Rule::InsecureOrigin], "{other}");
    }
}

#[test]
fn hosts() {
    let spec = PolicySpec {
        enforce: true,
        hosts: Some(strings(&[
            "",
            "https://a.example",
            "A.example",
            "a.example/b",
            "a.example:443",
            "::1",
            "[fe80::1%25en0]",
            "*",
            "a.*.example",
            "a..example",
        ])),
        ..valid()
    };
    has_messages(
        &spec,
        &[
            "hosts[0]: `\"\"` is empty, expected a host such as `localhost:3000`",
            "hosts[1]: `https://a.example` has a scheme: `hosts` are names and ports; write \
             `a.example`",
            "hosts[2]: `A.example` has upper-case letters: write hosts in lower case; write \
             `a.example`",
            "hosts[3]: `a.example/b` is more than a host and a port; write `a.example`",
            "hosts[4]: `a.example:443` has the default port of `http` or `https`: an entry without \
             a port includes both; write `a.example`",
            "hosts[5]: `::1` has more than one `:`: an IPv6 address is written in brackets; write \
             `[::1]`",
            "hosts[6]: `[fe80::1%25en0]` has an IPv6 zone, which browsers do not send; write \
             `[fe80::1]`",
            "hosts[7]: `*` matches every host; remove it, or name a domain, as in `*.example.com`",
            "hosts[8]: `a.*.example` has a `*` in an unexpected place: expected whole labels, \
             `*.example.com`, or a whole port, `localhost:*`",
            "hosts[9]: `a..example` has an empty label in its host: two dots, or a dot at the \
             front",
        ],
    );
}

#[test]
fn repairs() {
    origins_have_message(
        "contains white space or a control character",
        &[
            (" https://a.example", EXAMPLE),
            ("https://a .example", None),
        ],
    );
    origins_have_message(
        "has a scheme that is never the origin of a request",
        &[
            ("ws://a.example", Some("http://a.example")),
            ("wss://a.example", EXAMPLE),
            ("file:///a", None),
        ],
    );
    // The host of another scheme keeps its case.
    origins_have_message(
        "has upper-case letters: a browser sends the scheme and a domain in lower case",
        &[("APP://A.example", Some("app://A.example"))],
    );
    origins_have_message(
        "has no scheme: an origin starts with a scheme such as `https://`",
        &[
            ("a.localhost", Some("http://a.localhost")),
            ("127.0.0.1:3000", Some("http://127.0.0.1:3000")),
            ("https:a.example", EXAMPLE),
            ("//a.example", EXAMPLE),
        ],
    );
}

#[test]
fn names_of_rules() {
    assert_eq!("null_origin".parse(), Ok(Rule::NullOrigin));
    let error = "nulls".parse::<Rule>().expect_err("unknown");
    assert_eq!(error.to_string(), "unknown rule");
}

#[test]
fn misspelled_schemes() {
    for (entry, mended) in [
        ("htps://app.example.com", "https://app.example.com"),
        ("httsp://*.example.com:*", "https://*.example.com:*"),
        ("htpp://localhost:3000", "http://localhost:3000"),
        ("hhttp://localhost", "http://localhost"),
        ("ttps://app.example.com:443/", "https://app.example.com"),
    ] {
        let spec = PolicySpec {
            origins: vec![entry.into()],
            ..PolicySpec::default()
        };
        let expected = format!(
            "origins[0]: `{entry}` has a scheme that looks like `http` or `https`, misspelled; \
             write `{mended}`"
        );
        has_messages(&spec, &[&expected]);
        assert_eq!(spec.check().unwrap_err()[0].rule, Rule::OriginScheme);
    }
    for entry in [
        "http://a.example",
        "https://a.example",
        "hxxp://a",
        "ht://a",
        "tauri://localhost",
    ] {
        let spec = PolicySpec {
            origins: vec![entry.into()],
            ..PolicySpec::default()
        };
        has_messages(&spec, &[]);
    }
}

/// Checks one entry of `origins`: the end of its message, and its suggestion.
#[track_caller]
fn ends_with(entry: &str, end: &str, suggestion: Option<&str>) {
    let spec = PolicySpec {
        origins: vec![entry.into()],
        ..PolicySpec::default()
    };
    let violations = spec.check().unwrap_err();
    let [violation] = &*violations else {
        panic!("{violations:?}");
    };
    assert!(violation.message.ends_with(end), "{}", violation.message);
    assert_eq!(violation.suggestion.as_deref(), suggestion);
}

#[test]
fn lists_in_one_string() {
    for entry in [
        "https://a.example.com,https://b.example.com",
        "a.example.com; https://b.example.com/",
        "https://a.example.com/items, https://b.example.com",
        "https://a.example.com\n  https://b.example.com\n",
        "https://a.example.com, https://b.example.com, https://a.example.com",
    ] {
        let end = "is a list in one string; write an entry for each origin: \
                   `https://a.example.com`, `https://b.example.com`";
        ends_with(entry, end, None);
    }
    for entry in ["https://app. example.com", "https://a.example.com null"] {
        ends_with(entry, "contains white space or a control character", None);
    }
    let query = "; write `http://a.example`";
    ends_with(
        "http://a.example/?q=1;b.example",
        query,
        Some("http://a.example"),
    );
}

#[test]
fn regexes_without_their_key() {
    let end = "; it looks like a regex, which is written `regex(..)` in a policy";
    for entry in [
        r"https://[a-z]+\.example\.com",
        r"https://app\.example\.com",
        r"https://api\.(a|b)\.com",
        "https://app$",
        "^https://app.example.com",
        "https?://app.example.com",
        "https://.*.example.com",
    ] {
        ends_with(entry, end, None);
    }
    for entry in ["app://my$app", "http://localhost:3000 (dev)"] {
        let spec = PolicySpec {
            origins: vec![entry.into()],
            ..PolicySpec::default()
        };
        assert!(!spec.check().unwrap_err()[0].message.contains("regex"));
    }
}
