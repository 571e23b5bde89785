//! A sound policy as static data: every string joined and every number written out.

use cors_policy::{Headers, Methods, OriginPattern, Origins, PortPattern, SoundPolicy};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Path;

use super::private;

/// An expression of type `Policy`, for a `static`.
pub(crate) fn expand(policy: &SoundPolicy<'_>, handler: &Ident, runtime: &Path) -> TokenStream {
    let private = private(runtime);
    let handler = handler.to_string();
    let origins = origins(&policy.origins);
    let methods = methods(&policy.methods);
    let headers = headers(&policy.headers);
    let expose = option((!policy.expose.is_empty()).then(|| policy.expose.join(", ")));
    let credentials = policy.credentials;
    let max_age = option(policy.max_age.map(|seconds| seconds.to_string()));
    quote! {{
        use #private as __cors;
        __cors::policy(__cors::PolicyData {
            handler: ::core::concat!(::core::module_path!(), "::", #handler),
            location: ::core::concat!(::core::file!(), ":", ::core::line!()),
            origins: #origins,
            methods: #methods,
            headers: #headers,
            expose: #expose,
            credentials: #credentials,
            max_age: #max_age,
        })
    }}
}

fn option(value: Option<String>) -> TokenStream {
    if let Some(value) = value {
        quote!(::core::option::Option::Some(#value))
    } else {
        quote!(::core::option::Option::None)
    }
}

fn origins(origins: &Origins<'_>) -> TokenStream {
    let Origins::List(list) = origins else {
        return quote!(__cors::Origins::Any);
    };
    let (exact, patterns): (Vec<_>, Vec<_>) = list.iter().partition(|entry| entry.is_exact());
    let exact = exact.iter().map(ToString::to_string);
    let patterns = patterns.iter().map(|entry| pattern(entry));
    quote!(__cors::Origins::List { exact: &[#(#exact),*], patterns: &[#(#patterns),*] })
}

fn pattern(pattern: &OriginPattern<'_>) -> TokenStream {
    let OriginPattern {
        scheme,
        subdomains,
        host,
        port,
    } = pattern;
    let port = match port {
        PortPattern::Absent => quote!(Absent),
        PortPattern::Is(port) => quote!(Is(#port)),
        PortPattern::Any => quote!(Any),
    };
    quote! {
        __cors::OriginPattern {
            scheme: #scheme,
            subdomains: #subdomains,
            host: #host,
            port: __cors::PortPattern::#port,
        }
    }
}

fn methods(methods: &Methods<'_>) -> TokenStream {
    match methods {
        Methods::Default => quote!(__cors::Methods::Default),
        Methods::Any => quote!(__cors::Methods::Any),
        Methods::List(names) => {
            let joined = names.join(", ");
            quote!(__cors::Methods::List { names: &[#(#names),*], joined: #joined })
        }
    }
}

fn headers(headers: &Headers<'_>) -> TokenStream {
    match headers {
        Headers::Any { authorization } => {
            quote!(__cors::Headers::Any { authorization: #authorization })
        }
        Headers::List(names) => {
            // A browser asks in lower case (Fetch, "CORS-unsafe request-header names").
            let names: Vec<_> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
            let joined = names.join(", ");
            quote!(__cors::Headers::List { names: &[#(#names),*], joined: #joined })
        }
    }
}
