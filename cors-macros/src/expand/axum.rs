//! A handler for axum: a function of its name and arguments, whose return type carries the policy.

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned as _;
use syn::{Attribute, Path, ReturnType, Signature, parse_quote};

use super::{fake_return, private, replace_impl_trait};
use crate::errors::Errors;
use crate::handler::{Handler, Parameter};

pub(crate) fn check(handler: &Handler, errors: &mut Errors) {
    let sig = &handler.sig;
    if sig.asyncness.is_none() {
        let message = "expected `async fn`: an axum handler with a policy is one";
        errors.push(sig.fn_token.span, message);
    }
    if let Some(receiver) = sig.receiver() {
        let message = "an axum handler takes no `self`: take the value as `State(..)`";
        errors.push(receiver.span(), message);
    }
    if let Some(attribute) = handler.attribute("instrument") {
        let message =
            "`#[instrument]` below `#[cors]` would span nothing: write it above `#[cors]`";
        errors.push(attribute.path().span(), message);
    }
}

/// ```text
/// async fn list(State(db): State<Db>, page: Query<Page>) -> Json<Items> { body }
/// // becomes
/// fn list(__cors_0: State<Db>, page: Query<Page>)
///     -> impl MountWithCorsRouting<Output = Json<Items>, IntoFuture: Send>
/// {
///     enum __CorsPolicy {}
///     impl HasPolicy for __CorsPolicy { /* a static */ }
///     annotate::<__CorsPolicy, _>(async move {
///         /* the fake return */
///         let __cors_0 = __cors_0;
///         let State(db) = __cors_0;
///         let page = page;
///         body
///     })
/// }
/// ```
pub(crate) fn expand(
    mut handler: Handler,
    policy: &TokenStream,
    wants_content_type: bool,
    runtime: &Path,
) -> TokenStream {
    let private = private(runtime);
    let debug = handler.take_attribute("debug_handler");
    let debug = debug.map(|attribute| debug_copy(&attribute, &handler.sig));
    let fake_return = fake_return(handler.output());
    let output = handler
        .output()
        .cloned()
        .unwrap_or_else(|| parse_quote!(()));
    let parameters: Vec<_> = handler
        .parameters()
        .enumerate()
        .map(|(index, it)| Parameter::split(index, it))
        .collect();
    let inputs = parameters.iter().map(|parameter| &parameter.input);
    let lets = parameters.iter().map(|parameter| &parameter.lets);
    let Handler {
        attrs,
        vis,
        sig,
        body,
    } = &handler;
    let Signature {
        ident, generics, ..
    } = sig;
    let where_clause = &generics.where_clause;
    quote! {
        #(#attrs)*
        #vis fn #ident #generics (#(#inputs),*)
            -> impl #runtime::axum::MountWithCorsRouting<
                Output = #output,
                IntoFuture: ::core::marker::Send,
            >
        #where_clause
        {
            enum __CorsPolicy {}
            impl #private::HasPolicy for __CorsPolicy {
                const HANDLER: &'static str =
                    ::core::concat!(::core::module_path!(), "::", ::core::stringify!(#ident));

                const WANTS_CONTENT_TYPE: bool = #wants_content_type;

                fn policy() -> &'static #runtime::Policy {
                    #policy
                }
            }
            #debug
            #private::axum::annotate::<__CorsPolicy, _>(async move {
                #fake_return
                #(#lets)*
                #body
            })
        }
    }
}

/// `#[debug_handler]` checks an `async fn`; here is one for it, of the same signature and without a body.
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
