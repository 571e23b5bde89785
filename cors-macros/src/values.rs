//! Parses the values of the keys: lists, flags, durations, paths.

use std::fmt::Display;

use cors_rules::{OriginPattern, Rule};
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::parse::Parser as _;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprCall, ExprLit, ExprPath, Lit, LitBool};

use crate::errors::Errors;
use crate::keys;
use crate::tokens::{path_text, sole_group, split_at_commas, ungrouped};
use crate::written::{Entry, Kind, List};

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
        Ok(sole) if is_any(key, &sole) => any(key, without_spaces(value)),
        Ok(sole) => match in_brackets(key, &sole, value) {
            Ok(entries) => {
                let may_be_policy = matches!(sole.kind, Kind::Path(_));
                let or_policy = match may_be_policy.then_some(&sole.text) {
                    Some(path) => format!("; for a whole `Policy`, `policy = {path}` on a handler"),
                    None => String::new(),
                };
                format!("expected a list: write `{key} = [{entries}]`{or_policy}")
            }
            Err(mistake) => format!("expected a list in brackets, and {mistake}"),
        },
        Err(_) => expected_list(key, value),
    };
    Err(syn::Error::new_spanned(value, message))
}

/// Recognizes `Any` of tower-http, also with its path, and similar strings.
///
/// In `origins`, a path in lower case can be a function.
fn is_any(key: &Ident, entry: &Entry) -> bool {
    if key == "origins" && matches!(entry.kind, Kind::Path(_) | Kind::Ask(_)) {
        return is_any_type(entry);
    }
    names_any(&entry.text)
}

/// Compares the last segment of a path.
fn names_any(text: &str) -> bool {
    let last = text.rsplit("::").next().unwrap_or(text);
    last.eq_ignore_ascii_case("any") || last.eq_ignore_ascii_case("all")
}

/// Recognizes `[Any]`. A policy cannot contain a type, only a function or a `static`.
fn is_any_type(entry: &Entry) -> bool {
    matches!(entry.kind, Kind::Path(_)) && entry.text.rsplit("::").next() == Some("Any")
}

fn any(key: &Ident, found: impl Display) -> String {
    format!("expected `\"*\"` for every value, found `{found}`: write `{key} = \"*\"`")
}

/// Returns the entries of a list that is written as a single value.
///
/// # Errors
///
/// Returns the mistake of an origin that has no obvious correction.
fn in_brackets(key: &Ident, sole: &Entry, value: &TokenStream) -> Result<String, String> {
    if !matches!(sole.kind, Kind::Text) {
        return Ok(value.to_string());
    }
    let text = &sole.text;
    // `"GET, PUT"` is the form of the response header.
    let names = text
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let entries: Vec<String> = match key.to_string().as_str() {
        "origins" => cors_rules::repair(text).ok_or_else(|| origin_mistake(text))?,
        "hosts" => vec![cors_rules::repair_host(text).unwrap_or_else(|| text.clone())],
        "methods" => {
            let meant = names.map(|name| cors_rules::method_meant(name).unwrap_or(name));
            let meant: Vec<String> = meant.map(str::to_owned).collect();
            match meant.iter().find(|method| *method == "*") {
                Some(any) => vec![any.clone()],
                None => meant,
            }
        }
        _ => names.map(str::to_owned).collect(),
    };
    let entries: Vec<_> = entries.iter().map(|entry| format!("{entry:?}")).collect();
    Ok(entries.join(", "))
}

fn origin_mistake(text: &str) -> String {
    match OriginPattern::parse(text) {
        Err(mistake) => format!("`{text:?}` {mistake}"),
        Ok(_) => format!("`{text:?}` is not an origin"),
    }
}

fn expected_list(key: &Ident, value: &TokenStream) -> String {
    let mut tokens = value.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Group(_)), Some(next)) => {
            format!("expected `,` between the list and `{next}`")
        }
        (Some(TokenTree::Ident(_)), _) if names_any(&without_spaces(value)) => {
            any(key, without_spaces(value))
        }
        (Some(TokenTree::Ident(_)), _) => expected_entry(key, &readable(value)),
        _ => format!(
            "expected `\"*\"` or a list in brackets, found `{}`",
            readable(value)
        ),
    }
}

fn entries(key: &Ident, tokens: TokenStream, errors: &mut Errors) -> List {
    let mut list = List::default();
    for tokens in split_at_commas(tokens, errors) {
        let tokens = ungrouped(tokens);
        if key == "origins" && starts_closure(&tokens) {
            let message = "expected a path, found a closure: write a `fn`, and use the path of the \
                           function";
            errors.push(tokens.span(), message);
            list.incomplete = true;
            // The commas inside the closure have split the tokens that follow.
            break;
        }
        let expr = match quoted(key, tokens.clone()) {
            None => syn::parse2::<Expr>(tokens.clone()).ok(),
            Some(_) => None,
        };
        let expr = expr.ok_or_else(|| not_an_entry(key, &tokens));
        match expr.and_then(|expr| entry(key, &expr)) {
            Ok(entry) if is_any_type(&entry) => {
                errors.push(entry.span, any(key, &entry.text));
                list.incomplete = true;
            }
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
        let message = match quoted(key, tokens.clone()) {
            Some(literal) => {
                format!("expected a string literal: put the value in quotes: {literal}")
            }
            None => expected_entry(key, &readable(tokens)),
        };
        syn::Error::new_spanned(tokens, message)
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
    let text = path_text(path);
    let first = path.path.segments.first();
    if first.is_some_and(|segment| segment.ident == "Self") {
        let message = format!(
            "`{text}` cannot be used here: a policy is a `static`, which does not have a `Self`; \
             write the name of the type"
        );
        return Err(syn::Error::new(path.span(), message));
    }
    Ok(Entry {
        text,
        span: path.span(),
        kind: kind(path.clone()),
    })
}

/// Returns the tokens as text, with paths and macro calls as they are written.
fn readable(tokens: impl quote::ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    let (operator, text) = match text.split_once(' ') {
        Some((operator @ ("&" | "-"), operand)) => (operator, operand),
        _ => ("", &*text),
    };
    if text.starts_with('"') {
        return format!("{operator}{text}");
    }
    let text = text.replace(" :: ", "::").replace("! (", "!(");
    format!("{operator}{}", text.replace("! [", "!["))
}

/// Returns the tokens as text without spaces: a value without its quotes.
fn without_spaces(tokens: impl quote::ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    text.split_whitespace().collect()
}

/// Returns the string literal that was probably meant by `app.example.com` or `content-type`.
///
/// Compares tokens, because a keyword such as `type` is not an expression.
fn quoted(key: &Ident, tokens: TokenStream) -> Option<String> {
    let text = without_spaces(&tokens);
    let mut is_name = true;
    for token in tokens {
        let fits = match token {
            TokenTree::Ident(_) => is_name,
            TokenTree::Punct(punct) => !is_name && matches!(punct.as_char(), '.' | '-'),
            _ => false,
        };
        if !fits {
            return None;
        }
        is_name = !is_name;
    }
    let scheme = if key == "origins" { "https://" } else { "" };
    // A single name may be a constant, and the text ends with a name.
    let is_literal = !is_name && text.contains(['.', '-']);
    is_literal.then(|| format!("`\"{scheme}{text}\"`"))
}

/// Recognizes `env!(..)`, `option_env!(..)` and `std::env::var(..)`.
fn reads_environment(expr: &Expr) -> bool {
    match expr {
        Expr::Macro(call) => {
            let name = call.mac.path.segments.last();
            name.is_some_and(|name| name.ident == "env" || name.ident == "option_env")
        }
        Expr::Call(call) => {
            let name = without_spaces(&call.func);
            name.ends_with("env::var") || name.ends_with("env::var_os")
        }
        Expr::MethodCall(call) => reads_environment(&call.receiver),
        Expr::Reference(reference) => reads_environment(&reference.expr),
        Expr::Try(question) => reads_environment(&question.expr),
        _ => false,
    }
}

fn from_environment(found: &str) -> String {
    format!(
        "expected a string literal or a path, found `{found}`: for origins from an environment \
         variable, write `static ORIGINS: OriginList = OriginList::from_env(\"..\")`, and \
         `ORIGINS` here"
    )
}

fn unexpected(key: &Ident, expr: &Expr) -> syn::Error {
    let found = readable(expr);
    let message = match expr {
        Expr::Path(path) if key == "methods" => {
            let name = path.path.segments.last().map(|name| &name.ident);
            let name = name.map(ToString::to_string).unwrap_or_default();
            format!("expected the name of a method, found `{found}`: write `{name}`")
        }
        _ if key == "origins" && reads_environment(expr) => from_environment(&found),
        Expr::Call(_) | Expr::MethodCall(_) if key == "origins" => format!(
            "expected a path, found the call `{found}`: use the path of a function, or store the \
             result of the call in a `static`"
        ),
        Expr::Reference(reference) if key == "origins" => {
            let path = reference.expr.to_token_stream();
            format!("expected a path, found a reference: write `{path}`")
        }
        _ => expected_entry(key, &found),
    };
    syn::Error::new_spanned(expr, message)
}

fn expected_entry(key: &Ident, found: &str) -> String {
    match key.to_string().as_str() {
        "methods" => format!("expected a method such as `PUT` or `\"PUT\"`, found `{found}`"),
        "origins" => format!(
            "expected a string literal such as `\"https://app.example.com\"`, or the path of a \
             function or a list that decides at run time, found `{found}`"
        ),
        "hosts" => format!("expected a string literal such as `\"localhost:*\"`, found `{found}`"),
        _ => format!("expected a string literal such as `\"content-type\"`, found `{found}`"),
    }
}
