//! A valid policy as static data: every string joined and every number written out.

use cors_rules::{Headers, Methods, OriginPattern, Origins, PortPattern, ValidPolicy};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned as _;

use super::private;
use crate::errors::Errors;
use crate::lower;
use crate::written::{Slot, Written};

/// An expression of type `&'static Policy`, for a handler. `None` where there are mistakes.
/// `cannot_wait` says why a handler is none that can ask somebody first.
pub(crate) fn reference(
    written: &Written,
    json_body: Option<Span>,
    cannot_wait: Option<&str>,
    errors: &mut Errors,
) -> Option<TokenStream> {
    let runtime = written.runtime();
    if written.disabled().is_some() {
        lower::check_disabled(written, errors);
        return errors.is_empty().then(|| disabled(&runtime));
    }
    if let Slot::Given { value: path, .. } = &written.policy {
        lower::check_shared(written, path, json_body.is_some(), errors);
        let json_body = json_body.filter(|_| written.allow.value().is_none());
        let shared = shared(path, json_body, cannot_wait, &runtime);
        return errors.is_empty().then_some(shared);
    }
    for (entry, _) in written.asks() {
        if let Some(why) = cannot_wait {
            errors.push(entry.span, why);
        }
    }
    let spec = lower::spec(written, json_body);
    let policy = lower::check(&spec, written, json_body, errors)?;
    let policy = expand(&policy, written, &runtime);
    Some(inline(&policy, &runtime))
}

fn disabled(runtime: &Path) -> TokenStream {
    let private = private(runtime);
    let location = location();
    inline(&quote!(#private::disabled(#location)), runtime)
}

/// A policy for the one handler that it stands on. Its name hides no list of the user's.
fn inline(policy: &TokenStream, runtime: &Path) -> TokenStream {
    quote! {{
        static __CORS_POLICY: #runtime::Policy = #policy;
        &__CORS_POLICY
    }}
}

fn location() -> TokenStream {
    quote!(::core::concat!(::core::file!(), ":", ::core::line!()))
}

/// A policy with a name of its own. Whether it fits the handler is asked once more, when the crate
/// is compiled.
fn shared(
    path: &Path,
    json_body: Option<Span>,
    cannot_wait: Option<&str>,
    runtime: &Path,
) -> TokenStream {
    let private = private(runtime);
    let path_text = path.to_token_stream().to_string().replace(' ', "");
    let json_body = json_body.map(|span| {
        let message = format!(
            "this handler takes JSON, and `{path_text}` has no `content-type` in its `headers`: \
             its preflight would always be refused; add it there, or write \
             `allow(missing_content_type)`"
        );
        quote_spanned! {span=>
            const _: () = ::core::assert!(#private::Shared(&#path).allows_content_type(), #message);
        }
    });
    let asks = cannot_wait.map(|why| {
        let message = format!("`{path_text}`: {why}");
        quote_spanned! {path.span()=>
            const _: () = ::core::assert!(!#private::Shared(&#path).asks(), #message);
        }
    });
    let path = quote_spanned!(path.span()=> &#path);
    quote!({ #json_body #asks #path })
}

/// An expression of type `Policy`, for a `static`. Also where there are mistakes, so that they are
/// all that is said.
pub(crate) fn value(written: &Written, errors: &mut Errors) -> TokenStream {
    let runtime = written.runtime();
    if let Some(key) = written.disabled() {
        let message = "`disabled` in a policy: write `disabled` in `#[cors(...)]`, on the handler";
        errors.push(key, message);
    }
    if let Some(key) = written.policy.key() {
        errors.push(
            key,
            "`policy` in a policy: name that one where this one would be named",
        );
    }
    let spec = lower::spec(written, None);
    if let Some(policy) = lower::check(&spec, written, None, errors) {
        return expand(&policy, written, &runtime);
    }
    let errors = errors.to_compile_errors();
    let any = expand(&ANY, written, &runtime);
    quote!({ #errors #any })
}

const ANY: ValidPolicy<'static> = ValidPolicy {
    origins: Origins::Any,
    methods: Methods::Default,
    headers: Headers::List(&[]),
    expose: &[],
    credentials: false,
    max_age: None,
    enforce: false,
};

fn expand(policy: &ValidPolicy<'_>, written: &Written, runtime: &Path) -> TokenStream {
    let private = private(runtime);
    let origins = origins(&policy.origins, written);
    let methods = methods(&policy.methods);
    let headers = headers(&policy.headers);
    let expose = option((!policy.expose.is_empty()).then(|| policy.expose.join(", ")));
    let credentials = policy.credentials;
    let max_age = option(policy.max_age.map(|seconds| seconds.to_string()));
    let enforce = policy.enforce;
    let location = location();
    quote! {{
        use #private as __cors;
        __cors::policy(__cors::PolicyData {
            location: #location,
            origins: #origins,
            methods: #methods,
            headers: #headers,
            expose: #expose,
            credentials: #credentials,
            max_age: #max_age,
            enforce: #enforce,
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

fn origins(origins: &Origins<'_>, written: &Written) -> TokenStream {
    let Origins::List { patterns, regexes } = origins else {
        return quote!(__cors::Origins::Any);
    };
    let (exact, patterns): (Vec<_>, Vec<_>) = patterns.iter().partition(|it| it.is_exact());
    let exact = exact.iter().map(ToString::to_string);
    let patterns = patterns.iter().map(|entry| pattern(entry));
    // Each a `static` of its own: what is compiled on first use cannot be borrowed as a temporary.
    let regexes = regexes.iter().map(|regex| {
        quote! {{
            static REGEX: __cors::OriginRegex = __cors::OriginRegex::new(#regex);
            &REGEX
        }}
    });
    let sources = written.paths().map(|(entry, path)| {
        let text = &entry.text;
        // What is wrong with the path is said at the path.
        let path = quote_spanned!(path.span()=> &#path);
        quote! {{
            static __CORS_SOURCE: __cors::Source = __cors::Source::new(#text, #path);
            &__CORS_SOURCE
        }}
    });
    let asks = written.asks().map(|(entry, path)| {
        let text = &entry.text;
        let path = quote_spanned!(path.span()=> &#path);
        quote! {{
            static __CORS_ASK: __cors::Ask = __cors::Ask::new(#text, #path);
            &__CORS_ASK
        }}
    });
    quote! {
        __cors::Origins::List {
            exact: &[#(#exact),*],
            patterns: &[#(#patterns),*],
            regexes: &[#(#regexes),*],
            sources: &[#(#sources),*],
            asks: &[#(#asks),*],
        }
    }
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
