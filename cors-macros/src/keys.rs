//! The keys of the attribute, and their names in other libraries.

/// All keys, in the order of the documentation.
pub(crate) const KEYS: [&str; 12] = [
    "origins",
    "methods",
    "headers",
    "expose",
    "credentials",
    "max_age",
    "enforce",
    "hosts",
    "policy",
    "disabled",
    "allow",
    "crate",
];

/// The names of the keys in tower-http, actix-cors, Spring, Flask, Express and others, in snake
/// case.
const ELSEWHERE: [(&str, &[&str]); 9] = [
    (
        "origins",
        &[
            "allow_origin",
            "allow_origins",
            "allowed_origin",
            "allowed_origins",
            "origin",
            "origin_patterns",
            "allowed_origin_patterns",
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
    (
        "hosts",
        &["allowed_hosts", "allow_hosts", "host", "trusted_hosts"],
    ),
    ("disabled", &["disable", "off", "none"]),
];

/// Settings of other libraries without a key here, in snake case, and the reason.
const NOT_NEEDED: [(&str, &[&str]); 5] = [
    (
        "`Vary` is added where the response depends on the origin",
        &["vary", "vary_header", "disable_vary_header"],
    ),
    (
        "browsers removed Private Network Access",
        &["allow_private_network", "allow_private_network_access"],
    ),
    (
        "the response to an allowed preflight is a 204, and handlers do not see preflights",
        &[
            "options_success_status",
            "preflight_continue",
            "automatic_options",
            "disable_preflight",
        ],
    ),
    (
        "with `origins = \"*\"` the response is `*`, and otherwise the origin of the request",
        &["send_wildcard", "always_send"],
    ),
    (
        "a policy belongs to its handler; for several handlers use `policy = PATH`, or the default \
         policy of a router",
        &["resources", "paths", "path"],
    ),
];

/// Returns the message for an unknown key.
pub(crate) fn unknown(key: &str) -> String {
    if let Some(reason) = not_needed(key) {
        return format!("unknown key `{key}`: remove it; {reason}");
    }
    if let Some(meant) = meant(key) {
        return format!("unknown key `{key}`: did you mean `{meant}`?");
    }
    let keys = KEYS.map(|key| format!("`{key}`")).join(", ");
    format!("unknown key `{key}`: expected one of {keys}")
}

/// Returns why a setting of another library is not a key.
fn not_needed(key: &str) -> Option<&'static str> {
    let key = snake_case(key);
    let mut settings = NOT_NEEDED.iter();
    let found = settings.find(|(_, names)| names.contains(&key.as_str()));
    found.map(|(reason, _)| *reason)
}

/// Returns the key that was probably meant: a name from another library, or a name with a typing
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
    cors_rules::nearest(known, name, 2)
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
