//! The values of the keys: lists, flags, durations, paths.

use cors_rules::Rule;
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::parse::Parser as _;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprCall, ExprLit, ExprPath, Lit, LitBool};

use crate::errors::Errors;
use crate::keys;
use crate::parse::{Entry, Kind, List, split_at_commas};
use crate::types::ungrouped;

pub(crate) fn path(example: &str, value: TokenStream) -> syn::Result<syn::Path> {
    let found = value.to_string();
    let span = value.span();
    syn::Path::parse_mod_style.parse2(value).map_err(|_| {
        let message = format!("expected {example}, found `{found}`");
        syn::Error::new(span, message)
    })
}

pub(crate) fn flag(key: &Ident, value: Option<TokenStream>) -> syn::Result<bool> {
    let Some(value) = value else {
        return Ok(true);
    };
    let found = value.to_string();
    let span = value.span();
    syn::parse2::<LitBool>(ungrouped(value))
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
    let seconds = match syn::parse2::<Lit>(ungrouped(value)) {
        Ok(Lit::Int(seconds)) if seconds.suffix().is_empty() => seconds.base10_parse().ok(),
        Ok(Lit::Str(duration)) => cors_rules::duration_seconds(&duration.value()),
        _ => None,
    };
    seconds.ok_or_else(|| {
        let message = format!(
            "expected seconds, or a duration such as `\"90s\"`, `\"10m\"` or `\"2h\"`, found \
             `{found}`"
        );
        syn::Error::new(span, message)
    })
}

/// `"*"`, or entries in brackets.
pub(crate) fn list(key: &Ident, value: TokenStream, errors: &mut Errors) -> syn::Result<List> {
    let value = ungrouped(value);
    let span = value.span();
    let found = value.to_string();
    let mut tokens = value.clone().into_iter();
    if let (Some(TokenTree::Group(group)), None) = (tokens.next(), tokens.next())
        && group.delimiter() == Delimiter::Bracket
    {
        return Ok(entries(key, group.stream(), errors));
    }
    let sole = syn::parse2::<Expr>(value.clone()).and_then(|expr| entry(key, &expr));
    match sole {
        Ok(wildcard) if wildcard.text == "*" && matches!(wildcard.kind, Kind::Text) => Ok(List {
            entries: vec![wildcard],
            incomplete: false,
        }),
        Ok(sole) => {
            // `"GET, PUT"` is what the header would say.
            let entries = if found.starts_with('"') {
                let entries = sole.text.split(',');
                let entries = entries.map(|entry| format!("\"{}\"", entry.trim()));
                entries.collect::<Vec<_>>().join(", ")
            } else {
                found
            };
            let message = format!("expected a list: write `{key} = [{entries}]`");
            Err(syn::Error::new(span, message))
        }
        Err(_) => Err(syn::Error::new(span, expected_list(key, &value, &found))),
    }
}

/// For `["a" "b"]` and `[GET PUT]`.
fn missing_comma(tokens: &TokenStream) -> Option<syn::Error> {
    let is_entry = |token: &TokenTree| matches!(token, TokenTree::Literal(_) | TokenTree::Ident(_));
    let mut tokens = tokens.clone().into_iter();
    let next = tokens
        .next()
        .filter(is_entry)
        .and_then(|_| tokens.next().filter(is_entry))?;
    let message = format!("expected `,` before `{next}`");
    Some(syn::Error::new(next.span(), message))
}

fn expected_list(key: &Ident, value: &TokenStream, found: &str) -> String {
    let mut tokens = value.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Group(_)), Some(next)) => {
            format!("expected `,` between the list and `{next}`")
        }
        (Some(TokenTree::Ident(_)), _) => expected_entry(key, found),
        _ => format!("expected `\"*\"` or a list in brackets, found `{found}`"),
    }
}

fn entries(key: &Ident, tokens: TokenStream, errors: &mut Errors) -> List {
    let mut list = List::default();
    for tokens in split_at_commas(tokens, errors) {
        let tokens = ungrouped(tokens);
        let span = tokens.span();
        let found = tokens.to_string();
        if key == "origins" && starts_closure(&tokens) {
            errors.push(
                span,
                "expected a path, found a closure: write it as a `fn`, and its name here",
            );
            list.incomplete = true;
            // Its own commas have torn what follows.
            break;
        }
        let parsed = syn::parse2::<Expr>(tokens.clone())
            .map_err(|_| {
                missing_comma(&tokens)
                    .unwrap_or_else(|| syn::Error::new(span, expected_entry(key, &found)))
            })
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

/// `|origin, request| ..`, cut off at its first comma.
fn starts_closure(tokens: &TokenStream) -> bool {
    match tokens.clone().into_iter().next() {
        Some(TokenTree::Punct(punct)) => punct.as_char() == '|',
        Some(TokenTree::Ident(ident)) => ident == "move",
        _ => false,
    }
}

/// A string literal; for `methods` also a name such as `GET`, for `origins` also `regex(r"..")` and
/// paths.
fn entry(key: &Ident, expr: &Expr) -> syn::Result<Entry> {
    let entry = |text: String, span: Span| Entry {
        text,
        span,
        kind: Kind::Text,
    };
    match expr {
        Expr::Lit(ExprLit {
            lit: Lit::Str(string),
            ..
        }) => {
            return Ok(entry(string.value(), string.span()));
        }
        Expr::Path(path) if key == "methods" => {
            if let Some(name) = path.path.get_ident() {
                return Ok(entry(name.to_string(), name.span()));
            }
        }
        Expr::Path(path) if key == "origins" => return source(path),
        Expr::Call(call) if key == "origins" && is_call_of("ask", &call.func) => return ask(call),
        Expr::Call(call) if key == "origins" && is_call_of("regex", &call.func) => {
            if let [
                Expr::Lit(ExprLit {
                    lit: Lit::Str(pattern),
                    ..
                }),
            ] = &call.args.iter().collect::<Vec<_>>()[..]
            {
                return Ok(Entry {
                    kind: Kind::Regex,
                    ..entry(pattern.value(), pattern.span())
                });
            }
            let message = "expected one string literal in `regex(r\"...\")`";
            return Err(syn::Error::new(call.span(), message));
        }
        _ => {}
    }
    let found = expr.to_token_stream().to_string();
    let message = match expr {
        Expr::Call(_) | Expr::MethodCall(_) if key == "origins" => format!(
            "expected a path, found the call `{found}`: name a function itself, and put what a \
             call returns into a `static`"
        ),
        Expr::Reference(reference) if key == "origins" => {
            let path = reference.expr.to_token_stream();
            format!("expected a path, found a reference: write `{path}`")
        }
        _ => expected_entry(key, &found),
    };
    Err(syn::Error::new(expr.span(), message))
}

/// The path of what decides while the program runs. What it names is rustc's to tell.
fn source(path: &ExprPath) -> syn::Result<Entry> {
    let text = path.to_token_stream().to_string().replace(" :: ", "::");
    if path
        .path
        .segments
        .first()
        .is_some_and(|it| it.ident == "Self")
    {
        let message = format!(
            "`{text}` cannot be named here: a policy is a `static`, which knows no `Self`; write \
             the name of the type"
        );
        return Err(syn::Error::new(path.span(), message));
    }
    Ok(Entry {
        text,
        span: path.span(),
        kind: Kind::Source(path.clone()),
    })
}

/// `ask(path)`: what the path names is rustc's to tell.
fn ask(call: &ExprCall) -> syn::Result<Entry> {
    if !cfg!(feature = "ask") {
        let message = "`ask(..)` needs the feature `ask` of `cors-runtime`";
        return Err(syn::Error::new(call.func.span(), message));
    }
    let arguments: Vec<_> = call.args.iter().collect();
    let [Expr::Path(path)] = arguments[..] else {
        let message = "expected the path of one `async fn` in `ask(..)`";
        return Err(syn::Error::new(call.span(), message));
    };
    let Entry { text, span, .. } = source(path)?;
    Ok(Entry {
        text,
        span,
        kind: Kind::Ask(path.clone()),
    })
}

fn is_call_of(name: &str, function: &Expr) -> bool {
    matches!(function, Expr::Path(path) if path.path.is_ident(name))
}

fn expected_entry(key: &Ident, found: &str) -> String {
    match key.to_string().as_str() {
        "methods" => format!("expected a method such as `PUT` or `\"PUT\"`, found `{found}`"),
        "origins" => format!(
            "expected a string literal such as `\"https://app.example.com\"`, or the path of a \
             function or a list that decides while the program runs, found `{found}`"
        ),
        _ => format!("expected a string literal such as `\"content-type\"`, found `{found}`"),
    }
}

/// The names in `allow(...)`.
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
    format!(
        "unknown rule `{name}`: expected one of {}",
        names.join(", ")
    )
}
