//! No string makes the parser panic, and a pattern matches only hosts of its own domain.
#![no_main]

use cors_rules::HostPattern;
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|input: (&str, &str)| {
    let (entry, authority) = input;
    let Ok(pattern) = HostPattern::parse(entry) else {
        return;
    };
    assert_eq!(pattern.to_string(), entry);
    assert!(pattern.covers(&pattern));
    check(&pattern, authority);
    // Authorities that are almost right.
    for port in ["", ":80", ":443", ":3000", ":"] {
        let host = pattern.host;
        for front in ["", ".", "a.", authority] {
            check(&pattern, &format!("{front}{host}{port}"));
            check(&pattern, &format!("{front}.{host}{port}"));
            check(&pattern, &format!("{host}{front}{port}"));
        }
    }
});

fn check(pattern: &HostPattern<'_>, authority: &str) {
    if !pattern.matches(authority) {
        return;
    }
    assert!(pattern.matches(&authority.to_ascii_uppercase()));
    let Ok(url) = Url::parse(&format!("http://{authority}/")) else {
        // Punycode that is not an IDN, and numbers of more than one label.
        return;
    };
    let host = url.host_str().unwrap_or_default();
    assert!(
        host == pattern.host || pattern.subdomains && host.ends_with(&format!(".{}", pattern.host)),
        "{pattern} matches {authority}"
    );
    assert_eq!((url.username(), url.path(), url.query()), ("", "/", None));
}
