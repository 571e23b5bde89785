//! Collects errors, to report all mistakes in one run.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};

/// The errors so far.
#[derive(Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    pub(crate) fn push(&mut self, span: Span, message: impl Display) {
        self.keep(syn::Error::new(span, message));
    }

    pub(crate) fn keep(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(all) => all.combine(error),
            none => *none = Some(error),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(crate) fn to_compile_errors(&self) -> TokenStream {
        let errors = self.0.as_ref();
        errors.map(syn::Error::to_compile_error).unwrap_or_default()
    }
}
