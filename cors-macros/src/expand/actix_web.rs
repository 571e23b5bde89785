//! Expands a handler for actix-web.
//!
//! A handler with a route macro becomes a service. Any other handler remains a function.

use proc_macro2::{TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta, MetaNameValue, Path, Token};

use super::function::{self, Shape};
use super::private;
use crate::checked::Checked;
use crate::handler::Handler;
use crate::routes::{is_one_route, is_route, method};

pub(super) fn expand(handler: Handler, checked: &Checked) -> TokenStream {
    let runtime = &checked.runtime;
    let private = private(runtime);
    let policy = function::policy_type(&handler, checked);
    if handler.attrs.iter().any(is_route) {
        return service(handler, &policy, &private);
    }
    let shape = Shape {
        mount: quote!(#runtime::actix_web::MountWithCorsResource),
        bounds: TokenStream::new(),
        annotate: quote!(#private::actix_web::annotate),
        items: TokenStream::new(),
    };
    function::expand(&handler, &policy, &shape)
}

/// ```text
/// #[get("/items")]
/// pub async fn list() -> Json<Items> { body }
/// // becomes
/// pub struct list;
/// impl HttpServiceFactory for list {
///     fn register(self, __cors_config: &mut AppService) {
///         enum __CorsPolicy {}
///         impl HasPolicy for __CorsPolicy { /* a static */ }
///         fn __cors_wrap() -> impl Transform { wrap::<__CorsPolicy>() }
///         #[get("/items", wrap = "__cors_wrap()")]
///         pub async fn list() -> Json<Items> { body }
///         mount(
///             __cors_config,
///             vec![Route { path: "/items", .. }],
///             annotation::<__CorsPolicy>(),
///             list,
///         );
///     }
/// }
/// ```
fn service(mut handler: Handler, policy: &TokenStream, private: &Path) -> TokenStream {
    let routes: Vec<_> = handler
        .attrs
        .iter()
        .filter_map(|attribute| Route::parse(attribute, &handler))
        .map(|route| route.expand(private))
        .collect();
    let unit_struct = unit_struct(&handler);
    let cfgs = handler.attrs.iter().filter(|it| it.path().is_ident("cfg"));
    let cfgs = quote!(#(#cfgs)*);
    for attribute in &mut handler.attrs {
        add_wrap(attribute);
    }
    let Handler {
        attrs, sig, body, ..
    } = &handler;
    let ident = &sig.ident;
    quote! {
        #unit_struct

        #cfgs
        impl #private::actix_web::HttpServiceFactory for #ident {
            #[allow(clippy::missing_inline_in_public_items)]
            fn register(self, __cors_config: &mut #private::actix_web::AppService) {
                #policy
                fn __cors_wrap() -> #private::actix_web::Wrap {
                    #private::actix_web::wrap::<__CorsPolicy>()
                }
                #[allow(unused_imports)]
                use #private::actix_web::is_no_preflight as __cors_is_no_preflight;
                #(#attrs)*
                #sig { #body }
                #private::actix_web::mount(
                    __cors_config,
                    ::std::vec![#(#routes),*],
                    #private::actix_web::annotation::<__CorsPolicy>(),
                    #ident,
                );
            }
        }
    }
}

/// Returns a unit struct with the name of the handler, as a route macro does.
fn unit_struct(handler: &Handler) -> TokenStream {
    let attrs = handler.attrs.iter().filter(|it| is_on_struct(it));
    let vis = &handler.vis;
    let ident = &handler.sig.ident;
    quote! {
        #(#attrs)*
        #[allow(
            missing_copy_implementations,
            missing_debug_implementations,
            non_camel_case_types,
            clippy::exhaustive_structs
        )]
        #vis struct #ident;
    }
}

/// Returns whether the attribute belongs on the struct.
fn is_on_struct(attribute: &Attribute) -> bool {
    ["cfg", "deprecated", "doc"]
        .iter()
        .any(|name| attribute.path().is_ident(name))
}

/// The arguments of one route macro.
struct Route {
    path: LitStr,
    name: String,
    methods: Vec<String>,
    guards: Vec<LitStr>,
}

impl Route {
    /// Returns `None` for arguments that the route macro itself rejects.
    fn parse(attribute: &Attribute, handler: &Handler) -> Option<Self> {
        if !is_one_route(attribute) {
            return None;
        }
        let Arguments { path, options } = attribute.parse_args().ok()?;
        let mut route = Self {
            path,
            name: handler.sig.ident.to_string(),
            methods: method(attribute).map(str::to_owned).into_iter().collect(),
            guards: Vec::new(),
        };
        for option in options {
            let value = string(&option.value)?;
            if option.path.is_ident("method") {
                route.methods.push(value.value());
            } else if option.path.is_ident("guard") {
                route.guards.push(value);
            } else if option.path.is_ident("name") {
                route.name = value.value();
            }
        }
        Some(route)
    }

    fn expand(&self, private: &Path) -> TokenStream {
        let Self {
            path,
            name,
            methods,
            guards,
        } = self;
        let guards = guards.iter().filter_map(|guard| {
            let path: Path = guard.parse().ok()?;
            Some(quote_spanned!(guard.span()=> #private::actix_web::guard(#path)))
        });
        quote! {
            #private::actix_web::Route {
                path: #path,
                name: #name,
                methods: &[#(#methods),*],
                guards: ::std::vec![#(#guards),*],
            }
        }
    }
}

/// A path and its options.
struct Arguments {
    path: LitStr,
    options: Punctuated<MetaNameValue, Token![,]>,
}

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let path = input.parse()?;
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
        let options = Punctuated::parse_terminated(input)?;
        Ok(Self { path, options })
    }
}

fn string(value: &Expr) -> Option<LitStr> {
    match value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.clone()),
        _ => None,
    }
}

/// Adds `wrap` as the last argument, which makes CORS the outermost middleware.
///
/// Adds a guard to a handler for OPTIONS, because a separate resource handles preflights.
fn add_wrap(attribute: &mut Attribute) {
    if !is_one_route(attribute) || attribute.parse_args::<Arguments>().is_err() {
        return;
    }
    let serves_options = method(attribute).is_none_or(|method| method == "OPTIONS");
    let Meta::List(list) = &mut attribute.meta else {
        return;
    };
    let tokens = &list.tokens;
    let end = tokens.clone().into_iter().last();
    let comma = !matches!(end, Some(TokenTree::Punct(punct)) if punct.as_char() == ',');
    let comma = comma.then(|| quote!(,));
    let guard = serves_options.then(|| quote!(guard = "__cors_is_no_preflight",));
    list.tokens = quote!(#tokens #comma #guard wrap = "__cors_wrap()");
}
