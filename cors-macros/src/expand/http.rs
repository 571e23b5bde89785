//! A whole service: a function from `http::Request` to `http::Response` that stays one of the same
//! signature.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{
    FnArg, GenericArgument, Pat, PatType, Path, PathArguments, Type, parse_quote,
    parse_quote_spanned,
};

use super::parameter::Parameter;
use super::{fake_return, private, replace_impl_trait};
use crate::errors::Errors;
use crate::handler::Handler;
use crate::tokens::{last_segment, mentions};

pub(crate) fn check(handler: &Handler, errors: &mut Errors) {
    let parameters: Vec<_> = handler.parameters().collect();
    let Some(request) = parameters.last() else {
        let message = "expected an `http::Request<B>` as the last parameter, found none";
        errors.push(handler.sig.ident.span(), message);
        return;
    };
    for parameter in parameters
        .iter()
        .filter(|parameter| is_axum_extractor(parameter))
    {
        errors.push(parameter.ty.span(), AXUM);
    }
    if is_axum_request(request, handler.output()) {
        errors.push(request.ty.span(), AXUM);
    } else if !is_request(request)
        && let Some(early) = parameters.iter().find(|parameter| is_request(parameter))
    {
        errors.push(
            early.ty.span(),
            "expected the request as the last parameter: move it to the end",
        );
    }
}

const AXUM: &str = "this looks like an axum handler, and `cors_runtime::http::cors` is for a \
                    whole service: mounted with `get` it would never see its preflight; use \
                    `cors_runtime::axum::cors`, or write `http::Request<B>` out where the name is \
                    an alias of your own";

fn is_request(parameter: &PatType) -> bool {
    last_segment(&parameter.ty).is_some_and(|segment| segment.ident == "Request")
}

/// By its name: the tokens are all there is. What is missed here is an axum handler without a
/// preflight.
fn is_axum_extractor(parameter: &PatType) -> bool {
    const GENERIC: [&str; 8] = [
        "Json",
        "Query",
        "Path",
        "State",
        "Form",
        "Extension",
        "ConnectInfo",
        "TypedHeader",
    ];
    const PLAIN: [&str; 9] = [
        "HeaderMap",
        "MatchedPath",
        "Multipart",
        "NestedPath",
        "OriginalUri",
        "RawForm",
        "RawPathParams",
        "RawQuery",
        "WebSocketUpgrade",
    ];
    let Some(last) = last_segment(&parameter.ty) else {
        return false;
    };
    let generic = !last.arguments.is_none();
    names_axum(&parameter.ty)
        || (generic && GENERIC.iter().any(|name| last.ident == name))
        || (!generic && PLAIN.iter().any(|name| last.ident == name))
}

/// `axum::extract::Request`, `Request<axum::body::Body>`.
fn names_axum(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path
        .segments
        .iter()
        .any(|segment| segment.ident == "axum")
        || last_segment(ty).is_some_and(|segment| match &segment.arguments {
            PathArguments::AngleBracketed(arguments) => arguments
                .args
                .iter()
                .any(|argument| matches!(argument, GenericArgument::Type(ty) if names_axum(ty))),
            _ => false,
        })
}

/// `Request` and `Response` without a body type are axum's aliases. Others have such a `Request`,
/// too: Lambda's goes with a `Response<Body>`, and an alias of the user's own can be written with
/// its module in front.
fn is_axum_request(request: &PatType, output: Option<&Type>) -> bool {
    let bare = matches!(&*request.ty, Type::Path(path) if path.path.is_ident("Request"));
    let has_body_type = |output: &Type| {
        mentions(output, &|segment| {
            segment.ident == "Response" && !segment.arguments.is_none()
        })
    };
    bare && !output.is_some_and(has_body_type)
}

/// ```text
/// async fn handle(state: &App, mut req: Request<Incoming>) -> Result<Response<Full<Bytes>>, Error> { body }
/// // becomes
/// async fn handle(state: &App, req: Request<Incoming>) -> Result<Response<Full<Bytes>>, Error> {
///     let __cors_policy: &'static Policy = ..;
///     let __cors_answers = nothing_asked(); // or `ask(__cors_policy, &req).await`
///     let __cors_ticket = match before::<_, Result<Response<Full<Bytes>>, Error>>(__cors_policy, &req, &__cors_answers) {
///         ControlFlow::Break(answer) => return answer,
///         ControlFlow::Continue(ticket) => ticket,
///     };
///     let __cors_answer = async move { /* the fake return */ let mut req = req; body }.await;
///     __cors_ticket.after(__cors_answer)
/// }
/// ```
pub(crate) fn expand(
    mut handler: Handler,
    policy: &TokenStream,
    may_ask: bool,
    runtime: &Path,
) -> TokenStream {
    let private = private(runtime);
    let Some((request, lets)) = split_request(&mut handler) else {
        return TokenStream::new();
    };
    let answer = answer(&handler, &lets);
    let answer_type = match handler.output() {
        Some(output) => replace_impl_trait(output, parse_quote!(_)),
        None => parse_quote_spanned!(handler.sig.ident.span()=> ()),
    };
    let Handler {
        attrs, vis, sig, ..
    } = &handler;
    let answers = if may_ask && sig.asyncness.is_some() {
        // Awaited apart: the request itself is not borrowed while somebody is asked.
        quote!(#private::http::ask(__cors_policy, #request).await)
    } else {
        quote!(#private::http::nothing_asked())
    };
    quote! {
        #(#attrs)*
        #vis #sig {
            let __cors_policy: &'static #runtime::Policy = #policy;
            let __cors_answers = #answers;
            let __cors_ticket = match #private::http::before::<_, #answer_type>(
                __cors_policy,
                #request,
                &__cors_answers,
            ) {
                ::core::ops::ControlFlow::Break(__cors_answer) => return __cors_answer,
                ::core::ops::ControlFlow::Continue(__cors_ticket) => __cors_ticket,
            };
            #answer
            __cors_ticket.after(__cors_answer)
        }
    }
}

/// Gives the last parameter a name, and the pattern it had back as `let`s.
fn split_request(handler: &mut Handler) -> Option<(TokenStream, TokenStream)> {
    let Some(FnArg::Typed(request)) = handler.sig.inputs.last_mut() else {
        return None;
    };
    let Parameter { name, input, lets } = Parameter::split(0, request);
    let lets = match &*request.pat {
        // `let x = x;` says nothing in the block that captures it, unless it is `let mut x`.
        Pat::Ident(plain) if plain.ident == name && plain.mutability.is_none() => {
            TokenStream::new()
        }
        _ => lets,
    };
    // At the type: what is no request is a mistake there.
    let at = request.ty.span();
    let mut name_there = name.clone();
    name_there.set_span(name.span().located_at(at));
    let borrowed = quote_spanned!(at=> &#name_there);
    if let FnArg::Typed(input) = input {
        *request = input;
    }
    Some((borrowed, lets))
}

/// The user's body, in a block of its own so that `return` and `?` end it and not the function.
fn answer(handler: &Handler, lets: &TokenStream) -> TokenStream {
    let fake_return = fake_return(handler.output());
    let body = &handler.body;
    if handler.sig.asyncness.is_some() {
        return quote!(let __cors_answer = async move { #fake_return #lets #body }.await;);
    }
    let output = handler
        .output()
        .map(|output| replace_impl_trait(output, parse_quote!(_)));
    let output = output.map(|output| quote!(-> #output));
    quote! {
        #[allow(clippy::redundant_closure_call)]
        let __cors_answer = (move || #output { #lets #body })();
    }
}
