//! What was written to what `cors-rules` judges, and its violations back to the tokens.

use std::collections::HashSet;

use cors_rules::{Field, OriginEntry, PolicySpec, Rule, ValidPolicy, Violation};
use proc_macro2::Span;
use quote::ToTokens as _;
use syn::Path;

use crate::errors::Errors;
use crate::written::{Entry, Kind, List, Slot, Written};

pub(crate) fn spec(written: &Written, json_body: Option<Span>) -> PolicySpec {
    PolicySpec {
        origins: origins(&written.origins),
        sources: written.paths().chain(written.asks()).count(),
        methods: strings(&written.methods),
        headers: strings(&written.headers).unwrap_or_default(),
        expose: strings(&written.expose).unwrap_or_default(),
        credentials: written.credentials.value().copied().unwrap_or_default(),
        max_age: written.max_age.value().copied(),
        enforce: written.enforce.value().copied().unwrap_or_default(),
        json_body: json_body.is_some(),
        allow: written.rules().map(|(rule, _)| rule).collect(),
    }
}

fn strings(slot: &Slot<List>) -> Option<Vec<String>> {
    let entries = &slot.value()?.entries;
    Some(entries.iter().map(|entry| entry.text.clone()).collect())
}

fn origins(slot: &Slot<List>) -> Vec<OriginEntry> {
    let entries = slot.value().into_iter().flat_map(List::literals);
    let origin = |entry: &Entry| {
        let text = entry.text.clone();
        if matches!(entry.kind, Kind::Regex) {
            OriginEntry::Regex(text)
        } else {
            OriginEntry::Origin(text)
        }
    };
    entries.map(origin).collect()
}

/// The policy, if it is valid; else each violation becomes an error at the literal that it is
/// about.
pub(crate) fn check<'a>(
    spec: &'a PolicySpec,
    written: &Written,
    json_body: Option<Span>,
    errors: &mut Errors,
) -> Option<ValidPolicy<'a>> {
    missing_origins(written, errors);
    empty_lists(written, errors);
    duplicate_sources(written, errors);
    match spec.check() {
        Ok(policy) => errors.is_empty().then_some(policy),
        Err(violations) => {
            for violation in violations {
                if let Some(span) = place(written, json_body, &violation) {
                    errors.push(span, violation.message);
                }
            }
            None
        }
    }
}

/// Somebody else's policy, by its path: nothing of it is known here.
pub(crate) fn check_shared(written: &Written, path: &Path, json_body: bool, errors: &mut Errors) {
    let path = path.to_token_stream();
    for (key, span) in written.keys_of_a_policy() {
        let message =
            format!("`{key}` beside `policy`: `{path}` says all of it; remove one of the two");
        errors.push(span, message);
    }
    for (rule, span) in written.rules() {
        if rule != Rule::MissingContentType || !json_body {
            let why = if rule.can_be_allowed() {
                "suppresses nothing here; remove it"
            } else {
                "cannot be allowed; remove it"
            };
            errors.push(span, format!("`{rule}` {why}"));
        }
    }
}

/// A handler without CORS: there is nothing else to say about it.
pub(crate) fn check_disabled(written: &Written, errors: &mut Errors) {
    let others = written.keys_of_a_policy().chain(
        [
            ("policy", written.policy.key()),
            ("allow", written.allow.key()),
        ]
        .into_iter()
        .filter_map(|(name, key)| Some((name, key?))),
    );
    for (key, span) in others {
        let message =
            format!("`{key}` beside `disabled`: nobody is allowed; remove one of the two");
        errors.push(span, message);
    }
}

fn missing_origins(written: &Written, errors: &mut Errors) {
    let is_disabled = match written.disabled {
        Slot::Absent | Slot::Given { value: false, .. } => false,
        Slot::Unreadable | Slot::Given { value: true, .. } => true,
    };
    if let (Slot::Absent, Slot::Absent, false) = (&written.origins, &written.policy, is_disabled) {
        let message = "`origins` is missing: write `origins = [\"https://app.example.com\"]`, or \
                       `origins = \"*\"` for every origin";
        errors.push(Span::call_site(), message);
    }
}

/// By their tokens: two paths to one thing are not told apart from two things.
fn duplicate_sources(written: &Written, errors: &mut Errors) {
    let mut seen = HashSet::new();
    for (entry, _) in written.paths().chain(written.asks()) {
        let text = &entry.text;
        if !seen.insert(text) {
            let message = format!("`{text}` stands here twice; remove one");
            errors.push(entry.span, message);
        }
    }
}

/// An empty list for a key whose absence means the same. `cors-rules` judges the other two.
fn empty_lists(written: &Written, errors: &mut Errors) {
    for (slot, field) in [
        (&written.headers, Field::Headers),
        (&written.expose, Field::Expose),
    ] {
        if let Slot::Given { key, value } = slot
            && value.entries.is_empty()
            && !value.incomplete
        {
            let message = format!(
                "`{}` is empty; list header names, or remove the key",
                field.name()
            );
            errors.push(*key, message);
        }
    }
}

/// Where to point. `None` for what only follows from a mistake that is reported already.
fn place(written: &Written, json_body: Option<Span>, violation: &Violation) -> Option<Span> {
    if violation.rule == Rule::MissingContentType {
        // What could not be read may have been the name that is missing.
        let unreadable = match &written.headers {
            Slot::Absent => false,
            Slot::Unreadable => true,
            Slot::Given { value, .. } => value.incomplete,
        };
        return json_body.filter(|_| !unreadable);
    }
    let list = match violation.field {
        Field::Origins => &written.origins,
        Field::Methods => &written.methods,
        Field::Headers => &written.headers,
        Field::Expose => &written.expose,
        Field::MaxAge => return written.max_age.key(),
        Field::Allow => return written.rules().nth(violation.index?).map(|(_, span)| span),
        _ => return None,
    };
    match (list, violation.index) {
        (Slot::Given { value, .. }, Some(index)) => {
            value.literals().nth(index).map(|entry| entry.span)
        }
        (Slot::Given { key, value }, None) => (!value.incomplete).then_some(*key),
        _ => None,
    }
}
