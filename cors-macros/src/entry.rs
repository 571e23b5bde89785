//! The macros, on the types of `proc_macro2`, so that tests and fuzz targets can call them.

use proc_macro2::TokenStream;

use crate::errors::Errors;
use crate::handler::{Handler, Mode};
use crate::{check, documentation, expand, fallback, parse};

/// Expands the attribute. Parses and checks both inputs completely, to report all mistakes in one
/// run.
pub(crate) fn expand_attribute(
    mode: Mode,
    attribute: TokenStream,
    item: &TokenStream,
) -> TokenStream {
    let mut errors = Errors::default();
    let arguments = attribute.clone();
    let written = parse::parse(attribute, &mut errors);
    let mut handler = Handler::parse(item.clone(), &mut errors);
    if let Some(handler) = &mut handler
        && let Some(path) = handler.take_utoipa_path()
    {
        return expand::below(&path, mode, &written.runtime(), &arguments, handler);
    }
    let checked = check::attribute(mode, &written, handler.as_ref(), &mut errors);
    match (handler, checked) {
        (Some(mut handler), Some(checked)) => {
            documentation::append(mode, &written, &mut handler);
            expand::attribute(mode, handler, &checked)
        }
        _ => fallback::item(item, &errors),
    }
}

/// Expands `policy!`.
pub(crate) fn expand_policy(keys: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let written = parse::parse(keys, &mut errors);
    let checked = check::policy(&written, &mut errors);
    let value = expand::policy(&checked);
    if errors.is_empty() {
        value
    } else {
        fallback::value(&value, &errors)
    }
}
