//! The output for invalid input.

use proc_macro2::TokenStream;
use quote::quote;

use crate::errors::Errors;

/// Returns the errors and the unchanged item, so that rustc checks the rest of the crate in the
/// same run.
pub(crate) fn item(item: &TokenStream, errors: &Errors) -> TokenStream {
    let errors = errors.to_compile_errors();
    quote!(#errors #item)
}

/// Returns the errors and a value, for an expression.
pub(crate) fn value(value: &TokenStream, errors: &Errors) -> TokenStream {
    let errors = errors.to_compile_errors();
    quote!({ #errors #value })
}
