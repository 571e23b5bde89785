//! The output where something is wrong.

use proc_macro2::TokenStream;
use quote::quote;

use crate::errors::Errors;

/// Returns the errors, and the item as it was: it keeps its name and type, so that the rest of the
/// crate is checked in the same run.
pub(crate) fn item(item: &TokenStream, errors: &Errors) -> TokenStream {
    let errors = errors.to_compile_errors();
    quote!(#errors #item)
}

/// Returns the errors and a value, in the place of an expression.
pub(crate) fn value(value: &TokenStream, errors: &Errors) -> TokenStream {
    let errors = errors.to_compile_errors();
    quote!({ #errors #value })
}
