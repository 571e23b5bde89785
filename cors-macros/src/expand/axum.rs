//! Expands a handler for axum.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, ReturnType, Signature, parse_quote};

use super::function::{self, Shape};
use super::{private, replace_impl_trait};
use crate::checked::Checked;
use crate::handler::Handler;

pub(super) fn expand(mut handler: Handler, checked: &Checked) -> TokenStream {
    let runtime = &checked.runtime;
    let private = private(runtime);
    let debug = handler.take_attribute("debug_handler");
    let debug = debug.map(|attribute| debug_copy(&attribute, &handler.sig));
    let shape = Shape {
        mount: quote!(#runtime::axum::MountWithCorsRouting),
        bounds: quote!(IntoFuture: ::core::marker::Send,),
        annotate: quote!(#private::axum::annotate),
        items: debug.unwrap_or_default(),
    };
    let policy = function::policy_type(&handler, checked);
    function::expand(&handler, checked, &policy, &shape)
}

/// Returns an `async fn` with the same signature, for `#[debug_handler]` to check.
fn debug_copy(attribute: &Attribute, sig: &Signature) -> TokenStream {
    let mut sig = sig.clone();
    if let ReturnType::Type(_, output) = &mut sig.output {
        // The body of the copy diverges, so rustc cannot infer a type. `()` is a response.
        **output = replace_impl_trait(output, &parse_quote!(()));
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
