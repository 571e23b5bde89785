//! Parses the values of the keys: lists, flags, durations, paths.

use cors_rules::Rule;
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::parse::Parser as _;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprCall, ExprLit, ExprPath, Lit, LitBool};

use crate::errors::Errors;
use crate::keys;
use crate::tokens::{sole_group, split_at_commas, ungrouped};
use crate::written::{Entry, Kind, List};

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
    let flag = syn::parse2::<LitBool>(ungrouped(value));
    flag.map(|flag| flag.value).map_err(|_| {
        let message =
            format!("expected `{key}` alone, `{key} = true` or `{key} = false`, found `{found}`");
        syn::Error::new(span, message)
    })
}

/// Parses seconds, or a duration with a unit.
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

/// Parses `"*"`, or entries in brackets.
pub(crate) fn list(key: &Ident, value: TokenStream, errors: &mut Errors) -> syn::Result<List> {
    let value = ungrouped(value);
    match sole_group(&value) {
        Some(group) if group.delimiter() == Delimiter::Bracket => {
            Ok(entries(key, group.stream(), errors))
        }
        _ => wildcard(key, &value),
    }
}

fn wildcard(key: &Ident, value: &TokenStream) -> syn::Result<List> {
    let message = match syn::parse2::<Expr>(value.clone()).and_then(|expr| entry(key, &expr)) {
        Ok(entry) if entry.text == "*" && matches!(entry.kind, Kind::Text) => {
            return Ok(List {
                entries: vec![entry],
                incomplete: false,
            });
        }
        Ok(sole) => {
            let entries = in_brackets(&sole, value);
            format!("expected a list: write `{key} = [{entries}]`")
        }
        Err(_) => expected_list(key, value),
    };
    Err(syn::Error::new(value.span(), message))
}

/// Splits the string of a single entry, because `"GET, PUT"` is the form of the response header.
fn in_brackets(sole: &Entry, value: &TokenStream) -> String {
    let found = value.to_string();
    if !found.starts_with('"') {
        return found;
    }
    let entries = sole.text.split(',');
    let entries = entries.map(|entry| format!("\"{}\"", entry.trim()));
    entries.collect::<Vec<_>>().join(", ")
}

fn expected_list(key: &Ident, value: &TokenStream) -> String {
    let mut tokens = value.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Group(_)), Some(next)) => {
            format!("expected `,` between the list and `{next}`")
        }
        (Some(TokenTree::Ident(_)), _) => expected_entry(key, &value.to_string()),
        _ => format!("expected `\"*\"` or a list in brackets, found `{value}`"),
    }
}

fn entries(key: &Ident, tokens: TokenStream, errors: &mut Errors) -> List {
    let mut list = List::default();
    for tokens in split_at_commas(tokens, errors) {
        let tokens = ungrouped(tokens);
        if key == "origins" && starts_closure(&tokens) {
            let message = "expected a path, found a closure: write it as a `fn`, and its name here";
            errors.push(tokens.span(), message);
            list.incomplete = true;
            // The commas inside the closure have split the tokens that follow.
            break;
        }
        let expr = syn::parse2::<Expr>(tokens.clone()).map_err(|_| not_an_entry(key, &tokens));
        match expr.and_then(|expr| entry(key, &expr)) {
            Ok(entry) => list.entries.push(entry),
            Err(error) => {
                errors.keep(error);
                list.incomplete = true;
            }
        }
    }
    list
}

/// Recognizes `|origin, request| ..`, which ends at its first comma here.
fn starts_closure(tokens: &TokenStream) -> bool {
    match tokens.clone().into_iter().next() {
        Some(TokenTree::Punct(punct)) => punct.as_char() == '|',
        Some(TokenTree::Ident(ident)) => ident == "move",
        _ => false,
    }
}

fn not_an_entry(key: &Ident, tokens: &TokenStream) -> syn::Error {
    missing_comma(tokens).unwrap_or_else(|| {
        let message = expected_entry(key, &tokens.to_string());
        syn::Error::new(tokens.span(), message)
    })
}

/// Recognizes `["a" "b"]` and `[GET PUT]`.
fn missing_comma(tokens: &TokenStream) -> Option<syn::Error> {
    let is_entry = |token: &TokenTree| matches!(token, TokenTree::Literal(_) | TokenTree::Ident(_));
    let mut tokens = tokens.clone().into_iter();
    tokens.next().filter(is_entry)?;
    let next = tokens.next().filter(is_entry)?;
    let message = format!("expected `,` before `{next}`");
    Some(syn::Error::new(next.span(), message))
}

/// Parses an entry.
///
/// All lists accept string literals. `methods` also accepts names such as `GET`, and `origins`
/// accepts paths, `regex(r"..")` and `ask(path)`.
fn entry(key: &Ident, expr: &Expr) -> syn::Result<Entry> {
    match (key.to_string().as_str(), expr) {
        (
            _,
            Expr::Lit(ExprLit {
                lit: Lit::Str(string),
                ..
            }),
        ) => Ok(text(string.value(), string.span())),
        ("methods", Expr::Path(path)) => match path.path.get_ident() {
            Some(name) => Ok(text(name.to_string(), name.span())),
            None => Err(unexpected(key, expr)),
        },
        ("origins", Expr::Path(path)) => path_entry(path, Kind::Path),
        ("origins", Expr::Call(call)) if is_call_of("ask", call) => ask(call),
        ("origins", Expr::Call(call)) if is_call_of("regex", call) => regex(call),
        _ => Err(unexpected(key, expr)),
    }
}

fn text(text: String, span: Span) -> Entry {
    Entry {
        text,
        span,
        kind: Kind::Text,
    }
}

fn is_call_of(name: &str, call: &ExprCall) -> bool {
    matches!(&*call.func, Expr::Path(path) if path.path.is_ident(name))
}

/// Parses `regex(..)`.
fn regex(call: &ExprCall) -> syn::Result<Entry> {
    if let Some(Expr::Lit(ExprLit {
        lit: Lit::Str(pattern),
        ..
    })) = sole_argument(call)
    {
        return Ok(Entry {
            text: pattern.value(),
            span: pattern.span(),
            kind: Kind::Regex,
        });
    }
    let message = "expected one string literal in `regex(r\"...\")`";
    Err(syn::Error::new(call.span(), message))
}

/// Parses `ask(..)`.
fn ask(call: &ExprCall) -> syn::Result<Entry> {
    if !cfg!(feature = "ask") {
        let message = "`ask(..)` needs the feature `ask` of `cors-runtime`";
        return Err(syn::Error::new(call.func.span(), message));
    }
    if let Some(Expr::Path(path)) = sole_argument(call) {
        return path_entry(path, Kind::Ask);
    }
    let message = "expected the path of one `async fn` in `ask(..)`";
    Err(syn::Error::new(call.span(), message))
}

fn sole_argument(call: &ExprCall) -> Option<&Expr> {
    let mut arguments = call.args.iter();
    arguments.next().filter(|_| arguments.next().is_none())
}

/// Parses a path. rustc checks the type of the item.
fn path_entry(path: &ExprPath, kind: fn(ExprPath) -> Kind) -> syn::Result<Entry> {
    let text = path.to_token_stream().to_string().replace(" :: ", "::");
    let first = path.path.segments.first();
    if first.is_some_and(|segment| segment.ident == "Self") {
        let message = format!(
            "`{text}` cannot be named here: a policy is a `static`, which has no `Self`; write \
             the name of the type"
        );
        return Err(syn::Error::new(path.span(), message));
    }
    Ok(Entry {
        text,
        span: path.span(),
        kind: kind(path.clone()),
    })
}

fn unexpected(key: &Ident, expr: &Expr) -> syn::Error {
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
    syn::Error::new(expr.span(), message)
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
