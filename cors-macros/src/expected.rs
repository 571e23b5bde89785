//! Messages for lists and entries: what was expected, and what was probably meant.

use cors_rules::OriginPattern;
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Expr;

use crate::written::{Entry, Kind};

/// Recognizes `Any` of tower-http, also with its path, and similar strings.
///
/// In `origins`, a path in lower case can be a function.
pub(crate) fn is_any(key: &Ident, entry: &Entry) -> bool {
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
pub(crate) fn is_any_type(entry: &Entry) -> bool {
    matches!(entry.kind, Kind::Path(_)) && entry.text.rsplit("::").next() == Some("Any")
}

pub(crate) fn any(key: &Ident, found: &str) -> String {
    format!("expected `\"*\"` for every value, found `{found}`: write `{key} = \"*\"`")
}

/// Returns the message for a list that is written as a single value.
pub(crate) fn sole_value(key: &Ident, sole: &Entry, value: &TokenStream) -> String {
    let entries = match in_brackets(key, sole, value) {
        Ok(entries) => entries,
        Err(mistake) => return format!("expected a list in brackets, and {mistake}"),
    };
    let message = format!("expected a list: write `{key} = [{entries}]`");
    match sole.kind {
        Kind::Path(_) => format!(
            "{message}; for a whole `Policy`, `policy = {}` on a handler",
            sole.text
        ),
        _ => message,
    }
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
        "methods" => methods_meant(names),
        _ => names.map(str::to_owned).collect(),
    };
    let entries: Vec<_> = entries.iter().map(|entry| format!("{entry:?}")).collect();
    Ok(entries.join(", "))
}

fn methods_meant<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let meant = names.map(|name| cors_rules::method_meant(name).unwrap_or(name));
    let meant: Vec<String> = meant.map(str::to_owned).collect();
    match meant.iter().find(|method| *method == "*") {
        Some(any) => vec![any.clone()],
        None => meant,
    }
}

fn origin_mistake(text: &str) -> String {
    match OriginPattern::parse(text) {
        Err(mistake) => format!("`{text:?}` {mistake}"),
        Ok(_) => format!("`{text:?}` is not an origin"),
    }
}

pub(crate) fn expected_list(key: &Ident, value: &TokenStream) -> String {
    let mut tokens = value.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Group(_)), Some(next)) => {
            format!("expected `,` between the list and `{next}`")
        }
        (Some(TokenTree::Ident(_)), _) if names_any(&without_spaces(value)) => {
            any(key, &without_spaces(value))
        }
        (Some(TokenTree::Ident(_)), _) => expected_entry(key, &readable(value)),
        _ => format!(
            "expected `\"*\"` or a list in brackets, found `{}`",
            readable(value)
        ),
    }
}

pub(crate) fn not_an_entry(key: &Ident, tokens: &TokenStream) -> syn::Error {
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

/// Returns the tokens as text, with paths and macro calls as they are written.
pub(crate) fn readable(tokens: impl ToTokens) -> String {
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
pub(crate) fn without_spaces(tokens: impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    text.split_whitespace().collect()
}

/// Returns the string literal that was probably meant by `app.example.com` or `content-type`.
///
/// Compares tokens, because a keyword such as `type` is not an expression.
pub(crate) fn quoted(key: &Ident, tokens: TokenStream) -> Option<String> {
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

pub(crate) fn unexpected(key: &Ident, expr: &Expr) -> syn::Error {
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
