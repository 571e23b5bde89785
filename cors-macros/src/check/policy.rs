//! Checks a policy that consists of keys.

use cors_rules::Field;
use proc_macro2::Span;

use super::{Needs, spec, valid};
use crate::checked::Policy;
use crate::errors::Errors;
use crate::written::{Slot, Written};

/// Returns the policy if it is valid. Otherwise reports each violation at its literal.
pub(super) fn check(written: &Written, needs: &Needs, errors: &mut Errors) -> Option<Policy> {
    reject_asks(written, needs, errors);
    reject_missing_origins(written, errors);
    reject_empty_lists(written, errors);
    reject_duplicate_sources(written, errors);
    let spec = spec::spec(written, needs);
    match spec.check() {
        Ok(policy) => errors.is_empty().then(|| valid::policy(&policy, written)),
        Err(violations) => {
            for violation in violations {
                if let Some(span) = spec::span_of(&violation, written, needs) {
                    errors.push(span, violation.message);
                }
            }
            None
        }
    }
}

fn reject_asks(written: &Written, needs: &Needs, errors: &mut Errors) {
    if let Some(why) = needs.cannot_wait {
        for (entry, _) in written.asks() {
            errors.push(entry.span, why);
        }
    }
}

fn reject_missing_origins(written: &Written, errors: &mut Errors) {
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

/// Rejects an empty list for a key with an empty default. `cors_rules` checks `origins` and
/// `methods`.
fn reject_empty_lists(written: &Written, errors: &mut Errors) {
    for (slot, field) in [
        (&written.headers, Field::Headers),
        (&written.expose, Field::Expose),
    ] {
        if let Slot::Given { key, value } = slot
            && value.entries.is_empty()
            && !value.incomplete
        {
            let name = field.name();
            let message = format!("`{name}` is empty; list header names, or remove the key");
            errors.push(*key, message);
        }
    }
}

/// Compares the tokens. Accepts two different paths to the same item.
fn reject_duplicate_sources(written: &Written, errors: &mut Errors) {
    let mut seen = Vec::new();
    for (entry, _) in written.paths().chain(written.asks()) {
        let text = &entry.text;
        if seen.contains(&text) {
            let message = format!("`{text}` is listed twice; remove one");
            errors.push(entry.span, message);
        }
        seen.push(text);
    }
}
