//! Generates the tokens that replace an attribute and its handler, or a `policy!`.

mod actix_web;
mod axum;
mod function;
mod http;
mod parameter;
mod policy;

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Path, Type, parse_quote};

use crate::checked::{Checked, CheckedMacro};
use crate::handler::{Handler, Mode};

pub(crate) fn attribute(mode: Mode, handler: Handler, checked: &Checked) -> TokenStream {
    match mode {
        Mode::ActixWeb => actix_web::expand(handler, checked),
        Mode::Axum => axum::expand(handler, checked),
        Mode::Http => http::expand(handler, checked),
    }
}

pub(crate) fn policy(checked: &CheckedMacro) -> TokenStream {
    policy::value(&checked.policy, &checked.runtime)
}

/// Returns a statement that never runs.
///
/// The statement ties the result of the body to the written type. Then rustc checks `?` against
/// that type, and does not have to infer a type through the expansion.
fn fake_return(output: Option<&Type>) -> TokenStream {
    // `impl Trait` is not allowed in a `let`, but `_` is.
    let output = output.map(|output| replace_impl_trait(output, parse_quote!(_)));
    let output = output.unwrap_or_else(|| parse_quote!(()));
    quote! {
        #[allow(
            unknown_lints,
            unreachable_code,
            clippy::diverging_sub_expression,
            clippy::empty_loop,
            clippy::let_unit_value,
            clippy::let_with_type_underscore,
            clippy::needless_return,
            clippy::unreachable
        )]
        if false {
            let __cors_return: #output = loop {};
            return __cors_return;
        }
    }
}

/// Replaces every `impl Trait` in the type.
fn replace_impl_trait(output: &Type, with: Type) -> Type {
    struct Replace(Type);
    impl VisitMut for Replace {
        fn visit_type_mut(&mut self, ty: &mut Type) {
            if let Type::ImplTrait(_) = ty {
                *ty = self.0.clone();
            } else {
                visit_mut::visit_type_mut(self, ty);
            }
        }
    }
    let mut output = output.clone();
    Replace(with).visit_type_mut(&mut output);
    output
}

/// Returns the path of the items that only expansions use.
fn private(runtime: &Path) -> Path {
    parse_quote!(#runtime::__private)
}
