#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod check;
mod checked;
mod documentation;
mod entry;
mod errors;
mod expand;
mod expected;
mod fallback;
mod handler;
mod keys;
mod lists;
mod parse;
mod routes;
mod tokens;
mod values;
mod written;

#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

use crate::entry::{expand_attribute, expand_policy};
use crate::errors::Errors;
use crate::handler::Mode;

macro_rules! attributes {
    ($($name:ident $mode:ident;)*) => {
        $(
            /// <!-- Documented where cors-runtime exports it. -->
            #[doc(alias(
                "allow_credentials",
                "allow_headers",
                "allow_methods",
                "allow_origin",
                "allowed_headers",
                "allowed_methods",
                "allowed_origin",
                "cross_origin",
                "expose_headers",
                "max_age",
                "permissive",
                "supports_credentials",
                "very_permissive"
            ))]
            #[proc_macro_attribute]
            pub fn $name(attribute: TokenStream, item: TokenStream) -> TokenStream {
                expand_attribute(Mode::$mode, attribute.into(), &item.into()).into()
            }
        )*
    };
}

attributes! {
    actix_web ActixWeb;
    axum Axum;
    http Http;
}

/// <!-- Documented where cors-runtime exports it. -->
#[proc_macro_attribute]
pub fn cors(_: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    errors.push(proc_macro2::Span::call_site(), WHICH_IMPORT);
    fallback::item(&item.into(), &errors).into()
}

const WHICH_IMPORT: &str = "`cors_runtime::cors` is not for a specific framework: import \
                            `cors_runtime::axum::cors`, `cors_runtime::actix_web::cors`, or \
                            `cors_runtime::http::cors` for a whole service";

/// <!-- Documented where cors-runtime exports it. -->
#[doc(alias("permissive", "very_permissive"))]
#[proc_macro]
pub fn policy(keys: TokenStream) -> TokenStream {
    expand_policy(keys.into()).into()
}
