//! Tests the parsers of origins and entries, and the origins that an entry matches.

use cors_rules::{MAX_ORIGIN_LEN, Origin, OriginError, OriginPattern, PolicySpec};
use proptest::prelude::*;
use url::Url;

use crate::config;
use crate::strategies::{almost_entry, almost_origin, near_origin, near_pattern};

fn is_http_or_https(value: &str) -> bool {
    value.starts_with("https://") || value.starts_with("http://")
}

/// Returns whether a browser sends the origin, but no page with the origin exists.
///
/// No page is loaded from port 0 (Fetch, "bad port"). DNS does not have empty labels, or labels of
/// more than 63 bytes. A subdomain named `*` could be mistaken for a pattern. [`MAX_ORIGIN_LEN`]
/// limits the work for a request.
fn has_no_page(sent: &str, mistake: OriginError) -> bool {
    match mistake {
        OriginError::PortOutOfRange => sent.ends_with(":0"),
        OriginError::EmptyLabel | OriginError::EmptyHost => {
            sent.contains("//.") || sent.contains("..")
        }
        OriginError::LabelTooLong => sent.split(['.', '/', ':']).any(|label| label.len() > 63),
        OriginError::HostTooLong => sent.len() > "http://".len() + 251,
        OriginError::WildcardPlace => sent.contains('*'),
        OriginError::TooLong => sent.len() > MAX_ORIGIN_LEN,
        _ => false,
    }
}

/// Returns whether the value has a label that starts with `xn--`.
///
/// The properties below do not cover such labels if the browser rejects the URL. Only the encoding
/// of an entry is checked, because the tables of IDNA are larger than everything else in this
/// crate. So some entries never match, such as `https://xn--fba.com` (a lone diaeresis),
/// `https://xn--0qk.com` (a circled ideograph, which a browser maps to the plain one) and entries
/// with unassigned code points. They are a quarter of random valid Punycode. No such entry matches
/// another origin.
fn has_punycode(value: &str) -> bool {
    value.contains("://xn--") || value.contains(".xn--")
}

/// Returns the origin that a browser sends for a page with this URL.
fn sent(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    url.origin()
        .is_tuple()
        .then(|| url.origin().ascii_serialization())
}

/// Returns an origin that the pattern matches, with these labels for `*.` and this port for `:*`.
fn instance(pattern: &OriginPattern<'_>, labels: &str, port: &str) -> String {
    let exact = pattern.to_string();
    let exact = exact
        .strip_suffix(":*")
        .map_or(exact.clone(), |front| format!("{front}{port}"));
    exact.replace("*.", &format!("{labels}."))
}

/// Tests domains of one letter, for the first alphabets in Unicode.
#[test]
fn an_idn_in_punycode_is_a_valid_entry() {
    let urls = ('\u{80}'..'\u{3100}')
        .filter(|letter| letter.is_alphabetic())
        .map(|letter| format!("https://{letter}.example"));
    let refused: Vec<String> = urls
        .filter_map(|url| sent(&url))
        .filter(|sent| has_punycode(sent) && OriginPattern::parse(sent).is_err())
        .collect();
    assert!(
        refused.is_empty(),
        "{} are refused: {refused:?}",
        refused.len()
    );
}

proptest! {
    #![proptest_config(config(2048))]

    #[test]
    fn every_valid_origin_is_sent_by_a_browser(value in almost_origin()) {
        if Origin::parse(&value).is_ok() && is_http_or_https(&value) {
            let sent = sent(&value);
            let is_refused = sent.is_none() && has_punycode(&value);
            prop_assert!(sent.as_ref() == Some(&value) || is_refused, "{:?}", sent);
        }
    }

    #[test]
    fn every_origin_that_a_browser_sends_is_valid(url in almost_origin()) {
        let Some(sent) = sent(&url).filter(|sent| is_http_or_https(sent)) else { return Ok(()) };
        if let Err(mistake) = Origin::parse(&sent) {
            prop_assert!(has_no_page(&sent, mistake), "`{}` {}", sent, mistake);
        }
    }

    /// Entries with a host that DNS does not have are probably mistakes.
    #[test]
    fn every_origin_that_a_browser_sends_is_a_valid_entry(url in almost_origin()) {
        let Some(sent) = sent(&url).filter(|sent| is_http_or_https(sent)) else { return Ok(()) };
        let of_a_name = |c: char| c.is_ascii_alphanumeric() || "-_.:/".contains(c);
        match OriginPattern::parse(&sent) {
            Ok(pattern) => prop_assert!(!pattern.is_exact() || pattern.to_string() == sent),
            Err(OriginError::HostCharacter) => prop_assert!(!sent.chars().all(of_a_name)),
            // The entry is a pattern.
            Err(_) if sent.contains("//*") => {}
            Err(OriginError::Ipv6Mapped) => prop_assert!(sent.contains("[::ffff:")),
            Err(OriginError::Punycode) => prop_assert!(has_punycode(&sent)),
            Err(mistake) => prop_assert!(has_no_page(&sent, mistake), "`{}` {}", sent, mistake),
        }
    }

    #[test]
    fn every_exact_entry_is_sent_by_a_browser(entry in almost_entry()) {
        let exact = OriginPattern::parse(&entry).is_ok_and(|pattern| pattern.is_exact());
        if exact && is_http_or_https(&entry) {
            let sent = sent(&entry);
            let is_refused = sent.is_none() && has_punycode(&entry);
            prop_assert!(sent.as_ref() == Some(&entry) || is_refused, "{:?}", sent);
        }
    }

    #[test]
    fn an_exact_entry_matches_only_the_same_origin(
        entry in almost_entry(),
        other in near_origin(),
    ) {
        let Ok(pattern) = OriginPattern::parse(&entry) else { return Ok(()) };
        if pattern.is_exact() {
            let origin = Origin::parse(&entry);
            prop_assert!(origin.is_ok_and(|origin| pattern.matches(&origin)));
            let other_matches = Origin::parse(&other).is_ok_and(|other| pattern.matches(&other));
            prop_assert_eq!(other_matches, other == entry);
        } else {
            prop_assert!(Origin::parse(&entry).is_err());
        }
    }

    #[test]
    fn a_pattern_is_displayed_as_it_was_written(entry in almost_entry()) {
        if let Ok(pattern) = OriginPattern::parse(&entry) {
            let text = pattern.to_string();
            prop_assert_eq!(&text, &entry);
            prop_assert_eq!(OriginPattern::parse(&text), Ok(pattern));
        }
    }

    #[test]
    fn every_instance_of_a_pattern_is_a_valid_origin(
        entry in almost_entry(),
        labels in "[a-z]{1,3}(\\.[a-z]{1,3}){0,2}",
        port in prop_oneof![Just(String::new()), (1000u16..).prop_map(|port| format!(":{port}"))],
    ) {
        let Ok(pattern) = OriginPattern::parse(&entry) else { return Ok(()) };
        let origin = instance(&pattern, &labels, &port);
        match Origin::parse(&origin) {
            Ok(parsed) => {
                prop_assert!(pattern.matches(&parsed), "`{}` is one of `{}`", origin, entry);
            }
            // There is always room for one label of one letter.
            Err(mistake) => {
                prop_assert_eq!(mistake, OriginError::TooLong);
                prop_assert!(Origin::parse(&instance(&pattern, "a", &port)).is_ok());
            }
        }
    }

    #[test]
    fn a_pattern_matches_origins_under_its_host(
        entry in near_pattern(),
        value in near_origin(),
    ) {
        let pattern = OriginPattern::parse(&entry).expect("a pattern");
        let origin = Origin::parse(&value).expect("an origin");
        let url = Url::parse(&value).expect("a URL");
        let host = url.host_str().expect("a host");
        let hosts = match entry.split_once("*.") {
            Some(_) => host.ends_with(&format!(".{}", pattern.host)),
            None => host == pattern.host,
        };
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let ports = entry.ends_with(":*") || entry.ends_with(&format!("{}{port}", pattern.host));
        let schemes = entry.starts_with(&format!("{}://", url.scheme()));
        prop_assert_eq!(pattern.matches(&origin), schemes && hosts && ports);
    }

    #[test]
    fn a_covering_pattern_matches_every_origin_of_the_other(
        a in near_pattern(),
        b in near_pattern(),
        value in near_origin(),
    ) {
        let [a, b] = [&a, &b].map(|entry| OriginPattern::parse(entry).expect("a pattern"));
        let origin = Origin::parse(&value).expect("an origin");
        if a.covers(&b) && b.matches(&origin) {
            prop_assert!(a.matches(&origin), "`{}` covers `{}`, but for `{}`", a, b, value);
        }
    }

    /// If a pattern does not cover another one, an origin exists that only the other one matches.
    #[test]
    fn a_pattern_that_does_not_cover_misses_an_origin_of_the_other(a in near_pattern(), b in near_pattern()) {
        let [a, b] = [&a, &b].map(|entry| OriginPattern::parse(entry).expect("a pattern"));
        let witnesses = ["", ":9"].map(|port| instance(&b, "z", port));
        let all = witnesses.iter().all(|witness| {
            a.matches(&Origin::parse(witness).expect("an origin"))
        });
        prop_assert_eq!(a.covers(&b), all, "`{}` and `{}`", a, b);
    }

    #[test]
    fn a_suggested_origin_is_valid(entry in almost_entry()) {
        let spec = PolicySpec { origins: vec![entry.as_str().into()], ..PolicySpec::default() };
        for violation in spec.check().err().unwrap_or_default() {
            if let Some(suggestion) = &violation.suggestion {
                prop_assert!(OriginPattern::parse(suggestion).is_ok(), "{}", violation);
                let quoted = format!("`{suggestion}`");
                prop_assert!(violation.message.contains(&quoted), "{}", violation);
                prop_assert_ne!(suggestion, &entry);
            }
        }
    }

    #[test]
    fn a_suggested_method_is_valid(name in "[a-zA-Z]{1,7}|[gG][eE][tT]|[pP][aAuU][tT]([cC][hH])?") {
        let methods = |name: String| PolicySpec {
            origins: vec!["https://example.com".into()],
            methods: Some(vec![name]),
            ..PolicySpec::default()
        };
        for violation in methods(name).check().err().unwrap_or_default() {
            if let Some(suggestion) = violation.suggestion {
                prop_assert!(methods(suggestion).check().is_ok());
            }
        }
    }
}
