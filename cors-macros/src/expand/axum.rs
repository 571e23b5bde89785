//! A handler for axum: a function.

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned as _;
use syn::{Attribute, Path, ReturnType, Signature, parse_quote};

use super::function::{self, Shape};
use super::{private, replace_impl_trait};
use crate::errors::Errors;
use crate::handler::Handler;

pub(crate) fn check(handler: &Handler, errors: &mut Errors) {
    function::check(handler, "an axum", errors);
    if let Some(receiver) = handler.sig.receiver() {
        let message = "an axum handler takes no `self`: take the value as `State(..)`";
        errors.push(receiver.span(), message);
    }
}

pub(crate) fn expand(
    mut handler: Handler,
    policy: &TokenStream,
    wants_content_type: bool,
    runtime: &Path,
) -> TokenStream {
    let private = private(runtime);
    let debug = handler.take_attribute("debug_handler");
    let debug = debug.map(|attribute| debug_copy(&attribute, &handler.sig));
    let shape = Shape {
        mount: quote!(#runtime::axum::MountWithCorsRouting),
        bounds: quote!(IntoFuture: ::core::marker::Send,),
        annotate: quote!(#private::axum::annotate),
        items: debug.unwrap_or_default(),
    };
    let policy = function::policy_type(&handler, policy, wants_content_type, runtime);
    function::expand(&handler, &policy, &shape)
}

/// `#[debug_handler]` checks an `async fn`; here is one for it, of the same signature and without a
/// body.
fn debug_copy(attribute: &Attribute, sig: &Signature) -> TokenStream {
    let mut sig = sig.clone();
    if let ReturnType::Type(_, output) = &mut sig.output {
        // A body that diverges has no type that implements a trait; `()` is a response.
        **output = replace_impl_trait(output, parse_quote!(()));
    }
    quote! {
        #[allow(
            dead_code,
            unused_mut,
            unused_variables,
            clippy::diverging_sub_expression,
            clippy::unimplemented,
            clippy::unused_async
        )]
        const _: () = {
            #attribute
            #sig { ::core::unimplemented!() }
        };
    }
}
