//! Parses lists, and their entries.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use syn::spanned::Spanned as _;
use syn::{Expr, ExprCall, ExprLit, ExprPath, Lit};

use crate::errors::Errors;
use crate::expected::{
    any, expected_list, is_any, is_any_type, not_an_entry, quoted, sole_value, unexpected,
    without_spaces,
};
use crate::tokens::{path_text, sole_group, split_at_commas, ungrouped};
use crate::written::{Entry, Kind, List};

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
        Ok(sole) if is_any(key, &sole) => any(key, &without_spaces(value)),
        Ok(sole) => sole_value(key, &sole, value),
        Err(_) => expected_list(key, value),
    };
    Err(syn::Error::new_spanned(value, message))
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
