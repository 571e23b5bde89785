//! The annotated function. The body is not parsed.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::spanned::Spanned as _;
use syn::{
    AttrStyle, Attribute, FnArg, Meta, PatType, PathSegment, ReturnType, Signature, Token, Type,
    Visibility,
};

use crate::errors::Errors;
use crate::tokens::{mentions, sole_group, ungrouped};

/// The framework of the handler, which follows from the path of the attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    ActixWeb,
    Axum,
    Http,
}

pub(crate) struct Handler {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    /// The tokens between the braces, without inner attributes, which are in `attrs`.
    pub(crate) body: TokenStream,
}

impl Handler {
    pub(crate) fn parse(item: TokenStream, errors: &mut Errors) -> Option<Self> {
        let (item, body) = take_body(item);
        let handler = syn::parse2::<Self>(item).and_then(|handler| handler.with_body(body));
        handler.map_err(|error| errors.keep(error)).ok()
    }

    fn with_body(mut self, body: Option<TokenStream>) -> syn::Result<Self> {
        let Some(body) = body else {
            let message = "`#[cors]` belongs on a handler: this function has no body";
            return Err(syn::Error::new(self.sig.ident.span(), message));
        };
        self.body = body;
        if starts_with_attribute(&self.body) {
            let (inner, body) = split_attributes.parse2(self.body)?;
            self.attrs.extend(inner);
            self.body = body;
        }
        Ok(self)
    }

    /// Returns the parameters other than `self`.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &PatType> {
        self.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(parameter) => Some(parameter),
            FnArg::Receiver(_) => None,
        })
    }

    /// Returns the type after `->`.
    pub(crate) fn output(&self) -> Option<&Type> {
        match &self.sig.output {
            ReturnType::Type(_, output) => Some(output),
            ReturnType::Default => None,
        }
    }

    /// Returns the span of the type that takes a JSON body.
    ///
    /// The type is `Json<T>`, also inside `Option`, `Valid`, `WithRejection` and similar types.
    pub(crate) fn json_body(&self) -> Option<Span> {
        let is_json =
            |segment: &PathSegment| segment.ident == "Json" && !segment.arguments.is_none();
        let mut parameters = self.parameters();
        let json = parameters.find(|parameter| mentions(&parameter.ty, &is_json));
        json.map(|parameter| parameter.ty.span())
    }

    /// Removes and returns the attribute with the given name.
    pub(crate) fn take_attribute(&mut self, name: &str) -> Option<Attribute> {
        let mut attrs = self.attrs.iter();
        let index = attrs.position(|attribute| is_named(attribute, name))?;
        Some(self.attrs.remove(index))
    }

    /// Removes and returns `#[utoipa::path(...)]`.
    pub(crate) fn take_utoipa_path(&mut self) -> Option<Attribute> {
        // Not the `#[path = "..."]` of a module.
        let is_path = |it: &Attribute| is_named(it, "path") && matches!(it.meta, Meta::List(_));
        let index = self.attrs.iter().position(is_path)?;
        Some(self.attrs.remove(index))
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute> {
        let mut attrs = self.attrs.iter();
        attrs.find(|attribute| is_named(attribute, name))
    }
}

/// Compares the last segment only, because an attribute can be imported or named by its path.
pub(crate) fn is_named(attribute: &Attribute, name: &str) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|segment| segment.ident == name)
}

impl Parse for Handler {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis: Visibility = input.parse()?;
        if !is_function(input) {
            return Err(input.error("`#[cors]` belongs on a handler: expected a function"));
        }
        let sig: Signature = input.parse()?;
        // The rest is `;` for a function without a body.
        input.parse::<TokenStream>()?;
        Ok(Self {
            attrs,
            vis,
            sig,
            body: TokenStream::new(),
        })
    }
}

fn is_function(input: ParseStream<'_>) -> bool {
    input.peek(Token![fn])
        || input.peek(Token![async])
        || input.peek(Token![unsafe])
        || input.peek(Token![extern])
        || (input.peek(Token![const]) && !input.peek2(syn::Ident))
}

/// Removes the body of a function from the item. syn would copy every token of the body.
fn take_body(item: TokenStream) -> (TokenStream, Option<TokenStream>) {
    let mut tokens: Vec<_> = item.into_iter().collect();
    let last = tokens.last().cloned().map(TokenStream::from);
    let body = match last.and_then(|last| sole_group(&ungrouped(last))) {
        Some(group) if group.delimiter() == Delimiter::Brace => {
            tokens.pop();
            Some(group.stream())
        }
        _ => None,
    };
    (tokens.into_iter().collect(), body)
}

fn starts_with_attribute(body: &TokenStream) -> bool {
    let mut tokens = body.clone().into_iter();
    let mut is_next = |expected: char| match tokens.next() {
        Some(TokenTree::Punct(punct)) => punct.as_char() == expected,
        _ => false,
    };
    is_next('#') && is_next('!')
}

/// Turns the inner attributes of a body into outer attributes, because an expansion moves the body.
fn split_attributes(body: ParseStream<'_>) -> syn::Result<(Vec<Attribute>, TokenStream)> {
    let mut inner = body.call(Attribute::parse_inner)?;
    for attribute in &mut inner {
        attribute.style = AttrStyle::Outer;
    }
    Ok((inner, body.parse()?))
}
