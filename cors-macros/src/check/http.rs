//! Checks a whole service. Recognizes an axum handler by its types.

use syn::spanned::Spanned as _;
use syn::{PatType, Type};

use crate::errors::Errors;
use crate::handler::Handler;
use crate::tokens::{last_segment, mentions, type_arguments};

const AXUM: &str = "this looks like an axum handler, and `cors_runtime::http::cors` is for a whole \
                    service: mounted with `get`, it would never receive its preflight; use \
                    `cors_runtime::axum::cors`, or write `http::Request<B>` if the type is an \
                    alias of yours";

pub(super) fn check(handler: &Handler, errors: &mut Errors) {
    let parameters: Vec<_> = handler.parameters().collect();
    let Some(request) = parameters.last() else {
        let message = "expected an `http::Request<B>` as the last parameter, found none: \
                       `cors_runtime::http::cors` is for a whole service; for a handler, use \
                       `cors_runtime::axum::cors` or `cors_runtime::actix_web::cors`";
        errors.push(handler.sig.ident.span(), message);
        return;
    };
    let extractor = parameters.iter().find(|it| is_axum_extractor(it));
    let is_axums = is_axum_request(request, handler.output());
    if let Some(parameter) = extractor.or(is_axums.then_some(request)) {
        errors.keep(syn::Error::new_spanned(&parameter.ty, AXUM));
    } else if !is_request(request)
        && let Some(early) = parameters.iter().find(|parameter| is_request(parameter))
    {
        let message = "expected the request as the last parameter: move it to the end";
        errors.push(early.ty.span(), message);
    }
}

fn is_request(parameter: &PatType) -> bool {
    last_segment(&parameter.ty).is_some_and(|segment| segment.ident == "Request")
}

/// Recognizes extractors by their names, because a macro only sees tokens.
///
/// An axum handler with an extractor that is not recognized would compile, but never see its
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
    let names: &[&str] = if last.arguments.is_none() {
        &PLAIN
    } else {
        &GENERIC
    };
    names_axum(&parameter.ty) || names.iter().any(|name| last.ident == name)
}

/// Recognizes `axum::extract::Request` and `Request<axum::body::Body>`.
fn names_axum(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    let segments = &path.path.segments;
    segments.iter().any(|segment| segment.ident == "axum")
        || last_segment(ty).is_some_and(|last| type_arguments(last).any(names_axum))
}

/// Recognizes `Request` and `Response` without a body type, which are aliases in axum.
///
/// Lambda also has such a `Request`, but its handlers return a `Response<Body>`. For an alias of
/// your own, write the path with the module.
fn is_axum_request(request: &PatType, output: Option<&Type>) -> bool {
    let bare = matches!(&*request.ty, Type::Path(path) if path.path.is_ident("Request"));
    let has_body_type = |output: &Type| {
        mentions(output, &|segment| {
            segment.ident == "Response" && !segment.arguments.is_none()
        })
    };
    bare && !output.is_some_and(has_body_type)
}
