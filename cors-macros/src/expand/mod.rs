//! From the two inputs of the attribute to its output.

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

use crate::errors::Errors;
use crate::fallback::fallback;
use crate::handler::Handler;
use crate::parse;
use crate::written::Written;

/// What the import path of the attribute says about the function below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    ActixWeb,
    Axum,
    Http,
}

/// The attribute. Both inputs are always read to their end, so that every mistake comes out at
/// once.
pub(crate) fn attribute(mode: Mode, attribute: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let written = parse::parse(attribute, &mut errors);
    let handler = Handler::parse(item.clone(), &mut errors);
    if let Some(handler) = &handler {
        match mode {
            Mode::ActixWeb => actix_web::check(handler, &mut errors),
            Mode::Axum => axum::check(handler, &mut errors),
            Mode::Http => http::check(handler, &mut errors),
        }
    }
    // A whole service reads its body itself.
    let judged = mode != Mode::Http && written.disabled().is_none();
    let json_body = handler.as_ref().filter(|_| judged);
    let json_body = json_body.and_then(Handler::json_body);
    let cannot_wait = handler.as_ref().and_then(|it| cannot_wait(mode, it));
    let policy = policy::reference(&written, json_body, cannot_wait, &mut errors);
    let (Some(handler), Some(policy)) = (handler, policy) else {
        return fallback(item, &errors);
    };
    let wants_content_type = json_body.is_some() && written.allow.value().is_none();
    let runtime = written.runtime();
    match mode {
        Mode::ActixWeb => actix_web::expand(handler, &policy, wants_content_type, &runtime),
        Mode::Axum => axum::expand(handler, &policy, wants_content_type, &runtime),
        Mode::Http => http::expand(handler, &policy, may_ask(&written), &runtime),
    }
}

/// Why a request for that function cannot wait for an answer about its origin.
fn cannot_wait(mode: Mode, handler: &Handler) -> Option<&'static str> {
    match mode {
        Mode::Http if handler.sig.asyncness.is_none() => {
            Some("`ask(..)` has to wait for an answer, which a `fn` cannot: write `async fn`")
        }
        Mode::ActixWeb | Mode::Axum | Mode::Http => None,
    }
}

/// Whether somebody may have to be asked about an origin first. What a path names is not known
/// here.
fn may_ask(written: &Written) -> bool {
    written.policy.key().is_some() || written.asks().next().is_some()
}

/// The macro `policy!`.
pub(crate) fn policy(keys: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let written = parse::parse(keys, &mut errors);
    policy::value(&written, &mut errors)
}

/// Never runs. It ties what the body returns to the type that was written, so that `?` and mistakes
/// in the body are judged against that type and not against one that rustc has to infer through the
/// expansion.
fn fake_return(output: Option<&Type>) -> TokenStream {
    // `impl Trait` cannot stand in a `let`; `_` can.
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

/// The type with every `impl Trait` in it made into another type.
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

/// The path of an item that only expansions name.
fn private(runtime: &Path) -> Path {
    parse_quote!(#runtime::__private)
}
