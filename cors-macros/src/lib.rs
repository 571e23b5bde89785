#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod errors;
mod expand;
mod fallback;
mod handler;
mod keys;
mod lower;
mod parse;
mod types;
mod values;

#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

use crate::expand::Mode;

/// `cors_runtime::axum::cors`: one policy for one axum handler.
#[proc_macro_attribute]
pub fn axum(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(Mode::Axum, attribute.into(), &item.into()).into()
}

/// `cors_runtime::http::cors`: one policy for a whole service, a function from request to response.
#[proc_macro_attribute]
pub fn http(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(Mode::Http, attribute.into(), &item.into()).into()
}

/// `cors_runtime::policy!`: a policy for a `static`, which several handlers name.
#[proc_macro]
pub fn policy(keys: TokenStream) -> TokenStream {
    expand::policy(keys.into()).into()
}
