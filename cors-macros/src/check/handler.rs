//! Checks the annotated function.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Safety, Signature};

use super::http;
use crate::errors::Errors;
use crate::handler::{Handler, Mode, is_named};
use crate::routes::{self, is_route};

pub(super) fn check(mode: Mode, handler: &Handler, errors: &mut Errors) {
    reject_second_attribute(handler, errors);
    reject_qualifiers(&handler.sig, errors);
    match mode {
        Mode::ActixWeb => actix_web(handler, errors),
        Mode::Axum => axum(handler, errors),
        Mode::Http => http::check(handler, errors),
    }
}

fn reject_second_attribute(handler: &Handler, errors: &mut Errors) {
    let attrs = handler.attrs.iter();
    for attribute in attrs.filter(|attribute| is_named(attribute, "cors")) {
        let message = "a second `#[cors]` on one handler: a handler has one policy; remove one of \
                       the two";
        errors.push(attribute.path().span(), message);
    }
}

fn reject_qualifiers(sig: &Signature, errors: &mut Errors) {
    let qualifiers: [Option<Span>; 4] = [
        sig.constness.as_ref().map(Spanned::span),
        sig.abi.as_ref().map(Spanned::span),
        sig.variadic.as_ref().map(Spanned::span),
        (!matches!(sig.safety, Safety::Default)).then(|| sig.safety.span()),
    ];
    for span in qualifiers.into_iter().flatten() {
        errors.push(span, "a handler cannot have this qualifier; remove it");
    }
}

fn actix_web(handler: &Handler, errors: &mut Errors) {
    let message = "an actix-web handler cannot take `self`: take the value as `web::Data<..>`";
    reject_self(handler, message, errors);
    if !handler.attrs.iter().any(is_route) {
        function(handler, "an actix-web", errors);
    }
}

fn axum(handler: &Handler, errors: &mut Errors) {
    if let Some(route) = handler.attrs.iter().find(|it| routes::has_path(it)) {
        let message = "this looks like a route macro of actix-web, and `cors_runtime::axum::cors` \
                       is for axum; use `cors_runtime::actix_web::cors`";
        errors.keep(syn::Error::new_spanned(route.path(), message));
    }
    function(handler, "an axum", errors);
    let message = "an axum handler cannot take `self`: take the value as `State(..)`";
    reject_self(handler, message, errors);
}

fn reject_self(handler: &Handler, message: &str, errors: &mut Errors) {
    if let Some(receiver) = handler.sig.receiver() {
        errors.keep(syn::Error::new_spanned(receiver, message));
    }
}

/// Checks a handler that remains a function.
fn function(handler: &Handler, framework: &str, errors: &mut Errors) {
    let sig = &handler.sig;
    if sig.asyncness.is_none() {
        let message =
            format!("expected `async fn`: {framework} handler with a policy has to be async");
        errors.push(sig.fn_token.span, message);
    }
    if let Some(attribute) = handler.attribute("instrument") {
        let message =
            "`#[instrument]` below `#[cors]` would span nothing: write it above `#[cors]`";
        errors.keep(syn::Error::new_spanned(attribute.path(), message));
    }
}
