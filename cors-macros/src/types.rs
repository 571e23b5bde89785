//! What can be told of tokens.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{GenericArgument, PathArguments, PathSegment, Type};

pub(crate) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// Whether a segment of the type, at any depth of its arguments, is such a one.
pub(crate) fn mentions(ty: &Type, wanted: &dyn Fn(&PathSegment) -> bool) -> bool {
    let Some(segment) = last_segment(ty) else {
        return false;
    };
    let inside = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => arguments
            .args
            .iter()
            .any(|argument| matches!(argument, GenericArgument::Type(ty) if mentions(ty, wanted))),
        _ => false,
    };
    wanted(segment) || inside
}

/// Without the invisible groups in which a `macro_rules!` passes its fragments on.
pub(crate) fn ungrouped(tokens: TokenStream) -> TokenStream {
    let mut iter = tokens.clone().into_iter();
    match (iter.next(), iter.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::None => {
            ungrouped(group.stream())
        }
        _ => tokens,
    }
}
