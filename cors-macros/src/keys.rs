//! The keys of the attribute, and their names in other libraries.

/// All keys, in the order of the documentation.
pub(crate) const KEYS: [&str; 11] = [
    "origins",
    "methods",
    "headers",
    "expose",
    "credentials",
    "max_age",
    "enforce",
    "policy",
    "disabled",
    "allow",
    "crate",
];

/// The names of the keys in tower-http, actix-cors, Spring, Flask, Express and others, in snake
/// case.
const ELSEWHERE: [(&str, &[&str]); 8] = [
    (
        "origins",
        &[
            "allow_origin",
            "allow_origins",
            "allowed_origin",
            "allowed_origins",
            "origin",
        ],
    ),
    (
        "methods",
        &["allow_methods", "allowed_methods", "allow_method", "method"],
    ),
    (
        "headers",
        &[
            "allow_headers",
            "allowed_headers",
            "request_headers",
            "allow_header",
            "header",
        ],
    ),
    (
        "expose",
        &[
            "expose_headers",
            "exposed_headers",
            "response_headers",
            "exposed",
            "exposes",
        ],
    ),
    (
        "credentials",
        &[
            "allow_credentials",
            "supports_credentials",
            "support_credentials",
            "credentialed",
        ],
    ),
    (
        "max_age",
        &["max_age_seconds", "max_age_secs", "preflight_max_age"],
    ),
    (
        "enforce",
        &["block_on_origin_mismatch", "strict", "enforced"],
    ),
    ("disabled", &["disable", "off", "none"]),
];

/// The keys of other libraries that have no counterpart, in snake case, with the reason.
const NEEDLESS: [(&str, &str); 5] = [
    ("allow_private_network", "no browser asks for it"),
    ("options_success_status", "the status of a preflight is 204"),
    (
        "preflight_continue",
        "a preflight does not reach the handler",
    ),
    ("resources", "the policy is for the handler below"),
    ("vary_header", "`Vary` is always set where it is needed"),
];

/// Returns the message for an unknown key.
pub(crate) fn unknown(key: &str) -> String {
    let name = snake_case(key);
    if let Some((_, why)) = NEEDLESS.iter().find(|(needless, _)| *needless == name) {
        return format!("unknown key `{key}`: remove it; {why}");
    }
    if let Some(meant) = meant(key) {
        return format!("unknown key `{key}`: did you mean `{meant}`?");
    }
    let keys = KEYS.map(|key| format!("`{key}`")).join(", ");
    format!("unknown key `{key}`: expected one of {keys}")
}

/// Returns the key that was probably meant, by its name in other libraries or with a typing
/// mistake.
pub(crate) fn meant(key: &str) -> Option<&'static str> {
    let key = snake_case(key);
    let elsewhere = ELSEWHERE
        .iter()
        .find(|(_, names)| names.contains(&key.as_str()));
    let meant = elsewhere.map(|(meant, _)| *meant);
    meant.or_else(|| nearest_of(&KEYS, &key))
}

/// Returns the nearest known name, if it is at most two typing mistakes away.
pub(crate) fn nearest_of<'a>(known: &[&'a str], name: &str) -> Option<&'a str> {
    (0..=2).find_map(|mistakes| {
        let is_near = |known: &&&str| is_near(known.as_bytes(), name.as_bytes(), mistakes);
        known.iter().find(is_near).copied()
    })
}

/// Returns whether at most `mistakes` letters are missing, added, wrong or swapped with the next.
fn is_near(known: &[u8], name: &[u8], mistakes: usize) -> bool {
    let same = known.iter().zip(name).take_while(|(a, b)| a == b).count();
    let (known, name) = (&known[same..], &name[same..]);
    let ([a, rest_of_known @ ..], [b, rest_of_name @ ..]) = (known, name) else {
        return known.len() + name.len() <= mistakes;
    };
    let Some(mistakes) = mistakes.checked_sub(1) else {
        return false;
    };
    let is_swapped = rest_of_known.first() == Some(b) && rest_of_name.first() == Some(a);
    is_near(rest_of_known, name, mistakes)
        || is_near(known, rest_of_name, mistakes)
        || is_near(rest_of_known, rest_of_name, mistakes)
        || (is_swapped && is_near(&rest_of_known[1..], &rest_of_name[1..], mistakes))
}

/// Converts a name such as `allowCredentials` to snake case.
fn snake_case(key: &str) -> String {
    let mut snake = String::with_capacity(key.len());
    for letter in key.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
