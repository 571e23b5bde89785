//! Checks that the validator does not panic, that accepted policies can be used, and that
//! violations have a valid place.
#![no_main]

use arbitrary::Arbitrary;
use cors_rules::{
    Field, HostPattern, OriginEntry, OriginPattern, Origins, PolicySpec, Rule, UnusedAllow,
    compile_regex,
};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Policy<'a> {
    origins: Vec<Entry<'a>>,
    methods: Option<Vec<&'a str>>,
    headers: Vec<&'a str>,
    expose: Vec<&'a str>,
    credentials: bool,
    max_age: Option<u64>,
    enforce: bool,
    hosts: Option<Vec<&'a str>>,
    asks: bool,
    json_body: bool,
    allow: Vec<u8>,
}

#[derive(Arbitrary, Debug)]
enum Entry<'a> {
    Any,
    Origin(&'a str),
    /// An origin that starts with `https://`. Otherwise, a fuzzer takes long to reach the rules
    /// after the scheme.
    Https(&'a str),
    Regex(&'a str),
    HttpsRegex(&'a str),
}

fuzz_target!(|policy: Policy<'_>| {
    let spec = spec(&policy);
    match spec.check() {
        Ok(valid) => {
            if let Origins::List { patterns, regexes } = valid.origins {
                assert_eq!(patterns.len() + regexes.len(), spec.origins.len());
                for regex in regexes {
                    compile_regex(regex).expect("a valid regex compiles");
                }
            } else {
                assert_eq!(spec.origins, [OriginEntry::Origin("*".to_owned())]);
            }
        }
        Err(violations) => {
            assert!(!violations.is_empty());
            for violation in violations {
                assert!(
                    violation
                        .index
                        .is_none_or(|index| index < len(&spec, violation.field))
                );
                match (violation.field, &violation.suggestion) {
                    (Field::Origins, Some(suggestion)) => {
                        OriginPattern::parse(suggestion).expect("a suggestion is an entry");
                    }
                    (Field::Hosts, Some(suggestion)) => {
                        HostPattern::parse(suggestion).expect("a suggestion is a host");
                    }
                    _ => {}
                }
            }
        }
    }
});

fn spec(policy: &Policy<'_>) -> PolicySpec {
    let strings = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
    let origins = policy.origins.iter().map(|entry| match entry {
        Entry::Any => "*".into(),
        Entry::Origin(text) => (*text).into(),
        Entry::Https(text) => format!("https://{text}").into(),
        Entry::Regex(text) => OriginEntry::regex(*text),
        Entry::HttpsRegex(text) => OriginEntry::regex(format!("https://{text}")),
    });
    PolicySpec {
        origins: origins.collect(),
        sources: usize::from(policy.asks),
        methods: policy.methods.as_deref().map(strings),
        headers: strings(&policy.headers),
        expose: strings(&policy.expose),
        credentials: policy.credentials,
        max_age: policy.max_age,
        enforce: policy.enforce,
        hosts: policy.hosts.as_deref().map(strings),
        json_body: policy.json_body,
        allow: policy
            .allow
            .iter()
            .map(|&at| Rule::ALL[usize::from(at) % Rule::ALL.len()])
            .collect(),
        unused_allow: UnusedAllow::Rejected,
    }
}

fn len(spec: &PolicySpec, field: Field) -> usize {
    match field {
        Field::Origins => spec.origins.len(),
        Field::Methods => spec.methods.as_ref().map_or(0, Vec::len),
        Field::Headers => spec.headers.len(),
        Field::Expose => spec.expose.len(),
        Field::Hosts => spec.hosts.as_ref().map_or(0, Vec::len),
        Field::Allow => spec.allow.len(),
        _ => 0,
    }
}
