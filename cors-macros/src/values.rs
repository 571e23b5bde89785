//! The values of the keys: lists, flags, durations, paths.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use syn::parse::Parser as _;
use syn::spanned::Spanned as _;
use syn::{Expr, Lit, LitBool};

use crate::errors::Errors;
use crate::parse::{List, split_at_commas};

pub(crate) fn path(value: TokenStream) -> syn::Result<syn::Path> {
    let found = value.to_string();
    let span = value.span();
    syn::Path::parse_mod_style.parse2(value).map_err(|_| {
        let message =
            format!("expected a path such as `::my_crate::cors_runtime`, found `{found}`");
        syn::Error::new(span, message)
    })
}

pub(crate) fn flag(key: &Ident, value: Option<TokenStream>) -> syn::Result<bool> {
    let Some(value) = value else {
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
pub(crate) fn max_age(value: TokenStream) -> syn::Result<u64> {
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
pub(crate) fn list(key: &Ident, value: TokenStream, errors: &mut Errors) -> syn::Result<List> {
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
