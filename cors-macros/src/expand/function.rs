//! A handler that stays a function of its name and arguments: its return type carries the policy.

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned as _;
use syn::{Path, Signature, parse_quote};

use super::parameter::Parameter;
use super::{fake_return, private};
use crate::errors::Errors;
use crate::handler::Handler;

pub(crate) fn check(handler: &Handler, framework: &str, errors: &mut Errors) {
    let sig = &handler.sig;
    if sig.asyncness.is_none() {
        let message = format!("expected `async fn`: {framework} handler with a policy is one");
        errors.push(sig.fn_token.span, message);
    }
    if let Some(attribute) = handler.attribute("instrument") {
        let message =
            "`#[instrument]` below `#[cors]` would span nothing: write it above `#[cors]`";
        errors.push(attribute.path().span(), message);
    }
}

/// What the framework has to say.
pub(crate) struct Shape {
    /// The trait of the return type.
    pub(crate) mount: TokenStream,
    /// What else that trait wants, after `Output = ..`.
    pub(crate) bounds: TokenStream,
    /// The function that ties the policy to the future of the body.
    pub(crate) annotate: TokenStream,
    /// Items in front of the body.
    pub(crate) items: TokenStream,
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
pub(crate) fn expand(handler: &Handler, policy: &TokenStream, shape: &Shape) -> TokenStream {
    let Shape {
        mount,
        bounds,
        annotate,
        items,
    } = shape;
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
    } = handler;
    let Signature {
        ident, generics, ..
    } = sig;
    let where_clause = &generics.where_clause;
    quote! {
        #(#attrs)*
        #vis fn #ident #generics (#(#inputs),*)
            -> impl #mount<Output = #output, #bounds>
        #where_clause
        {
            #policy
            #items
            #annotate::<__CorsPolicy, _>(async move {
                #fake_return
                #(#lets)*
                #body
            })
        }
    }
}

/// A type that stands for the policy of the handler.
pub(crate) fn policy_type(
    handler: &Handler,
    policy: &TokenStream,
    wants_content_type: bool,
    runtime: &Path,
) -> TokenStream {
    let private = private(runtime);
    let ident = &handler.sig.ident;
    quote! {
        enum __CorsPolicy {}
        impl #private::HasPolicy for __CorsPolicy {
            const HANDLER: &'static str =
                ::core::concat!(::core::module_path!(), "::", ::core::stringify!(#ident));

            const WANTS_CONTENT_TYPE: bool = #wants_content_type;

            fn policy() -> &'static #runtime::Policy {
                #policy
            }
        }
    }
}
