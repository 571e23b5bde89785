//! A handler for actix-web: a service if there is a route macro below the attribute, else a
//! function.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Attribute, LitStr};

use super::function::{self, Shape};
use super::private;
use crate::checked::{Checked, Route};
use crate::handler::Handler;
use crate::routes::is_route;

pub(super) fn expand(handler: Handler, checked: &Checked) -> TokenStream {
    let runtime = &checked.runtime;
    let private = private(runtime);
    let policy = function::policy_type(&handler, checked);
    if !checked.routes.is_empty() {
        return service(handler, &checked.routes, &policy, &private);
    }
    let shape = Shape {
        mount: quote!(#runtime::actix_web::MountWithCorsResource),
        bounds: TokenStream::new(),
        annotate: quote!(#private::actix_web::annotate),
        items: TokenStream::new(),
    };
    function::expand(&handler, checked, &policy, &shape)
}

/// ```text
/// #[get("/items", wrap = "Compress::default()")]
/// pub async fn list() -> Json<Items> { body }
/// // becomes
/// pub struct list;
/// impl HttpServiceFactory for list {
///     fn register(self, __cors_config: &mut AppService) {
///         enum __CorsPolicy {}
///         impl HasPolicy for __CorsPolicy { /* a static */ }
///         use get as _;
///         async fn list() -> Json<Items> { body }
///         mount(
///             __cors_config,
///             Route { path: "/items", .. },
///             annotation::<__CorsPolicy>(),
///             wrap(Compress::default(), endpoint(list)),
///         );
///     }
/// }
/// ```
fn service(
    mut handler: Handler,
    routes: &[Route],
    policy: &TokenStream,
    private: &TokenStream,
) -> TokenStream {
    let unit_struct = unit_struct(&handler);
    let cfgs = handler.attrs.iter().filter(|it| it.path().is_ident("cfg"));
    let cfgs = quote!(#(#cfgs)*);
    // Below `#[routes]`, the other route macros are only names.
    let first = handler.attribute("routes");
    let first = first.or_else(|| handler.attrs.iter().find(|it| is_route(it)));
    let used = first.map(used);
    handler.attrs.retain(|attribute| !is_route(attribute));
    let Handler {
        attrs, sig, body, ..
    } = &handler;
    let ident = &sig.ident;
    let mounts = routes.iter().map(|route| mount(route, &handler, private));
    quote! {
        #unit_struct

        #cfgs
        impl #private::actix_web::HttpServiceFactory for #ident {
            #[allow(clippy::missing_inline_in_public_items)]
            fn register(self, __cors_config: &mut #private::actix_web::AppService) {
                #policy
                #used
                #(#attrs)*
                #sig { #body }
                #(#mounts)*
            }
        }
    }
}

/// Returns an import of the route macro. The macro does not expand, but has to exist.
fn used(route: &Attribute) -> TokenStream {
    let path = route.path();
    quote_spanned! {path.span()=>
        #[allow(unused_imports)]
        use #path as _;
    }
}

/// Returns the struct with the name of the handler, as a route macro defines one.
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

/// Returns whether an attribute belongs to the struct.
fn is_on_struct(attribute: &Attribute) -> bool {
    ["cfg", "deprecated", "doc"]
        .iter()
        .any(|name| attribute.path().is_ident(name))
}

/// Returns the statement that registers the handler for one route macro.
fn mount(route: &Route, handler: &Handler, private: &TokenStream) -> TokenStream {
    let Route {
        path,
        name,
        methods,
        guards,
        wraps,
        ..
    } = route;
    let ident = &handler.sig.ident;
    let name = name
        .as_ref()
        .map_or_else(|| ident.to_string(), LitStr::value);
    let guards = guards
        .iter()
        .map(|guard| quote_spanned!(guard.span()=> #private::actix_web::guard(#guard)));
    let endpoint = quote!(#private::actix_web::endpoint(#ident));
    let endpoint = wraps.iter().fold(
        endpoint,
        |endpoint, wrap| quote_spanned!(wrap.span()=> #private::actix_web::wrap(#wrap, #endpoint)),
    );
    quote! {
        #private::actix_web::mount(
            __cors_config,
            #private::actix_web::Route {
                path: #path,
                name: #name,
                methods: &[#(#methods),*],
                guards: ::std::vec![#(#guards),*],
            },
            #private::actix_web::annotation::<__CorsPolicy>(),
            #endpoint,
        );
    }
}
