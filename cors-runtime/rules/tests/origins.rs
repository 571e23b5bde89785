//! Tests which strings are origins and entries of `origins`, and which origins an entry matches.

use cors_rules::{MAX_ORIGIN_LEN, Origin, OriginError, OriginPattern};

fn label(len: usize) -> String {
    "a".repeat(len)
}

/// Returns a host with the given number of bytes.
fn host(len: usize) -> String {
    let last = if len.is_multiple_of(2) { "aa" } else { "a" };
    "a.".repeat((len - last.len()) / 2) + last
}

#[test]
fn every_origin_that_a_browser_sends_is_valid() {
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
        "http://7nas",
        "http://3dprinter:8080",
        "https://3com.com",
        "https://example.1com",
        "https://example.0xg",
        "https://-foo.example.com",
        "https://foo-.example.com",
        "https://example.-",
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
fn an_origin_that_no_browser_sends_is_refused_with_a_reason() {
    use OriginError as E;
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
        ("http://foo.bar.0x", E::Ipv4),
        ("http://foo.bar.0xff", E::Ipv4),
        ("http://foo.bar.09", E::Ipv4),
        ("http://foo.bar.255.", E::Ipv4),
        ("http://[]", E::Ipv6),
        ("http://[::1", E::Ipv6),
        ("http://[example]", E::Ipv6),
        ("http://[::1]abc", E::Ipv6),
        ("http://::1", E::Ipv6WithoutBrackets),
        ("http://[fe80::1%eth0]", E::Ipv6Zone),
        ("http://[::ffff:1.2.3.4]", E::Ipv6NotCanonical),
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
        ("app://", E::EmptyHost),
        ("APP://localhost", E::UpperCase),
        ("app://local^host", E::HostCharacter),
        ("app://*", E::WildcardPlace),
        ("app://localhost/", E::TrailingSlash),
        ("app://user@localhost", E::UserInfo),
    ];
    for (origin, mistake) in cases {
        assert_eq!(Origin::parse(origin), Err(*mistake), "`{origin}`");
    }
}

/// Origins of browser extensions and of applications with a webview.
#[test]
fn the_host_of_other_schemes_is_opaque() {
    for origin in [
        "tauri://localhost",
        "capacitor://localhost",
        "capacitor-electron://-",
        "ionic://localhost",
        "app://.",
        "app://-",
        "app://obsidian.md",
        "app://com.example.App_1",
        "chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb",
        "moz-extension://1b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9",
        "moz-extension://cfe23ae2-5b43-4e17-a3c1-f0a1b2c3d4e5",
        "safari-web-extension://D9F1A2B3-0C4D-4E5F-8A6B-7C8D9E0F1A2B",
        "vscode-webview://1u8rN4uHq0dMgK",
        "vscode-webview://0p2e8ctg4qhl3mgd4ebn0pm5r2o7o3m9m33hv7d8vchg5ln6m4gg",
        "wails://wails.localhost:34115",
        "app://1",
        "app://127.1",
        "app://0x7f",
        "app://a..b",
        "app://xn--a",
    ] {
        let pattern = OriginPattern::parse(origin).unwrap_or_else(|e| panic!("`{origin}` {e}"));
        let parsed = Origin::parse(origin).unwrap_or_else(|e| panic!("`{origin}` {e}"));
        assert!(pattern.is_exact() && pattern.matches(&parsed), "{origin}");
        assert_eq!(pattern.to_string(), origin);
    }
    assert!(!matches("app://App", "app://app"));
    assert!(matches("app://*.example", "app://A.example"));
    assert!(!matches("app://*.example", "app://.example"));
    for (entry, mistake) in [
        ("App://localhost", OriginError::UpperCase),
        ("app://local$host", OriginError::HostCharacter),
        ("app://*", OriginError::WildcardHost),
        ("app://*..example", OriginError::EmptyLabel),
        ("app://*..", OriginError::EmptyLabel),
    ] {
        assert_eq!(OriginPattern::parse(entry), Err(mistake), "`{entry}`");
    }
}

/// An origin source can allow such an origin. An entry with such a host is probably a mistake.
#[test]
fn entries_are_checked_more_strictly_than_requests() {
    use OriginError as E;
    for (origin, mistake) in [
        ("https://{tenant}.example.com", E::HostCharacter),
        ("https://$host", E::HostCharacter),
        ("https://a,b.example.com", E::HostCharacter),
        ("https://file+.example.com", E::HostCharacter),
        ("app://file%2B", E::HostCharacter),
        ("https://xn--a", E::Punycode),
        ("http://[::ffff:7f00:1]", E::Ipv6Mapped),
    ] {
        assert!(Origin::parse(origin).is_ok(), "`{origin}`");
        assert_eq!(OriginPattern::parse(origin), Err(mistake), "`{origin}`");
    }
}

/// No page has such an origin, because DNS does not have such names.
#[test]
fn domains_are_as_long_as_in_dns() {
    let long_label = format!("https://{}.example.com", label(64));
    let long_host = format!("https://{}", host(254));
    for (origin, mistake) in [
        (long_label, OriginError::LabelTooLong),
        (long_host, OriginError::HostTooLong),
    ] {
        assert_eq!(Origin::parse(&origin), Err(mistake), "`{origin}`");
        assert_eq!(OriginPattern::parse(&origin), Err(mistake), "`{origin}`");
    }
}

#[test]
fn lengths_are_bounded_exactly() {
    let parse = |origin: &str| Origin::parse(origin).map(|_| ());
    let longest = format!("{}://{}:65535", label(64), host(253));
    assert_eq!(longest.len(), MAX_ORIGIN_LEN);
    assert_eq!(parse(&longest), Ok(()));
    assert_eq!(parse(&format!("{longest}0")), Err(OriginError::TooLong));
    assert_eq!(
        parse(&format!("{}://a", label(65))),
        Err(OriginError::Scheme)
    );

    let entry = |host: &str| OriginPattern::parse(&format!("https://{host}")).map(|_| ());
    assert_eq!(entry(&format!("{}.com", label(63))), Ok(()));
    assert_eq!(entry(&host(253)), Ok(()));
    assert_eq!(entry(&format!("{}.", host(253))), Ok(()));
    assert_eq!(entry(&host(254)), Err(OriginError::HostTooLong));
    assert_eq!(entry(&format!("*.{}", host(251))), Ok(()));
    assert_eq!(
        entry(&format!("*.{}", host(252))),
        Err(OriginError::HostTooLong)
    );
}

#[test]
fn wildcards_for_labels_and_ports_are_valid() {
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
fn other_wildcards_are_refused() {
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
fn a_subdomain_pattern_matches_one_or_more_whole_labels() {
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
fn a_port_pattern_matches_any_port_and_the_default_port() {
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
fn an_entry_covers_the_entries_that_match_a_subset() {
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
