//! Attribute tokens to what was written: keys, values and their spans. Nothing is judged here.

use cors_rules::Rule;
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{ExprPath, Token};

use crate::errors::Errors;
use crate::{keys, values};

/// What was written in `#[cors(...)]`. A key whose value could not be read is there, without a
/// value.
#[derive(Default)]
pub(crate) struct Written {
    pub(crate) origins: Slot<List>,
    pub(crate) methods: Slot<List>,
    pub(crate) headers: Slot<List>,
    pub(crate) expose: Slot<List>,
    pub(crate) credentials: Slot<bool>,
    pub(crate) max_age: Slot<u64>,
    pub(crate) enforce: Slot<bool>,
    pub(crate) disabled: Slot<bool>,
    pub(crate) policy: Slot<syn::Path>,
    pub(crate) allow: Slot<Vec<(Rule, Span)>>,
    pub(crate) runtime: Slot<syn::Path>,
}

/// The entries of a list. `"*"` alone is a list of that one.
#[derive(Default)]
pub(crate) struct List {
    pub(crate) entries: Vec<Entry>,
    /// Whether an entry was left out because it could not be read.
    pub(crate) incomplete: bool,
}

/// A string or a name in a list.
pub(crate) struct Entry {
    pub(crate) text: String,
    pub(crate) span: Span,
    pub(crate) kind: Kind,
}

/// How an entry was written.
pub(crate) enum Kind {
    /// As a string, or the name of a method.
    Text,
    /// As `regex(..)`.
    Regex,
    /// As the path of what decides while the program runs.
    Source(ExprPath),
    /// As `ask(..)` with the path of what takes its time to decide.
    Ask(ExprPath),
}

impl List {
    /// What stands here to be judged, which code is not.
    pub(crate) fn judged(&self) -> impl Iterator<Item = &Entry> {
        let entries = self.entries.iter();
        entries.filter(|entry| !matches!(entry.kind, Kind::Source(_) | Kind::Ask(_)))
    }

    /// The entries that are code, as they were written.
    pub(crate) fn sources(&self) -> impl Iterator<Item = (&Entry, &ExprPath)> {
        self.entries.iter().filter_map(|entry| match &entry.kind {
            Kind::Source(path) => Some((entry, path)),
            _ => None,
        })
    }

    /// The entries that have to ask first.
    pub(crate) fn asks(&self) -> impl Iterator<Item = (&Entry, &ExprPath)> {
        self.entries.iter().filter_map(|entry| match &entry.kind {
            Kind::Ask(path) => Some((entry, path)),
            _ => None,
        })
    }
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

impl<T> Slot<T> {
    /// Where the key stands, if it has a value.
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

    /// The one place that knows about duplicates.
    fn set(&mut self, key: &Ident, value: syn::Result<T>, errors: &mut Errors) {
        if !matches!(self, Self::Absent) {
            errors.push(
                key.span(),
                format!("duplicate key `{key}`: it stands above already"),
            );
            return;
        }
        *self = match value {
            Ok(value) => Self::Given {
                key: key.span(),
                value,
            },
            Err(error) => {
                errors.keep(error);
                Self::Unreadable
            }
        };
    }
}

pub(crate) fn parse(attribute: TokenStream, errors: &mut Errors) -> Written {
    let mut written = Written::default();
    for tokens in split_at_commas(attribute, errors) {
        let start = tokens.clone().into_iter().next();
        match syn::parse2::<Argument>(tokens) {
            Ok(argument) => written.set(&argument, errors),
            Err(error) => {
                errors.keep(error);
                if start.is_some_and(|key| key.to_string() == "origins") {
                    written.origins = Slot::Unreadable;
                }
            }
        }
    }
    written
}

/// Commas first, values later: an argument that cannot be read takes no other one with it.
pub(crate) fn split_at_commas(tokens: TokenStream, errors: &mut Errors) -> Vec<TokenStream> {
    let mut pieces = vec![TokenStream::new()];
    for token in tokens {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => {
                if pieces.last().is_some_and(TokenStream::is_empty) {
                    errors.push(punct.span(), "unexpected `,`: nothing stands before it");
                }
                pieces.push(TokenStream::new());
            }
            _ => pieces
                .last_mut()
                .into_iter()
                .for_each(|last| last.extend([token.clone()])),
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// `key`, `key = value` or `key(...)`.
struct Argument {
    key: Ident,
    value: Option<TokenStream>,
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key = input.call(Ident::parse_any).map_err(|error| {
            syn::Error::new(error.span(), "expected a key such as `origins = [...]`")
        })?;
        if input.is_empty() {
            return Ok(Self { key, value: None });
        }
        if !keys::KEYS.contains(&key.to_string().as_str()) {
            // The key is the mistake, whatever follows it.
            input.parse::<TokenStream>()?;
            return Ok(Self { key, value: None });
        }
        let value = if key == "allow" {
            parenthesized(&key, &input.parse()?)?
        } else {
            input.parse::<Token![=]>().map_err(|error| {
                syn::Error::new(error.span(), format!("expected `{key} = ...`"))
            })?;
            input.parse()?
        };
        if value.is_empty() {
            return Err(syn::Error::new(key.span(), format!("`{key}` has no value")));
        }
        Ok(Self {
            key,
            value: Some(value),
        })
    }
}

/// What stands between the parentheses of `allow(...)`.
fn parenthesized(key: &Ident, value: &TokenStream) -> syn::Result<TokenStream> {
    let mut tokens = value.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::Parenthesis => {
            Ok(group.stream())
        }
        _ => {
            let message = format!("expected `{key}(...)` with the name of a rule");
            Err(syn::Error::new(key.span(), message))
        }
    }
}

impl Argument {
    fn value(&self) -> syn::Result<TokenStream> {
        let Self { key, value } = self;
        value.clone().ok_or_else(|| {
            let form = if key == "allow" { "(...)" } else { " = ..." };
            syn::Error::new(key.span(), format!("expected a value: write `{key}{form}`"))
        })
    }
}

impl Written {
    fn set(&mut self, argument: &Argument, errors: &mut Errors) {
        let key = &argument.key;
        let name = key.to_string();
        match name.as_str() {
            "credentials" | "enforce" | "disabled" => {
                let value = values::flag(key, argument.value.clone());
                let flag = match name.as_str() {
                    "credentials" => &mut self.credentials,
                    "enforce" => &mut self.enforce,
                    _ => &mut self.disabled,
                };
                flag.set(key, value, errors);
            }
            "max_age" => {
                let value = argument.value().and_then(values::max_age);
                self.max_age.set(key, value, errors);
            }
            "policy" => {
                let example = "the path of a `static` policy, such as `crate::STAFF`";
                let value = argument.value();
                let value = value.and_then(|value| values::path(example, value));
                self.policy.set(key, value, errors);
            }
            "allow" => {
                let value = argument.value().map(|value| values::rules(value, errors));
                self.allow.set(key, value, errors);
            }
            "crate" => {
                let example = "a path such as `::my_crate::cors_runtime`";
                let value = argument.value();
                let value = value.and_then(|value| values::path(example, value));
                self.runtime.set(key, value, errors);
            }
            name => {
                let Some(list) = self.list(name) else {
                    return self.unknown(key, errors);
                };
                let value = argument.value();
                let value = value.and_then(|value| values::list(key, value, errors));
                list.set(key, value, errors);
            }
        }
    }

    fn list(&mut self, name: &str) -> Option<&mut Slot<List>> {
        match name {
            "origins" => Some(&mut self.origins),
            "methods" => Some(&mut self.methods),
            "headers" => Some(&mut self.headers),
            "expose" => Some(&mut self.expose),
            _ => None,
        }
    }

    /// The entries of `origins` that are code.
    pub(crate) fn sources(&self) -> impl Iterator<Item = (&Entry, &ExprPath)> {
        self.origins.value().into_iter().flat_map(List::sources)
    }

    /// The entries of `origins` that have to ask first.
    pub(crate) fn asks(&self) -> impl Iterator<Item = (&Entry, &ExprPath)> {
        self.origins.value().into_iter().flat_map(List::asks)
    }

    /// The keys that are a policy of their own, beside `policy`.
    pub(crate) fn keys_of_a_policy(&self) -> Vec<(&'static str, Span)> {
        [
            ("origins", self.origins.key()),
            ("methods", self.methods.key()),
            ("headers", self.headers.key()),
            ("expose", self.expose.key()),
            ("credentials", self.credentials.key()),
            ("max_age", self.max_age.key()),
            ("enforce", self.enforce.key()),
        ]
        .into_iter()
        .filter_map(|(name, key)| Some((name, key?)))
        .collect()
    }

    /// Where `disabled` stands, if it holds.
    pub(crate) fn disabled(&self) -> Option<Span> {
        match self.disabled {
            Slot::Given { key, value: true } => Some(key),
            _ => None,
        }
    }

    fn unknown(&mut self, key: &Ident, errors: &mut Errors) {
        let name = key.to_string();
        errors.push(key.span(), keys::unknown(&name));
        // One mistake is enough: `origins` is not missing, too.
        match keys::meant(&name) {
            Some("origins") => self.origins = Slot::Unreadable,
            Some("disabled") => self.disabled = Slot::Unreadable,
            _ => {}
        }
    }
}
