//! What was written to what `cors-policy` judges, and its violations back to the tokens.

use cors_policy::{Field, PolicySpec, SoundPolicy, Violation};
use proc_macro2::Span;

use crate::errors::Errors;
use crate::parse::{List, Slot, Written};

pub(crate) fn spec(written: &Written) -> PolicySpec {
    PolicySpec {
        origins: strings(&written.origins).unwrap_or_default(),
        methods: strings(&written.methods),
        headers: strings(&written.headers).unwrap_or_default(),
        expose: strings(&written.expose).unwrap_or_default(),
        credentials: written.credentials.value().copied().unwrap_or_default(),
        max_age: written.max_age.value().copied(),
    }
}

fn strings(slot: &Slot<List>) -> Option<Vec<String>> {
    let entries = &slot.value()?.entries;
    Some(entries.iter().map(|(entry, _)| entry.clone()).collect())
}

/// The policy, if it is sound; else each violation becomes an error at the literal that it is about.
pub(crate) fn check<'a>(
    spec: &'a PolicySpec,
    written: &Written,
    errors: &mut Errors,
) -> Option<SoundPolicy<'a>> {
    missing_origins(written, errors);
    empty_lists(written, errors);
    match spec.check() {
        Ok(policy) => errors.is_empty().then_some(policy),
        Err(violations) => {
            for violation in violations {
                if let Some(span) = place(written, &violation) {
                    errors.push(span, violation.message);
                }
            }
            None
        }
    }
}

fn missing_origins(written: &Written, errors: &mut Errors) {
    if matches!(written.origins, Slot::Absent) {
        let message = "`origins` is missing: write `origins = [\"https://app.example.com\"]`, or \
                       `origins = \"*\"` for every origin";
        errors.push(Span::call_site(), message);
    }
}

/// An empty list for a key whose absence means the same. `cors-policy` judges the other two.
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
fn place(written: &Written, violation: &Violation) -> Option<Span> {
    let list = match violation.field {
        Field::Origins => &written.origins,
        Field::Methods => &written.methods,
        Field::Headers => &written.headers,
        Field::Expose => &written.expose,
        Field::MaxAge => return key(&written.max_age),
        _ => return key(&written.credentials),
    };
    match (list, violation.index) {
        (Slot::Given { value, .. }, Some(index)) => value.entries.get(index).map(|(_, span)| *span),
        (Slot::Given { key, value }, None) => (!value.incomplete).then_some(*key),
        _ => None,
    }
}

fn key<T>(slot: &Slot<T>) -> Option<Span> {
    match slot {
        Slot::Given { key, .. } => Some(*key),
        _ => None,
    }
}
