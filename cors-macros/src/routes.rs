//! The route macros of actix-web, recognized by their names.

use syn::{Attribute, LitStr};

use crate::handler::is_named;

/// The route macros that are named for a method.
const METHODS: [(&str, &str); 10] = [
    ("get", "GET"),
    ("post", "POST"),
    ("put", "PUT"),
    ("patch", "PATCH"),
    ("delete", "DELETE"),
    ("head", "HEAD"),
    ("options", "OPTIONS"),
    ("trace", "TRACE"),
    ("connect", "CONNECT"),
    ("query", "QUERY"),
];

/// Recognizes `routes`, and everything that [`is_one_route`] recognizes.
pub(crate) fn is_route(attribute: &Attribute) -> bool {
    is_named(attribute, "routes") || is_one_route(attribute)
}

/// Recognizes `route`, and the macros that are named for a method, such as `get`.
pub(crate) fn is_one_route(attribute: &Attribute) -> bool {
    is_named(attribute, "route") || method(attribute).is_some()
}

/// Returns the method that the macro is named for.
pub(crate) fn method(attribute: &Attribute) -> Option<&'static str> {
    let mut methods = METHODS.iter();
    let (_, method) = methods.find(|(name, _)| is_named(attribute, name))?;
    Some(method)
}

/// Recognizes a macro that is named for a method, with a path: `#[get("/items")]`. The name alone
/// may be that of another macro, such as `#[fastrace::trace]`.
pub(crate) fn has_path(attribute: &Attribute) -> bool {
    let path = attribute.parse_args::<LitStr>();
    method(attribute).is_some() && path.is_ok_and(|path| path.value().starts_with('/'))
}
