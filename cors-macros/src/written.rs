//! The keys and values in an attribute or a `policy!`, with their spans.

use cors_rules::Rule;
use proc_macro2::Span;
use syn::{ExprPath, Path, parse_quote};

/// All keys. A key with an invalid value is [`Slot::Unreadable`].
#[derive(Default)]
pub(crate) struct Written {
    pub(crate) origins: Slot<List>,
    pub(crate) methods: Slot<List>,
    pub(crate) headers: Slot<List>,
    pub(crate) expose: Slot<List>,
    pub(crate) credentials: Slot<bool>,
    pub(crate) max_age: Slot<(u64, Span)>,
    pub(crate) enforce: Slot<bool>,
    pub(crate) hosts: Slot<List>,
    pub(crate) disabled: Slot<bool>,
    pub(crate) policy: Slot<Path>,
    pub(crate) allow: Slot<Vec<(Rule, Span)>>,
    pub(crate) runtime: Slot<Path>,
}

/// A key that can be given once.
#[derive(Default)]
pub(crate) enum Slot<T> {
    #[default]
    Absent,
    Unreadable,
    Given {
        key: Span,
        value: T,
    },
}

/// The entries of a list. `"*"` alone is a list with one entry.
#[derive(Default)]
pub(crate) struct List {
    pub(crate) entries: Vec<Entry>,
    /// Whether the list has invalid entries, which were left out.
    pub(crate) incomplete: bool,
}

/// An entry of a list.
pub(crate) struct Entry {
    /// The value of a string, or the path.
    pub(crate) text: String,
    pub(crate) span: Span,
    pub(crate) kind: Kind,
}

/// The form of an entry.
pub(crate) enum Kind {
    /// A string, or the name of a method.
    Text,
    /// `regex(..)` with a string.
    Regex,
    /// The path of an origin source.
    Path(ExprPath),
    /// `ask(..)` with the path of an `async fn`.
    Ask(ExprPath),
}

impl Written {
    /// Returns the span of `disabled`, unless its value is `false`.
    pub(crate) fn disabled(&self) -> Option<Span> {
        match self.disabled {
            Slot::Given { key, value: true } => Some(key),
            _ => None,
        }
    }

    /// Returns the path of the runtime crate.
    pub(crate) fn runtime(&self) -> Path {
        let runtime = self.runtime.value().cloned();
        runtime.unwrap_or_else(|| parse_quote!(::cors_runtime))
    }

    /// Returns the entries of `origins` that are paths.
    pub(crate) fn paths(&self) -> impl Iterator<Item = (&Entry, &ExprPath)> {
        self.origin_entries().filter_map(|entry| match &entry.kind {
            Kind::Path(path) => Some((entry, path)),
            _ => None,
        })
    }

    /// Returns the entries of `origins` that are an `ask(..)`.
    pub(crate) fn asks(&self) -> impl Iterator<Item = (&Entry, &ExprPath)> {
        self.origin_entries().filter_map(|entry| match &entry.kind {
            Kind::Ask(path) => Some((entry, path)),
            _ => None,
        })
    }

    fn origin_entries(&self) -> impl Iterator<Item = &Entry> {
        let origins = self.origins.value().into_iter();
        origins.flat_map(|list| &list.entries)
    }

    /// Returns the rules in `allow(..)`.
    pub(crate) fn rules(&self) -> impl Iterator<Item = (Rule, Span)> {
        self.allow.value().into_iter().flatten().copied()
    }

    /// Returns the keys of a policy that are given, other than `policy` itself.
    pub(crate) fn keys_of_a_policy(&self) -> impl Iterator<Item = (&'static str, Span)> {
        let keys = [
            ("origins", self.origins.key()),
            ("methods", self.methods.key()),
            ("headers", self.headers.key()),
            ("expose", self.expose.key()),
            ("credentials", self.credentials.key()),
            ("max_age", self.max_age.key()),
            ("enforce", self.enforce.key()),
            ("hosts", self.hosts.key()),
        ];
        let keys = keys.into_iter();
        keys.filter_map(|(name, key)| Some((name, key?)))
    }
}

impl<T> Slot<T> {
    /// Returns the span of the key, if it has a value.
    pub(crate) fn key(&self) -> Option<Span> {
        match self {
            Self::Given { key, .. } => Some(*key),
            _ => None,
        }
    }

    pub(crate) fn value(&self) -> Option<&T> {
        match self {
            Self::Given { value, .. } => Some(value),
            _ => None,
        }
    }
}

impl List {
    /// Returns the entries that the macro can check, which are not paths.
    pub(crate) fn literals(&self) -> impl Iterator<Item = &Entry> {
        let entries = self.entries.iter();
        entries.filter(|entry| matches!(entry.kind, Kind::Text | Kind::Regex))
    }
}
