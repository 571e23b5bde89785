//! Methods and headers that a page may send, and those that need no preflight.

use super::headers::{HeaderList, is_token, normalize};

/// [CORS-safelisted method](https://fetch.spec.whatwg.org/#cors-safelisted-method).
pub(super) fn is_safelisted_method(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "POST")
}

/// [Forbidden method](https://fetch.spec.whatwg.org/#forbidden-method).
pub(super) fn is_forbidden_method(method: &str) -> bool {
    ["CONNECT", "TRACE", "TRACK"]
        .iter()
        .any(|name| name.eq_ignore_ascii_case(method))
}

/// [Normalizes](https://fetch.spec.whatwg.org/#concept-method-normalize) a method: `put` becomes
/// `PUT`, and `patch` stays as written.
pub(super) fn normalize_method(method: &str) -> String {
    let upper = method.to_ascii_uppercase();
    match &*upper {
        "DELETE" | "GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" => upper,
        _ => method.to_owned(),
    }
}

/// [CORS non-wildcard request-header name](https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name).
pub(super) fn is_non_wildcard(name: &str) -> bool {
    name.eq_ignore_ascii_case("authorization")
}

/// [CORS-safelisted request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header).
pub(super) fn is_safelisted_header(name: &str, value: &[u8]) -> bool {
    let mut bytes = value.iter().copied();
    value.len() <= 128
        && match &*name.to_ascii_lowercase() {
            "accept" => !bytes.any(is_unsafe_byte),
            "accept-language" | "content-language" => bytes.all(is_language_byte),
            "content-type" => !bytes.any(is_unsafe_byte) && is_safelisted_type(value),
            "range" => is_safelisted_range(value),
            _ => false,
        }
}

/// [no-CORS-safelisted request-header](https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header).
pub(super) fn is_no_cors_safelisted_header(name: &str, value: &[u8]) -> bool {
    !name.eq_ignore_ascii_case("range") && is_safelisted_header(name, value)
}

/// [CORS-unsafe request-header byte](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte).
fn is_unsafe_byte(byte: u8) -> bool {
    (byte < 0x20 && byte != b'\t') || byte == 0x7f || b"\"():<>?@[\\]{}".contains(&byte)
}

fn is_language_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" *,-.;=".contains(&byte)
}

fn is_safelisted_type(value: &[u8]) -> bool {
    let types = [
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "text/plain",
    ];
    essence(value).is_some_and(|essence| types.contains(&&*essence))
}

/// Returns the essence of a [MIME type](https://mimesniff.spec.whatwg.org/#parsing-a-mime-type).
/// Its parameters cannot make a MIME type invalid.
fn essence(value: &[u8]) -> Option<String> {
    let value = normalize(value);
    let end = value
        .iter()
        .position(|byte| *byte == b';')
        .unwrap_or(value.len());
    let slash = value[..end].iter().position(|byte| *byte == b'/')?;
    let (kind, subtype) = (&value[..slash], normalize(&value[slash + 1..end]));
    // The start of the subtype is not trimmed by the standard.
    let is_valid = is_token(kind) && is_token(subtype) && value[slash + 1..].starts_with(subtype);
    let essence = [kind, b"/", subtype].concat().to_ascii_lowercase();
    is_valid.then(|| String::from_utf8(essence).ok()).flatten()
}

/// [Parses a single range](https://fetch.spec.whatwg.org/#simple-range-header-value) without white
/// space, and requires its start.
fn is_safelisted_range(value: &[u8]) -> bool {
    let Some((start, end)) = std::str::from_utf8(value)
        .ok()
        .and_then(|value| value.strip_prefix("bytes="))
        .and_then(|range| range.split_once('-'))
    else {
        return false;
    };
    let is_number = |number: &str| number.bytes().all(|byte| byte.is_ascii_digit());
    !start.is_empty()
        && is_number(start)
        && is_number(end)
        && (end.is_empty() || magnitude(start) <= magnitude(end))
}

/// Orders decimal numbers of any length.
fn magnitude(digits: &str) -> (usize, &str) {
    let digits = digits.trim_start_matches('0');
    (digits.len(), digits)
}

/// Returns the [CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names)
/// in lower case, sorted, each of them once.
pub(super) fn unsafe_header_names(headers: &HeaderList) -> Vec<String> {
    let is_safe = |(name, value): &(&str, &[u8])| is_safelisted_header(name, value);
    let (safe, mut names): (Vec<_>, Vec<_>) = headers.iter().partition(is_safe);
    let safelisted_size: usize = safe.iter().map(|(_, value)| value.len()).sum();
    if safelisted_size > 1024 {
        names.extend(safe);
    }
    let mut names: Vec<String> = names
        .iter()
        .map(|(name, _)| name.to_ascii_lowercase())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// [Forbidden request-header](https://fetch.spec.whatwg.org/#forbidden-request-header). A page that
/// sets one of them sends the request without it.
pub(super) fn is_forbidden_header(name: &str, value: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    FORBIDDEN_HEADERS.contains(&&*name)
        || name.starts_with("proxy-")
        || name.starts_with("sec-")
        || (METHOD_OVERRIDES.contains(&&*name) && overrides_with_forbidden_method(value))
}

fn overrides_with_forbidden_method(value: &[u8]) -> bool {
    let value = String::from_utf8_lossy(value);
    value
        .split(',')
        .any(|method| is_forbidden_method(method.trim_matches([' ', '\t'])))
}

/// [Forbidden response-header name](https://fetch.spec.whatwg.org/#forbidden-response-header-name).
pub(super) fn is_forbidden_response_header(name: &str) -> bool {
    ["set-cookie", "set-cookie2"]
        .iter()
        .any(|forbidden| forbidden.eq_ignore_ascii_case(name))
}

/// [CORS-safelisted response-header names](https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name).
pub(super) const SAFELISTED_RESPONSE_HEADERS: [&str; 7] = [
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "expires",
    "last-modified",
    "pragma",
];

/// [Request-body-header names](https://fetch.spec.whatwg.org/#request-body-header-name).
pub(super) const BODY_HEADERS: [&str; 4] = [
    "content-encoding",
    "content-language",
    "content-location",
    "content-type",
];

const METHOD_OVERRIDES: [&str; 3] = [
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
];

const FORBIDDEN_HEADERS: [&str; 21] = [
    "accept-charset",
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
    "connection",
    "content-length",
    "cookie",
    "cookie2",
    "date",
    "dnt",
    "expect",
    "host",
    "keep-alive",
    "origin",
    "referer",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];
