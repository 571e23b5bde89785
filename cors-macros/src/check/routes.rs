//! Checks the route macros of actix-web, which an expansion replaces. Accepts the same arguments as
//! actix-web.

use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, MetaNameValue, Token};

use crate::checked::Route;
use crate::errors::Errors;
use crate::handler::Handler;
use crate::routes::{is_one_route, is_route, method};

/// Reads the route macros of a handler.
pub(super) fn check(handler: &Handler, errors: &mut Errors) -> Vec<Route> {
    let mut routes = Vec::new();
    for attribute in handler.attrs.iter().filter(|it| is_one_route(it)) {
        match route(attribute) {
            Ok(route) => routes.push(route),
            Err(error) => errors.keep(error),
        }
    }
    let first = handler.attrs.iter().find(|it| is_route(it));
    if let Some(first) = first {
        check_handler(
            handler,
            first,
            routes.is_empty() && errors.is_empty(),
            errors,
        );
    }
    routes
}

fn check_handler(handler: &Handler, first: &Attribute, is_empty: bool, errors: &mut Errors) {
    if is_empty {
        let message = "expected a route macro below, such as `#[get(\"/items\")]`";
        errors.push(first.path().span(), message);
    }
    if handler.output().is_none() {
        let message = "expected a `Responder` to be returned: this handler returns nothing";
        errors.push(handler.sig.ident.span(), message);
    }
}

fn route(attribute: &Attribute) -> syn::Result<Route> {
    let unreadable = |error: syn::Error| {
        let message = format!("`#[cors]` cannot read the arguments of this route macro: {error}");
        syn::Error::new(error.span(), message)
    };
    let arguments: Arguments = attribute.parse_args().map_err(unreadable)?;
    let mut route = Route {
        path: arguments.path,
        name: None,
        methods: method(attribute).map(str::to_owned).into_iter().collect(),
        guards: Vec::new(),
        wraps: Vec::new(),
    };
    let names_methods = route.methods.is_empty();
    for option in &arguments.options {
        add_option(&mut route, option, names_methods).map_err(unreadable)?;
    }
    if route.methods.is_empty() {
        let message = "expected at least one `method` in `#[route]`";
        return Err(syn::Error::new(attribute.span(), message));
    }
    Ok(route)
}

fn add_option(route: &mut Route, option: &MetaNameValue, names_methods: bool) -> syn::Result<()> {
    let value = string(&option.value)?;
    if option.path.is_ident("name") {
        route.name = Some(value);
    } else if option.path.is_ident("guard") {
        route.guards.push(value.parse()?);
    } else if option.path.is_ident("wrap") {
        route.wraps.push(value.parse()?);
    } else if option.path.is_ident("method") && names_methods {
        let method = value.value();
        if !is_method(&method) || route.methods.contains(&method) {
            let message = "expected each method once, in upper case";
            return Err(syn::Error::new(value.span(), message));
        }
        route.methods.push(method);
    } else {
        let message = "expected `name`, `guard`, `wrap` or, in `#[route]`, `method`";
        return Err(syn::Error::new(option.path.span(), message));
    }
    Ok(())
}

fn is_method(method: &str) -> bool {
    !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn string(value: &Expr) -> syn::Result<LitStr> {
    match value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Ok(text.clone()),
        Expr::Group(group) => string(&group.expr),
        other => Err(syn::Error::new(other.span(), "expected a string")),
    }
}

/// The path, and the options after the path.
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
