//! Expands a handler that remains a function. The return type carries the policy.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Signature, parse_quote};

use super::parameter::Parameter;
use super::{fake_return, policy, private};
use crate::checked::Checked;
use crate::handler::Handler;

/// The parts that differ between frameworks.
pub(super) struct Shape {
    /// The trait of the return type.
    pub(super) mount: TokenStream,
    /// The other bounds of the trait, after `Output = ..`.
    pub(super) bounds: TokenStream,
    /// The function that combines the policy with the future of the body.
    pub(super) annotate: TokenStream,
    /// The items before the body.
    pub(super) items: TokenStream,
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
pub(super) fn expand(
    handler: &Handler,
    checked: &Checked,
    policy: &TokenStream,
    shape: &Shape,
) -> TokenStream {
    let Shape {
        mount,
        bounds,
        annotate,
        items,
    } = shape;
    let fake_return = fake_return(handler.output(), &checked.runtime);
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

/// Returns a type that holds the policy of the handler.
pub(super) fn policy_type(handler: &Handler, checked: &Checked) -> TokenStream {
    let runtime = &checked.runtime;
    let private = private(runtime);
    let ident = &handler.sig.ident;
    let wants_content_type = checked.wants_content_type.is_some();
    let policy = policy::reference(checked);
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
