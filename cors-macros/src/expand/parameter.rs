//! Splits a parameter into a plain name for the signature, and `let`s for the body.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{Pat, PatIdent, PatType};

pub(super) struct Parameter {
    /// The name of the parameter in the signature.
    pub(super) name: Ident,
    /// The parameter in the signature.
    pub(super) input: PatType,
    /// The `let`s in the body, which bind the pattern.
    pub(super) lets: TokenStream,
}

impl Parameter {
    /// Keeps a plain name, for the documentation and the editor. Generates a name for any other
    /// pattern.
    pub(super) fn split(index: usize, parameter: &PatType) -> Self {
        let generated = format_ident!("__cors_{index}", span = Span::mixed_site());
        let (name, lets) = split_pattern(&parameter.pat, generated, &attributes_of_let(parameter));
        let plain = Pat::Ident(PatIdent {
            attrs: Vec::new(),
            by_ref: None,
            mutability: None,
            ident: name.clone(),
            subpat: None,
        });
        let input = PatType {
            pat: Box::new(plain),
            ..parameter.clone()
        };
        Self { name, input, lets }
    }
}

/// Returns the attributes that the `let` also needs.
fn attributes_of_let(parameter: &PatType) -> TokenStream {
    let attrs = parameter.attrs.iter();
    attrs
        .filter(|it| it.path().is_ident("cfg") || it.path().is_ident("allow"))
        .map(ToTokens::to_token_stream)
        .collect()
}

fn split_pattern(pat: &Pat, generated: Ident, attrs: &TokenStream) -> (Ident, TokenStream) {
    match pat {
        Pat::Ident(plain) if plain.by_ref.is_none() && plain.subpat.is_none() => {
            let PatIdent {
                mutability, ident, ..
            } = plain;
            let lets = quote! {
                #attrs
                #[allow(
                    clippy::no_effect_underscore_binding,
                    clippy::shadow_same,
                    clippy::used_underscore_binding
                )]
                let #mutability #ident = #ident;
            };
            (ident.clone(), lets)
        }
        Pat::Wild(_) => {
            let lets = quote!(#attrs let #generated = #generated;);
            (generated, lets)
        }
        // Binds twice. The parts that the pattern leaves unbound then live until the body ends.
        pattern => {
            let lets =
                quote!(#attrs let #generated = #generated; #attrs let #pattern = #generated;);
            (generated, lets)
        }
    }
}
