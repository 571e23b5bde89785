//! Parses the values of the keys other than lists: flags, durations, paths.

use cors_rules::Rule;
use proc_macro2::{Ident, Span, TokenStream};
use syn::parse::Parser as _;
use syn::spanned::Spanned as _;
use syn::{Lit, LitBool};

use crate::errors::Errors;
use crate::expected::readable;
use crate::keys;
use crate::tokens::{split_at_commas, ungrouped};

pub(crate) fn path(example: &str, value: TokenStream) -> syn::Result<syn::Path> {
    let path = syn::Path::parse_mod_style.parse2(value.clone());
    path.map_err(|_| {
        let message = format!("expected {example}, found `{}`", readable(&value));
        syn::Error::new_spanned(value, message)
    })
}

pub(crate) fn flag(key: &Ident, value: Option<TokenStream>) -> syn::Result<bool> {
    let Some(value) = value else {
        return Ok(true);
    };
    let found = readable(&value);
    let span = value.span();
    let flag = syn::parse2::<LitBool>(ungrouped(value));
    flag.map(|flag| flag.value).map_err(|_| {
        let message =
            format!("expected `{key}` alone, `{key} = true` or `{key} = false`, found `{found}`");
        syn::Error::new(span, message)
    })
}

/// Parses seconds, or a duration with a unit.
pub(crate) fn max_age(value: TokenStream) -> syn::Result<u64> {
    let literal = syn::parse2::<Lit>(ungrouped(value.clone())).ok();
    let seconds = match &literal {
        Some(Lit::Int(seconds)) if seconds.suffix().is_empty() => seconds.base10_parse().ok(),
        Some(Lit::Str(duration)) => cors_rules::duration_seconds(&duration.value()),
        _ => None,
    };
    seconds.ok_or_else(|| {
        let found = readable(&value);
        let mut message = format!(
            "expected seconds, or a duration such as `\"90s\"`, `\"10m\"` or `\"2h\"`, found \
             `{found}`"
        );
        if let Some(meant) = literal.and_then(duration_meant) {
            message = format!("{message}; write `\"{meant}\"`");
        }
        syn::Error::new_spanned(value, message)
    })
}

/// Returns the duration that was probably meant by `90s` without quotes, or by `"1d"`.
fn duration_meant(literal: Lit) -> Option<String> {
    match literal {
        Lit::Int(number) => {
            let text = number.to_string();
            cors_rules::duration_seconds(&text).map(|_| text)
        }
        // A browser keeps no preflight for longer than a day.
        Lit::Str(text) => {
            let days = text.value().strip_suffix('d')?.parse::<u64>();
            days.is_ok().then(|| "24h".to_owned())
        }
        _ => None,
    }
}

/// Parses the names in `allow(...)`.
pub(crate) fn rules(value: TokenStream, errors: &mut Errors) -> Vec<(Rule, Span)> {
    let mut rules = Vec::new();
    for tokens in split_at_commas(value, errors) {
        let span = tokens.span();
        let name = tokens.to_string();
        match name.parse::<Rule>() {
            Ok(rule) => rules.push((rule, span)),
            Err(_) => errors.push(span, unknown_rule(&name)),
        }
    }
    rules
}

fn unknown_rule(name: &str) -> String {
    let rules = Rule::ALL.iter().filter(|rule| rule.can_be_allowed());
    let names: Vec<_> = rules.map(|rule| rule.name()).collect();
    if let Some(meant) = keys::nearest_of(&names, name) {
        return format!("unknown rule `{name}`: did you mean `{meant}`?");
    }
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    let names = names.join(", ");
    format!("unknown rule `{name}`: expected one of {names}")
}
