#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod errors;
mod expand;
mod fallback;
mod handler;
mod keys;
mod lower;
mod parse;
mod routes;
mod tokens;
mod values;
mod written;

#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

use crate::expand::Mode;

/// <!-- Documented where cors-runtime exports it. -->
#[proc_macro_attribute]
pub fn actix_web(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(Mode::ActixWeb, attribute.into(), &item.into()).into()
}

/// <!-- Documented where cors-runtime exports it. -->
#[proc_macro_attribute]
pub fn axum(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(Mode::Axum, attribute.into(), &item.into()).into()
}

/// <!-- Documented where cors-runtime exports it. -->
#[proc_macro_attribute]
pub fn http(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(Mode::Http, attribute.into(), &item.into()).into()
}

/// <!-- Documented where cors-runtime exports it. -->
#[proc_macro]
pub fn policy(keys: TokenStream) -> TokenStream {
    expand::policy(keys.into()).into()
}
