//! What comes out when something is wrong: the mistakes, and the item as it was.

use proc_macro2::TokenStream;
use quote::quote;

use crate::errors::Errors;

/// The untouched item keeps its name and type, so that the rest of the crate is checked in the same
/// run.
pub(crate) fn fallback(item: &TokenStream, errors: &Errors) -> TokenStream {
    let errors = errors.to_compile_errors();
    quote!(#errors #item)
}
