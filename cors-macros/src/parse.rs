//! Parses an attribute or a `policy!` into [`Written`].

use proc_macro2::{Delimiter, Ident, TokenStream};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned as _;
use syn::{Path, Token};

use crate::errors::Errors;
use crate::tokens::{sole_group, split_at_commas};
use crate::written::{List, Slot, Written};
use crate::{keys, lists, values};

pub(crate) fn parse(attribute: TokenStream, errors: &mut Errors) -> Written {
    let mut written = Written::default();
    for tokens in split_at_commas(attribute, errors) {
        let start = tokens.clone().into_iter().next();
        match syn::parse2::<Argument>(tokens) {
            Ok(argument) => argument.put_into(&mut written, errors),
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

/// An argument: `key`, `key = value` or `key(...)`.
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
            // Ignores the value of an unknown key.
            input.parse::<TokenStream>()?;
            return Ok(Self { key, value: None });
        }
        let value = if key == "allow" {
            parenthesized(&key, &input.parse()?)?
        } else {
            input.parse::<Token![=]>().map_err(|error| {
                let expected = match &*key.to_string() {
                    flag @ ("credentials" | "enforce" | "disabled") => {
                        format!("`{flag}` alone, or `{flag} = true`")
                    }
                    key @ ("policy" | "max_age" | "crate") => format!("`{key} = ...`"),
                    list => format!("`{list} = [...]`"),
                };
                syn::Error::new(error.span(), format!("expected {expected}"))
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

/// Returns the tokens between the parentheses of `allow(...)`.
fn parenthesized(key: &Ident, value: &TokenStream) -> syn::Result<TokenStream> {
    match sole_group(value) {
        Some(group) if group.delimiter() == Delimiter::Parenthesis => Ok(group.stream()),
        _ => {
            let message = format!("expected `{key}(...)` with the name of a rule");
            Err(syn::Error::new(key.span(), message))
        }
    }
}

impl Argument {
    fn put_into(&self, written: &mut Written, errors: &mut Errors) {
        let key = &self.key;
        match key.to_string().as_str() {
            "origins" => self.put_list(&mut written.origins, errors),
            "methods" => self.put_list(&mut written.methods, errors),
            "headers" => self.put_list(&mut written.headers, errors),
            "expose" => self.put_list(&mut written.expose, errors),
            "credentials" => self.put_flag(&mut written.credentials, errors),
            "enforce" => self.put_flag(&mut written.enforce, errors),
            "hosts" => self.put_list(&mut written.hosts, errors),
            "disabled" => self.put_flag(&mut written.disabled, errors),
            "max_age" => {
                let value = self.value().and_then(|value| {
                    let span = value.span();
                    Ok((values::max_age(value)?, span))
                });
                set(&mut written.max_age, key, value, errors);
            }
            "policy" => {
                let example = "the path of a `static` policy, such as `crate::STAFF`";
                self.put_path(&mut written.policy, example, errors);
            }
            "allow" => {
                let value = self.value().map(|value| values::rules(value, errors));
                set(&mut written.allow, key, value, errors);
            }
            "crate" => {
                let example = "a path such as `::my_crate::cors_runtime`";
                self.put_path(&mut written.runtime, example, errors);
            }
            _ => reject_unknown(key, written, errors),
        }
    }

    fn put_list(&self, slot: &mut Slot<List>, errors: &mut Errors) {
        let value = self.value();
        let value = value.and_then(|value| lists::list(&self.key, value, errors));
        set(slot, &self.key, value, errors);
    }

    fn put_flag(&self, slot: &mut Slot<bool>, errors: &mut Errors) {
        let value = values::flag(&self.key, self.value.clone());
        set(slot, &self.key, value, errors);
    }

    fn put_path(&self, slot: &mut Slot<Path>, example: &str, errors: &mut Errors) {
        let value = self.value();
        let value = value.and_then(|value| values::path(example, value));
        set(slot, &self.key, value, errors);
    }

    fn value(&self) -> syn::Result<TokenStream> {
        let Self { key, value } = self;
        value.clone().ok_or_else(|| {
            let form = if key == "allow" { "(...)" } else { " = ..." };
            syn::Error::new(key.span(), format!("expected a value: write `{key}{form}`"))
        })
    }
}

/// Fills the slot. Rejects a duplicate key.
fn set<T>(slot: &mut Slot<T>, key: &Ident, value: syn::Result<T>, errors: &mut Errors) {
    if !matches!(slot, Slot::Absent) {
        let message =
            format!("duplicate key `{key}`: it is first used above; remove one of the two");
        errors.push(key.span(), message);
        return;
    }
    *slot = match value {
        Ok(value) => Slot::Given {
            key: key.span(),
            value,
        },
        Err(error) => {
            errors.keep(error);
            Slot::Unreadable
        }
    };
}

/// Rejects the key. Does not report missing `origins` if the key was meant as `origins`.
fn reject_unknown(key: &Ident, written: &mut Written, errors: &mut Errors) {
    let name = key.to_string();
    errors.push(key.span(), keys::unknown(&name));
    match keys::meant(&name) {
        Some("origins") => written.origins = Slot::Unreadable,
        // The value is not read, and may contain `content-type`.
        Some("headers") => written.headers = Slot::Unreadable,
        Some("disabled") => written.disabled = Slot::Unreadable,
        _ => {}
    }
}
