//! Appends the policy to the docs of the handler, where an editor shows the policy on hover.

use syn::parse_quote;

use crate::handler::{Handler, Mode};
use crate::routes::is_route;
use crate::tokens::path_text;
use crate::written::{Entry, Kind, List, Slot, Written};

/// The attributes that do not read the docs of a function.
const READ_NO_DOCS: [&str; 12] = [
    "allow",
    "cfg",
    "debug_handler",
    "deny",
    "deprecated",
    "doc",
    "expect",
    "forbid",
    "inline",
    "instrument",
    "must_use",
    "warn",
];

/// Appends the policy as a `#[doc]`.
///
/// An attribute macro below `#[cors]` may copy the docs, as `#[utoipa::path]` does to describe an
/// operation. The expansion leaves the docs of such a handler as they are. An attribute macro above
/// `#[cors]` has expanded before, and never receives the policy.
pub(crate) fn append(mode: Mode, written: &Written, handler: &mut Handler) {
    let mut attrs = handler.attrs.iter();
    let is_safe = attrs.all(|attribute| {
        let mut names = READ_NO_DOCS.iter();
        let last = attribute.path().segments.last();
        last.is_some_and(|last| names.any(|name| last.ident == name))
            || (mode == Mode::ActixWeb && is_route(attribute))
    });
    if is_safe {
        let text = text(mode, written);
        handler.attrs.push(parse_quote!(#[doc = #text]));
    }
}

/// Returns a paragraph for a policy that the attribute only names, and else a table.
fn text(mode: Mode, written: &Written) -> String {
    if written.disabled().is_some() {
        return "\nCORS policy: disabled.".to_owned();
    }
    if let Some(path) = written.policy.value() {
        return format!("\nCORS policy: `{}`.", path_text(path));
    }
    let methods = match mode {
        Mode::Http => "`GET`, `HEAD`, `POST`",
        Mode::ActixWeb | Mode::Axum => "the method of the route",
    };
    let max_age = written.max_age.value();
    let rows = [
        ("origins", list(&written.origins, "")),
        ("methods", list(&written.methods, methods)),
        ("headers", list(&written.headers, "safelisted")),
        ("expose", list(&written.expose, "safelisted")),
        ("credentials", flag(&written.credentials)),
        (
            "max age",
            max_age.map_or("not sent".to_owned(), |(seconds, _)| format!("{seconds} s")),
        ),
        ("enforce", flag(&written.enforce)),
        ("hosts", list(&written.hosts, "any")),
    ];
    let rows = rows.map(|(name, value)| format!("| {name} | {value} |"));
    format!("\n| CORS policy | |\n|---|---|\n{}", rows.join("\n"))
}

fn flag(slot: &Slot<bool>) -> String {
    let is_on = slot.value().is_some_and(|it| *it);
    if is_on { "yes" } else { "no" }.to_owned()
}

fn list(slot: &Slot<List>, default: &str) -> String {
    let Some(list) = slot.value() else {
        return default.to_owned();
    };
    let entries: Vec<_> = list.entries.iter().map(entry).collect();
    entries.join(", ")
}

fn entry(entry: &Entry) -> String {
    let text = &entry.text;
    match entry.kind {
        Kind::Text | Kind::Path(_) => code(text),
        Kind::Regex => code(&format!("regex({text})")),
        Kind::Ask(_) => code(&format!("ask({text})")),
    }
}

/// Returns a code span for a cell. A `|` ends a cell of a table also inside a code span.
fn code(text: &str) -> String {
    let text = text.replace('|', r"\|").replace(char::is_control, " ");
    if text.contains('`') {
        return format!("`` {text} ``");
    }
    format!("`{text}`")
}
