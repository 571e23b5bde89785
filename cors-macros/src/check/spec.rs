//! Converts the keys for `cors_rules`, and finds the span of a violation.

use cors_rules::{Field, OriginEntry, PolicySpec, Rule, UnusedAllow, Violation};
use proc_macro2::Span;

use super::Needs;
use crate::written::{Entry, Kind, List, Slot, Written};

pub(super) fn spec(written: &Written, needs: &Needs) -> PolicySpec {
    PolicySpec {
        origins: origins(&written.origins),
        sources: written.paths().chain(written.asks()).count(),
        methods: strings(&written.methods),
        headers: strings(&written.headers).unwrap_or_default(),
        expose: strings(&written.expose).unwrap_or_default(),
        credentials: written.credentials.value().copied().unwrap_or_default(),
        max_age: written.max_age.value().map(|(seconds, _)| *seconds),
        enforce: written.enforce.value().copied().unwrap_or_default(),
        hosts: strings(&written.hosts),
        json_body: needs.json_body.is_some(),
        allow: written.rules().map(|(rule, _)| rule).collect(),
        unused_allow: UnusedAllow::Rejected,
    }
}

fn strings(slot: &Slot<List>) -> Option<Vec<String>> {
    let entries = &slot.value()?.entries;
    Some(entries.iter().map(|entry| entry.text.clone()).collect())
}

fn origins(slot: &Slot<List>) -> Vec<OriginEntry> {
    let literals = slot.value().into_iter().flat_map(List::literals);
    literals.map(origin).collect()
}

fn origin(entry: &Entry) -> OriginEntry {
    let text = entry.text.clone();
    match entry.kind {
        Kind::Regex => OriginEntry::Regex(text),
        _ => OriginEntry::Origin(text),
    }
}

/// Returns the span for the error. Returns `None` if the violation follows from another error.
pub(super) fn span_of(violation: &Violation, written: &Written, needs: &Needs) -> Option<Span> {
    if violation.rule == Rule::MissingContentType {
        return needs.json_body.filter(|_| all_headers_are_read(written));
    }
    let list = match violation.field {
        Field::Origins => &written.origins,
        Field::Methods => &written.methods,
        Field::Headers => &written.headers,
        Field::Expose => &written.expose,
        Field::Hosts => &written.hosts,
        Field::MaxAge => return written.max_age.value().map(|(_, span)| *span),
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

/// Returns whether all headers are valid so far. An invalid entry may have been `content-type`.
fn all_headers_are_read(written: &Written) -> bool {
    match &written.headers {
        Slot::Absent => true,
        Slot::Unreadable => false,
        Slot::Given { value, .. } => !value.incomplete,
    }
}
