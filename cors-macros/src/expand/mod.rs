//! Generates the tokens that replace an attribute and its handler, or a `policy!`.

mod actix_web;
mod axum;
mod function;
mod http;
mod parameter;
mod policy;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, GenericArgument, Path, PathArguments, Type, TypeParamBound, parse_quote};

use crate::checked::{Checked, CheckedMacro};
use crate::handler::{Handler, Mode};

pub(crate) fn attribute(mode: Mode, handler: Handler, checked: &Checked) -> TokenStream {
    match mode {
        Mode::ActixWeb => actix_web::expand(handler, checked),
        Mode::Axum => axum::expand(handler, checked),
        Mode::Http => http::expand(handler, checked),
    }
}

/// Returns the handler with `#[cors]` below the other attribute. `#[utoipa::path]` reads the
/// parameters and the return type, which an expansion replaces.
pub(crate) fn below(
    first: &Attribute,
    mode: Mode,
    runtime: &Path,
    arguments: &TokenStream,
    handler: &Handler,
) -> TokenStream {
    let adapter = match mode {
        Mode::ActixWeb => quote!(actix_web),
        Mode::Axum => quote!(axum),
        Mode::Http => quote!(http),
    };
    let Handler {
        attrs,
        vis,
        sig,
        body,
    } = handler;
    quote! {
        #first
        #[#runtime::#adapter::cors(#arguments)]
        #(#attrs)*
        #vis #sig { #body }
    }
}

pub(crate) fn policy(checked: &CheckedMacro) -> TokenStream {
    policy::value(&checked.policy, &checked.runtime)
}

/// Returns a statement that never runs.
///
/// The statement ties the result of the body to the written type. Then rustc checks `?` against
/// that type, and does not have to infer a type through the expansion.
fn fake_return(output: Option<&Type>, runtime: &Path) -> TokenStream {
    let private = private(runtime);
    // `impl Trait` is not allowed as a type argument, but `_` is.
    let output = output.map(|output| replace_impl_trait(output, &parse_quote!(_)));
    let output = output.unwrap_or_else(|| parse_quote!(()));
    quote!(if false { return #private::never::<#output>(); })
}

/// Replaces every `impl Trait` in the type.
fn replace_impl_trait(output: &Type, with: &Type) -> Type {
    let mut output = output.clone();
    replace(&mut output, with);
    output
}

fn replace(ty: &mut Type, with: &Type) {
    match ty {
        Type::ImplTrait(_) => *ty = with.clone(),
        Type::Array(array) => replace(&mut array.elem, with),
        Type::Group(group) => replace(&mut group.elem, with),
        Type::Paren(paren) => replace(&mut paren.elem, with),
        Type::Reference(reference) => replace(&mut reference.elem, with),
        Type::Slice(slice) => replace(&mut slice.elem, with),
        Type::TraitObject(object) => {
            for bound in &mut object.bounds {
                if let TypeParamBound::Trait(bound) = bound {
                    replace_in_path(&mut bound.path, with);
                }
            }
        }
        Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(|it| replace(it, with)),
        Type::Path(path) => replace_in_path(&mut path.path, with),
        _ => {}
    }
}

fn replace_in_path(path: &mut Path, with: &Type) {
    for segment in &mut path.segments {
        let PathArguments::AngleBracketed(arguments) = &mut segment.arguments else {
            continue;
        };
        for argument in &mut arguments.args {
            match argument {
                GenericArgument::Type(ty) => replace(ty, with),
                GenericArgument::AssocType(assoc) => replace(&mut assoc.ty, with),
                _ => {}
            }
        }
    }
}

/// Returns the path of the items that only expansions use.
fn private(runtime: &Path) -> TokenStream {
    quote!(#runtime::__private)
}
