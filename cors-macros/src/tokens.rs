//! Helpers for tokens and types.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericArgument, PathArguments, PathSegment, Type};

use crate::errors::Errors;

/// Splits the tokens before any value is parsed, so that an invalid argument does not affect
/// others.
pub(crate) fn split_at_commas(tokens: TokenStream, errors: &mut Errors) -> Vec<TokenStream> {
    let mut pieces = Vec::new();
    let mut piece = TokenStream::new();
    for token in tokens {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => {
                if piece.is_empty() {
                    errors.push(punct.span(), "unexpected `,`: there is nothing before it");
                }
                pieces.push(std::mem::take(&mut piece));
            }
            _ => piece.extend([token]),
        }
    }
    pieces.push(piece);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// Removes the invisible groups that `macro_rules!` adds to its fragments.
pub(crate) fn ungrouped(tokens: TokenStream) -> TokenStream {
    match sole_group(&tokens) {
        Some(group) if group.delimiter() == Delimiter::None => ungrouped(group.stream()),
        _ => tokens,
    }
}

/// Returns the group if the tokens are a single group.
pub(crate) fn sole_group(tokens: &TokenStream) -> Option<Group> {
    let mut tokens = tokens.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Group(group)), None) => Some(group),
        _ => None,
    }
}

/// The end of a path at the cursor, while rust-analyzer looks for completions.
const COMPLETION_MARKER: &str = "raCompletionMarker";

/// Returns a path as text.
///
/// To complete a path, rust-analyzer also expands the attribute with a marker after the path, and
/// compares offsets of both expansions. A string with the marker would shift the offsets.
pub(crate) fn path_text(path: &impl ToTokens) -> String {
    let text = path.to_token_stream().to_string().replace(" :: ", "::");
    text.replace(COMPLETION_MARKER, "")
}

pub(crate) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// Returns whether the last segment of the type, or of a type argument at any depth, is wanted.
pub(crate) fn mentions(ty: &Type, wanted: &dyn Fn(&PathSegment) -> bool) -> bool {
    last_segment(ty).is_some_and(|segment| {
        wanted(segment) || type_arguments(segment).any(|ty| mentions(ty, wanted))
    })
}

pub(crate) fn type_arguments(segment: &PathSegment) -> impl Iterator<Item = &Type> {
    let arguments = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
        _ => None,
    };
    let arguments = arguments.into_iter().flatten();
    arguments.filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}
