//! Checks that the parsers do not panic, and that browsers send every accepted `http` or `https`
//! origin in the same form.
#![no_main]

use cors_rules::{Origin, OriginPattern};
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|value: &str| {
    let origin = Origin::parse(value);
    let pattern = OriginPattern::parse(value);
    if let Ok(pattern) = &pattern {
        assert_eq!(pattern.to_string(), value);
        assert!(pattern.covers(pattern));
        assert_eq!(pattern.is_exact(), origin.is_ok());
    }
    if let Ok(origin) = &origin {
        assert!(pattern.is_err() || pattern.is_ok_and(|pattern| pattern.matches(origin)));
        check_by_url(value, origin);
    }
});

fn check_by_url(value: &str, origin: &Origin<'_>) {
    if !["http", "https"].contains(&origin.scheme) {
        return;
    }
    match Url::parse(value) {
        Ok(url) => assert_eq!(url.origin().ascii_serialization(), value),
        // Punycode that is not an IDN. The parsers do not contain the tables of IDNA.
        Err(_)
            if origin
                .host
                .split('.')
                .any(|label| label.starts_with("xn--")) => {}
        Err(mistake) => panic!("`{value}` is an origin, but {mistake}"),
    }
}
