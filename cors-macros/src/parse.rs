//! Attribute tokens to what was written: keys, values and their spans. Nothing is judged here.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::spanned::Spanned as _;
use syn::{Expr, Lit, LitBool, Token};

use crate::errors::Errors;
use crate::keys;

/// What was written in `#[cors(...)]`. A key whose value could not be read is there, without a value.
#[derive(Default)]
pub(crate) struct Written {
    pub(crate) origins: Slot<List>,
    pub(crate) methods: Slot<List>,
    pub(crate) headers: Slot<List>,
    pub(crate) expose: Slot<List>,
    pub(crate) credentials: Slot<bool>,
    pub(crate) max_age: Slot<u64>,
    pub(crate) runtime: Slot<syn::Path>,
}

/// The entries of a list. `"*"` alone is a list of that one.
#[derive(Default)]
pub(crate) struct List {
    pub(crate) entries: Vec<(String, Span)>,
    /// Whether an entry was left out because it could not be read.
    pub(crate) incomplete: bool,
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
        match syn::parse2::<Argument>(tokens) {
            Ok(argument) => written.set(&argument, errors),
            Err(error) => errors.keep(error),
        }
    }
    written
}

/// Commas first, values later: an argument that cannot be read takes no other one with it.
fn split_at_commas(tokens: TokenStream, errors: &mut Errors) -> Vec<TokenStream> {
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
        input
            .parse::<Token![=]>()
            .map_err(|error| syn::Error::new(error.span(), format!("expected `{key} = ...`")))?;
        let value: TokenStream = input.parse()?;
        if value.is_empty() {
            return Err(syn::Error::new(
                key.span(),
                format!("`{key} =` has no value"),
            ));
        }
        Ok(Self {
            key,
            value: Some(value),
        })
    }
}

impl Argument {
    fn value(&self) -> syn::Result<TokenStream> {
        let Self { key, value } = self;
        value.clone().ok_or_else(|| {
            syn::Error::new(key.span(), format!("expected a value: write `{key} = ...`"))
        })
    }
}

impl Written {
    fn set(&mut self, argument: &Argument, errors: &mut Errors) {
        let key = &argument.key;
        let list =
            |errors: &mut Errors| argument.value().and_then(|value| list(key, value, errors));
        match key.to_string().as_str() {
            "origins" => {
                let value = list(errors);
                self.origins.set(key, value, errors);
            }
            "methods" => {
                let value = list(errors);
                self.methods.set(key, value, errors);
            }
            "headers" => {
                let value = list(errors);
                self.headers.set(key, value, errors);
            }
            "expose" => {
                let value = list(errors);
                self.expose.set(key, value, errors);
            }
            "credentials" => self.credentials.set(key, flag(argument), errors),
            "max_age" => self
                .max_age
                .set(key, argument.value().and_then(max_age), errors),
            "crate" => self
                .runtime
                .set(key, argument.value().and_then(path), errors),
            unknown => {
                errors.push(key.span(), keys::unknown(unknown));
                if keys::meant(unknown) == Some("origins") {
                    // One mistake is enough: `origins` is not missing, too.
                    self.origins = Slot::Unreadable;
                }
            }
        }
    }
}

fn path(value: TokenStream) -> syn::Result<syn::Path> {
    let found = value.to_string();
    let span = value.span();
    syn::Path::parse_mod_style.parse2(value).map_err(|_| {
        let message =
            format!("expected a path such as `::my_crate::cors_runtime`, found `{found}`");
        syn::Error::new(span, message)
    })
}

fn flag(argument: &Argument) -> syn::Result<bool> {
    let key = &argument.key;
    let Some(value) = argument.value.clone() else {
        return Ok(true);
    };
    let found = value.to_string();
    let span = value.span();
    syn::parse2::<LitBool>(value)
        .map(|flag| flag.value)
        .map_err(|_| {
            let message = format!(
                "expected `{key}` alone, `{key} = true` or `{key} = false`, found `{found}`"
            );
            syn::Error::new(span, message)
        })
}

/// Seconds, or a number with a unit.
fn max_age(value: TokenStream) -> syn::Result<u64> {
    let found = value.to_string();
    let span = value.span();
    let seconds = match syn::parse2::<Lit>(value) {
        Ok(Lit::Int(seconds)) if seconds.suffix().is_empty() => seconds.base10_parse().ok(),
        Ok(Lit::Str(duration)) => duration_seconds(&duration.value()),
        _ => None,
    };
    seconds.ok_or_else(|| {
        let message = format!(
            "expected seconds, or a duration such as `\"90s\"`, `\"10m\"` or `\"2h\"`, found `{found}`"
        );
        syn::Error::new(span, message)
    })
}

fn duration_seconds(duration: &str) -> Option<u64> {
    let unit = duration.chars().last()?;
    let factor = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        _ => return None,
    };
    let number = &duration[..duration.len() - unit.len_utf8()];
    let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    digits
        .then(|| number.parse::<u64>().ok()?.checked_mul(factor))
        .flatten()
}

/// `"*"`, or entries in brackets.
fn list(key: &Ident, value: TokenStream, errors: &mut Errors) -> syn::Result<List> {
    let span = value.span();
    let found = value.to_string();
    let mut tokens = value.clone().into_iter();
    if let (Some(TokenTree::Group(group)), None) = (tokens.next(), tokens.next())
        && group.delimiter() == Delimiter::Bracket
    {
        return Ok(entries(key, group.stream(), errors));
    }
    let sole = syn::parse2::<Expr>(value).and_then(|expr| entry(key, &expr));
    match sole {
        Ok(wildcard) if wildcard.0 == "*" => Ok(List {
            entries: vec![wildcard],
            incomplete: false,
        }),
        Ok((sole, _)) => {
            // `"GET, PUT"` is what the header would say.
            let quote = if found.starts_with('"') { "\"" } else { "" };
            let entries = sole
                .split(',')
                .map(|entry| format!("{quote}{}{quote}", entry.trim()));
            let entries = entries.collect::<Vec<_>>().join(", ");
            let message = format!("expected a list: write `{key} = [{entries}]`");
            Err(syn::Error::new(span, message))
        }
        Err(_) => {
            let message = format!("expected `\"*\"` or a list in brackets, found `{found}`");
            Err(syn::Error::new(span, message))
        }
    }
}

fn entries(key: &Ident, tokens: TokenStream, errors: &mut Errors) -> List {
    let mut list = List::default();
    for tokens in split_at_commas(tokens, errors) {
        let span = tokens.span();
        let found = tokens.to_string();
        let parsed = syn::parse2::<Expr>(tokens)
            .map_err(|_| syn::Error::new(span, expected_entry(key, &found)))
            .and_then(|expr| entry(key, &expr));
        match parsed {
            Ok(entry) => list.entries.push(entry),
            Err(error) => {
                errors.keep(error);
                list.incomplete = true;
            }
        }
    }
    list
}

/// A string literal; for `methods` also a name such as `GET`.
fn entry(key: &Ident, expr: &Expr) -> syn::Result<(String, Span)> {
    match expr {
        Expr::Lit(literal) => {
            if let Lit::Str(string) = &literal.lit {
                return Ok((string.value(), string.span()));
            }
        }
        Expr::Path(path) if key == "methods" => {
            if let Some(name) = path.path.get_ident() {
                return Ok((name.to_string(), name.span()));
            }
        }
        _ => {}
    }
    let found = quote::ToTokens::to_token_stream(expr).to_string();
    Err(syn::Error::new(expr.span(), expected_entry(key, &found)))
}

fn expected_entry(key: &Ident, found: &str) -> String {
    match key.to_string().as_str() {
        "methods" => format!("expected a method such as `PUT` or `\"PUT\"`, found `{found}`"),
        "origins" => format!(
            "expected a string literal such as `\"https://app.example.com\"`, found `{found}`: only \
             a literal can be checked at compile time"
        ),
        _ => format!("expected a string literal such as `\"content-type\"`, found `{found}`"),
    }
}
