//! Expands a policy into static data, with strings joined and numbers formatted.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned as _;

use super::private;
use crate::checked::{
    Checked, CheckedPolicy, Headers, HostPattern, Methods, OriginPattern, Origins, Policy, Source,
};
use crate::tokens::path_text;

/// Returns an expression of type `&'static Policy`, for a handler.
pub(super) fn reference(checked: &Checked) -> TokenStream {
    let runtime = &checked.runtime;
    match &checked.policy {
        CheckedPolicy::Inline(policy) => inline(&value(policy, runtime), runtime),
        CheckedPolicy::Shared { path, cannot_wait } => {
            let content_type = checked.wants_content_type;
            let content_type = content_type.map(|span| assert_content_type(path, span, runtime));
            let asks = cannot_wait.map(|why| assert_no_async_sources(path, why, runtime));
            let path = quote_spanned!(path.span()=> &#path);
            quote!({ #content_type #asks #path })
        }
        CheckedPolicy::Disabled => {
            let private = private(runtime);
            let location = location();
            inline(&quote!(#private::disabled(#location)), runtime)
        }
    }
}

/// Returns a reference to a `static` with the policy. The name of the `static` cannot shadow an
/// item in the code of the user.
fn inline(policy: &TokenStream, runtime: &Path) -> TokenStream {
    quote! {{
        static __CORS_POLICY: #runtime::Policy = #policy;
        &__CORS_POLICY
    }}
}

/// Returns an assertion that a shared policy allows `content-type`.
///
/// rustc evaluates the assertion, and reports a failure at the type of the JSON body.
fn assert_content_type(path: &Path, json_body: Span, runtime: &Path) -> TokenStream {
    let private = private(runtime);
    let text = path_text(path);
    let message = format!(
        "this handler takes JSON, and `{text}` has no `content-type` in its `headers`: \
         its preflight would always be refused; add it there, or write \
         `allow(missing_content_type)`"
    );
    quote_spanned! {json_body=>
        const _: () = ::core::assert!(#private::Shared(&#path).allows_content_type(), #message);
    }
}

/// Returns an assertion that a shared policy does not contain `ask(..)`. rustc reports a failure at
/// the path.
fn assert_no_async_sources(path: &Path, why: &str, runtime: &Path) -> TokenStream {
    let private = private(runtime);
    let text = path_text(path);
    let message = format!("`{text}`: {why}");
    quote_spanned! {path.span()=>
        const _: () = ::core::assert!(!#private::Shared(&#path).has_async_sources(), #message);
    }
}

fn location() -> TokenStream {
    quote!(::core::concat!(::core::file!(), ":", ::core::line!()))
}

/// Returns an expression of type `Policy`, for a `static`.
///
/// Calls functions with plain arguments, because rustc takes longer to check `struct` literals.
pub(super) fn value(policy: &Policy, runtime: &Path) -> TokenStream {
    let private = private(runtime);
    let origins = origins(&policy.origins, &private);
    let methods = methods(&policy.methods, &private);
    let headers = headers(&policy.headers, &private);
    let location = location();
    let expose = policy.expose.join(", ");
    let credentials = policy.credentials;
    let max_age = policy.max_age.map(|seconds| seconds.to_string());
    let max_age = max_age.unwrap_or_default();
    let enforce = policy.enforce;
    let value = quote! {
        #private::policy(
            #location, #origins, #methods, #headers, #expose, #credentials, #max_age, #enforce,
        )
    };
    if policy.hosts.is_empty() {
        return value;
    }
    let hosts = policy.hosts.iter().map(|it| host(it, &private));
    quote!(#private::with_hosts(#value, &[#(#hosts),*]))
}

fn origins(origins: &Origins, private: &TokenStream) -> TokenStream {
    let Origins::List {
        exact,
        patterns,
        regexes,
        sources,
        async_sources,
    } = origins
    else {
        return quote!(#private::Origins::Any);
    };
    let patterns = patterns.iter().map(|it| pattern(it, private));
    let literals = quote!(&[#(#exact),*], &[#(#patterns),*]);
    if regexes.is_empty() && sources.is_empty() && async_sources.is_empty() {
        return quote!(#private::origins(#literals));
    }
    let regexes = regexes.iter().map(|it| regex(it, private));
    let sources = sources
        .iter()
        .map(|it| source(it, &quote!(#private::SourceEntry)));
    let async_sources = async_sources.iter();
    let async_sources = async_sources.map(|it| source(it, &quote!(#private::AsyncSourceEntry)));
    quote! {
        #private::all_origins(
            #literals,
            &[#(#regexes),*],
            &[#(#sources),*],
            &[#(#async_sources),*],
        )
    }
}

/// Returns a reference to a `static`, because rustc cannot promote a temporary that is compiled on
/// first use.
fn regex(regex: &str, private: &TokenStream) -> TokenStream {
    quote! {{
        static REGEX: #private::OriginRegex = #private::OriginRegex::new(#regex);
        &REGEX
    }}
}

/// Borrows the path with the span of the path, where rustc reports a wrong type.
fn source(source: &Source, entry: &TokenStream) -> TokenStream {
    let Source { text, path } = source;
    let path = quote_spanned!(path.span()=> &#path);
    quote! {{
        static __CORS_SOURCE: #entry = <#entry>::new(#text, #path);
        &__CORS_SOURCE
    }}
}

fn pattern(pattern: &OriginPattern, private: &TokenStream) -> TokenStream {
    let OriginPattern {
        scheme,
        subdomains,
        host,
        port,
    } = pattern;
    let port = port.text();
    quote!(#private::pattern(#scheme, #subdomains, #host, #port))
}

fn host(pattern: &HostPattern, private: &TokenStream) -> TokenStream {
    let HostPattern {
        subdomains,
        host,
        port,
    } = pattern;
    let port = port.text();
    quote!(#private::host(#subdomains, #host, #port))
}

fn methods(methods: &Methods, private: &TokenStream) -> TokenStream {
    match methods {
        Methods::Default => quote!(#private::Methods::Default),
        Methods::Any => quote!(#private::Methods::Any),
        Methods::List(names) => {
            let joined = names.join(", ");
            quote!(#private::methods(&[#(#names),*], #joined))
        }
    }
}

fn headers(headers: &Headers, private: &TokenStream) -> TokenStream {
    match headers {
        Headers::Any { authorization } => quote!(#private::any_header(#authorization)),
        Headers::List(names) => {
            // A browser sends the names in lower case (Fetch, "CORS-unsafe request-header names").
            let names: Vec<_> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
            let joined = names.join(", ");
            quote!(#private::headers(&[#(#names),*], #joined))
        }
    }
}
