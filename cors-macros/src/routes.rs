//! Recognizes the route macros of actix-web by name.

use syn::Attribute;

use crate::handler::is_named;

/// The route macros for a single method.
const METHODS: [(&str, &str); 9] = [
    ("get", "GET"),
    ("post", "POST"),
    ("put", "PUT"),
    ("patch", "PATCH"),
    ("delete", "DELETE"),
    ("head", "HEAD"),
    ("options", "OPTIONS"),
    ("trace", "TRACE"),
    ("connect", "CONNECT"),
];

/// Returns whether the attribute is `routes`, or a route macro of [`is_one_route`].
pub(crate) fn is_route(attribute: &Attribute) -> bool {
    is_named(attribute, "routes") || is_one_route(attribute)
}

/// Returns whether the attribute is `route`, or a route macro for a method such as `get`.
pub(crate) fn is_one_route(attribute: &Attribute) -> bool {
    is_named(attribute, "route") || method(attribute).is_some()
}

/// Returns the method of a route macro such as `get`.
pub(crate) fn method(attribute: &Attribute) -> Option<&'static str> {
    let mut methods = METHODS.iter();
    let (_, method) = methods.find(|(name, _)| is_named(attribute, name))?;
    Some(method)
}
