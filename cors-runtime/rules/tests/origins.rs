//! Which strings are origins and entries of `origins`, and what an entry matches.

use cors_rules::{MAX_ORIGIN_LEN, Origin, OriginError, OriginPattern};

fn label(len: usize) -> String {
    "a".repeat(len)
}

/// A host of that many bytes.
fn host(len: usize) -> String {
    let last = if len.is_multiple_of(2) { "aa" } else { "a" };
    "a.".repeat((len - last.len()) / 2) + last
}

#[test]
fn what_a_browser_sends_is_an_origin() {
    for origin in [
        "https://example.com",
        "https://example.com:8443",
        "http://example.com:443",
        "https://example.com:80",
        "https://com",
        "http://localhost",
        "http://localhost:1",
        "http://localhost:65535",
        "https://foo_bar.example.com",
        "https://_dmarc.example.com",
        "https://example.com.",
        "https://a-b.example.com",
        "https://1.example.com",
        "https://xn--rsum-bpad.com",
        "http://127.0.0.1",
        "http://127.0.0.1:8080",
        "http://[::1]",
        "http://[::1]:8080",
        "http://[::]",
        "http://[2001:db8::1]",
        "http://[2001:db8:0:1:1:1:1:1]",
        "tauri://localhost",
        "capacitor://localhost",
        "chrome-extension://aapocclcgogkmnckokdopfmhonfmgoek",
        "coap+tcp://example.com",
        "z39.50r://example.com",
    ] {
        let parsed = Origin::parse(origin).map_err(|mistake| mistake.to_string());
        let parsed = parsed.unwrap_or_else(|mistake| panic!("`{origin}` {mistake}"));
        let port = parsed.port.map(|port| format!(":{port}"));
        let again = format!(
            "{}://{}{}",
            parsed.scheme,
            parsed.host,
            port.unwrap_or_default()
        );
        assert_eq!(again, origin);
    }
}

#[test]
fn what_no_browser_sends_is_refused_with_the_reason() {
    use OriginError as E;
    let long_label = format!("https://{}.example.com", label(64));
    let cases: &[(&str, OriginError)] = &[
        ("", E::Empty),
        ("null", E::Null),
        ("example.com", E::NoScheme),
        ("localhost:3000", E::NoScheme),
        ("//example.com", E::NoScheme),
        ("https:/example.com", E::NoScheme),
        ("blob:https://example.com", E::NeverSent),
        ("://example.com", E::Scheme),
        ("1a://example.com", E::Scheme),
        ("foo_bar://example.com", E::Scheme),
        ("HTTPS://example.com", E::UpperCase),
        ("https://eXample.com", E::UpperCase),
        ("file:///etc/passwd", E::NeverSent),
        ("ws://example.com", E::NeverSent),
        ("wss://example.com", E::NeverSent),
        ("data://example.com", E::NeverSent),
        ("javascript://example.com", E::NeverSent),
        ("about://blank", E::NeverSent),
        (" https://example.com", E::WhiteSpace),
        ("https://example.com\n", E::WhiteSpace),
        ("https://exa\u{0}mple.com", E::WhiteSpace),
        ("https://r\u{e9}sum\u{e9}.com", E::NonAscii),
        ("https://example.com/", E::TrailingSlash),
        ("https://example.com/foo", E::Path),
        ("https://example.com\\", E::Path),
        ("https://example.com?", E::Query),
        ("https://example.com#nav", E::Fragment),
        ("https://user:password@example.com", E::UserInfo),
        ("https://", E::EmptyHost),
        ("https://.", E::EmptyHost),
        ("https://:8080", E::EmptyHost),
        ("https://a..b", E::EmptyLabel),
        ("https://.example.com", E::EmptyLabel),
        ("https://example.com..", E::EmptyLabel),
        (&long_label, E::LabelTooLong),
        ("https://-foo.com", E::LabelHyphen),
        ("https://foo-.com", E::LabelHyphen),
        ("https://^foo", E::HostCharacter),
        ("https://example%2ecom", E::HostCharacter),
        ("https://*.example.com", E::WildcardPlace),
        ("http://127.1", E::Ipv4),
        ("http://127.0.0.1.", E::Ipv4),
        ("http://127.0.0.1.1", E::Ipv4),
        ("http://0177.0.0.1", E::Ipv4),
        ("http://0xff000000", E::Ipv4),
        ("http://2130706433", E::Ipv4),
        ("http://256.0.0.1", E::Ipv4),
        ("http://foo.bar.255", E::Ipv4),
        ("https://example.1com", E::NumericLabel),
        ("http://[]", E::Ipv6),
        ("http://[::1", E::Ipv6),
        ("http://[example]", E::Ipv6),
        ("http://[::1]abc", E::Ipv6),
        ("http://::1", E::Ipv6WithoutBrackets),
        ("http://[fe80::1%eth0]", E::Ipv6Zone),
        ("http://[::ffff:1.2.3.4]", E::Ipv6Mapped),
        ("http://[::ffff:7f00:1]", E::Ipv6Mapped),
        ("http://[0:0:0:0:0:0:0:1]", E::Ipv6NotCanonical),
        ("http://[2001:DB8::1]", E::Ipv6NotCanonical),
        ("http://[2001:db8::0001]", E::Ipv6NotCanonical),
        ("http://[2001:db8::1:1:1:1:1]", E::Ipv6NotCanonical),
        ("https://example.com:", E::EmptyPort),
        ("https://example.com:abc", E::PortNotANumber),
        ("https://example.com:+80", E::PortNotANumber),
        ("https://example.com:-1", E::PortNotANumber),
        ("https://example.com:080", E::PortLeadingZero),
        ("https://example.com:0", E::PortOutOfRange),
        ("https://example.com:65536", E::PortOutOfRange),
        ("https://example.com:443", E::DefaultPort),
        ("http://example.com:80", E::DefaultPort),
    ];
    for (origin, mistake) in cases {
        assert_eq!(Origin::parse(origin), Err(*mistake), "`{origin}`");
    }
}

#[test]
fn lengths_are_bounded_exactly() {
    let parse = |origin: &str| Origin::parse(origin).map(|_| ());
    assert_eq!(parse(&format!("https://{}.com", label(63))), Ok(()));
    assert_eq!(parse(&format!("https://{}", host(253))), Ok(()));
    assert_eq!(
        parse(&format!("https://{}", host(254))),
        Err(OriginError::HostTooLong)
    );
    let longest = format!("{}://{}:65535", label(64), host(253));
    assert_eq!(longest.len(), MAX_ORIGIN_LEN);
    assert_eq!(parse(&longest), Ok(()));
    assert_eq!(parse(&format!("{longest}0")), Err(OriginError::TooLong));
    assert_eq!(
        parse(&format!("{}://a", label(65))),
        Err(OriginError::Scheme)
    );

    let pattern = |len| OriginPattern::parse(&format!("https://*.{}", host(len))).map(|_| ());
    assert_eq!(pattern(251), Ok(()));
    assert_eq!(pattern(252), Err(OriginError::HostTooLong));
}

#[test]
fn entries_with_a_wildcard_in_its_place_are_read() {
    for entry in [
        "https://*.example.com",
        "https://*.example.com:8443",
        "https://*.example.com:*",
        "https://*.com",
        "http://localhost:*",
        "http://127.0.0.1:*",
        "http://[::1]:*",
        "https://*.example.com.",
    ] {
        let pattern = OriginPattern::parse(entry).unwrap_or_else(|e| panic!("`{entry}` {e}"));
        assert!(!pattern.is_exact(), "`{entry}`");
        assert_eq!(pattern.to_string(), entry);
    }
}

#[test]
fn entries_with_a_wildcard_elsewhere_are_refused() {
    use OriginError as E;
    for (entry, mistake) in [
        ("https://*", E::WildcardHost),
        ("https://*:8080", E::WildcardHost),
        ("https://*.", E::EmptyHost),
        ("https://**.example.com", E::WildcardPlace),
        ("https://*example.com", E::WildcardPlace),
        ("https://exa*mple.com", E::WildcardPlace),
        ("https://example.*", E::WildcardPlace),
        ("https://foo.*.example.com", E::WildcardPlace),
        ("https://*.*.example.com", E::WildcardPlace),
        ("https://example.com*", E::WildcardPlace),
        ("http*://example.com", E::Scheme),
        ("*://example.com", E::Scheme),
        ("http://*.127.0.0.1", E::WildcardOverIp),
        ("http://*.[::1]", E::WildcardOverIp),
        ("http://localhost:80*", E::WildcardPort),
        ("http://localhost:**", E::WildcardPort),
        ("https://*.example.com/", E::TrailingSlash),
        ("https://*.example.com:443", E::DefaultPort),
    ] {
        assert_eq!(OriginPattern::parse(entry), Err(mistake), "`{entry}`");
    }
}

fn matches(entry: &str, origin: &str) -> bool {
    let pattern = OriginPattern::parse(entry).expect("a valid entry");
    Origin::parse(origin).is_ok_and(|origin| pattern.matches(&origin))
}

#[test]
fn subdomains_are_one_or_more_whole_labels() {
    let entry = "https://*.example.com";
    for origin in [
        "https://a.example.com",
        "https://a.b.example.com",
        "https://_.example.com",
    ] {
        assert!(matches(entry, origin), "`{origin}`");
    }
    for origin in [
        "https://example.com",
        "https://.example.com",
        "https://a..example.com",
        "https://evilexample.com",
        "https://a.example.com.evil.com",
        "https://a.example.com.",
        "https://evil.com/.example.com",
        "https://evil.com?.example.com",
        "https://evil .example.com",
        "https://user@a.example.com",
        "https://A.example.com",
        "https://a.example.com:8443",
        "https://a.example.com:443",
        "http://a.example.com",
        "null",
    ] {
        assert!(!matches(entry, origin), "`{origin}`");
    }
}

#[test]
fn any_port_is_any_number_or_none() {
    let entry = "http://localhost:*";
    for origin in [
        "http://localhost",
        "http://localhost:1",
        "http://localhost:65535",
    ] {
        assert!(matches(entry, origin), "`{origin}`");
    }
    for origin in [
        "http://localhost:80",
        "http://localhost:0",
        "http://localhost:65536",
        "http://localhost:8a",
        "http://localhost:3000.evil.com",
        "http://localhost.evil.com",
        "http://evil.localhost",
        "https://localhost:3000",
        "http://localhost:",
    ] {
        assert!(!matches(entry, origin), "`{origin}`");
    }
}

#[test]
fn an_entry_covers_what_it_matches() {
    let covers = |a: &str, b: &str| {
        let parse = |entry| OriginPattern::parse(entry).expect("a valid entry");
        parse(a).covers(&parse(b))
    };
    for (a, b) in [
        ("https://*.example.com", "https://a.example.com"),
        ("https://*.example.com", "https://*.a.example.com"),
        ("https://*.example.com:*", "https://*.example.com"),
        ("https://*.example.com:*", "https://*.example.com:8443"),
        ("http://localhost:*", "http://localhost"),
        ("http://localhost:*", "http://localhost:3000"),
    ] {
        assert!(covers(a, b), "{a} covers {b}");
        assert!(!covers(b, a), "{b} does not cover {a}");
    }
    for (a, b) in [
        ("https://*.example.com", "https://example.com"),
        ("https://*.example.com", "http://a.example.com"),
        ("https://*.example.com", "https://a.example.com:8443"),
        ("https://*.example.com", "https://*.evilexample.com"),
        ("http://localhost:*", "http://*.localhost"),
    ] {
        assert!(!covers(a, b), "{a} does not cover {b}");
    }
}
