//! Expands a whole service: a function from `http::Request` to `http::Response`. Keeps the
//! signature.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{FnArg, Pat, Path, parse_quote, parse_quote_spanned};

use super::parameter::Parameter;
use super::{fake_return, policy, private, replace_impl_trait};
use crate::checked::Checked;
use crate::handler::Handler;

/// ```text
/// async fn handle(state: &App, mut req: Request<Incoming>) -> Result<Response<Body>, Error> {
///     body
/// }
/// // becomes
/// async fn handle(state: &App, req: Request<Incoming>) -> Result<Response<Body>, Error> {
///     static __CORS_PREPARED: Prepared = Prepared::new();
///     let __cors_policy: &'static Policy = /* a static */;
///     // With an `ask(..)`: `let verdict = cors_check(..).await`, and `decide` with the verdict.
///     let __cors_headers = match decide_now::<_, Result<Response<Body>, Error>>(
///         __cors_policy,
///         &__CORS_PREPARED,
///         &req,
///     ) {
///         ControlFlow::Break(response) => return response,
///         ControlFlow::Continue(headers) => headers,
///     };
///     let __cors_output = async move { /* the fake return */ let mut req = req; body }.await;
///     __cors_headers.apply(__cors_output)
/// }
/// ```
pub(super) fn expand(mut handler: Handler, checked: &Checked) -> TokenStream {
    let runtime = &checked.runtime;
    let private = private(runtime);
    let policy = policy::reference(checked);
    // `check` rejects a handler without parameters.
    let Some((request, lets)) = split_request(&mut handler) else {
        return TokenStream::new();
    };
    let output = output(&handler, &lets, runtime);
    let output_type = match handler.output() {
        Some(output) => replace_impl_trait(output, &parse_quote!(_)),
        None => parse_quote_spanned!(handler.sig.ident.span()=> ()),
    };
    let Handler {
        attrs, vis, sig, ..
    } = &handler;
    let decide_now = quote! {
        #private::http::decide_now::<_, #output_type>(
            __cors_policy,
            &__CORS_PREPARED,
            #request,
        )
    };
    let decision = if checked.policy.may_ask() && sig.asyncness.is_some() {
        // The future of `cors_check` does not borrow the request.
        quote! {if #private::http::may_wait(__cors_policy) {
            let __cors_verdict = #private::http::cors_check(__cors_policy, #request).await;
            #private::http::decide::<_, #output_type>(
                __cors_policy,
                &__CORS_PREPARED,
                __cors_verdict,
                #request,
            )
        } else {
            #decide_now
        }}
    } else {
        decide_now
    };
    quote! {
        #(#attrs)*
        #vis #sig {
            static __CORS_PREPARED: #private::http::Prepared = #private::http::Prepared::new();
            let __cors_policy: &'static #runtime::Policy = #policy;
            let __cors_headers = match #decision {
                ::core::ops::ControlFlow::Break(__cors_response) => return __cors_response,
                ::core::ops::ControlFlow::Continue(__cors_headers) => __cors_headers,
            };
            #output
            __cors_headers.apply(__cors_output)
        }
    }
}

/// Gives the last parameter a name. Returns a borrow of the parameter, and the `let`s for its
/// pattern.
fn split_request(handler: &mut Handler) -> Option<(TokenStream, TokenStream)> {
    let Some(FnArg::Typed(request)) = handler.sig.inputs.last_mut() else {
        return None;
    };
    let Parameter { name, input, lets } = Parameter::split(0, request);
    let lets = match &*request.pat {
        // The block captures `x` anyway, so `let x = x;` is only needed for `let mut x`.
        Pat::Ident(plain) if plain.ident == name && plain.mutability.is_none() => {
            TokenStream::new()
        }
        _ => lets,
    };
    // Moves the span to the type, because rustc reports a wrong type there.
    let at = request.ty.span();
    let mut name_there = name.clone();
    name_there.set_span(name.span().located_at(at));
    let borrowed = quote_spanned!(at=> &#name_there);
    *request = input;
    Some((borrowed, lets))
}

/// Returns the body in a separate block, which `return` and `?` leave instead of the function.
fn output(handler: &Handler, lets: &TokenStream, runtime: &Path) -> TokenStream {
    let fake_return = fake_return(handler.output(), runtime);
    let body = &handler.body;
    if handler.sig.asyncness.is_some() {
        return quote!(let __cors_output = async move { #fake_return #lets #body }.await;);
    }
    let output = handler
        .output()
        .map(|output| replace_impl_trait(output, &parse_quote!(_)));
    let output = output.map(|output| quote!(-> #output));
    quote! {
        #[allow(clippy::redundant_closure_call)]
        let __cors_output = (move || #output { #lets #body })();
    }
}
