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
