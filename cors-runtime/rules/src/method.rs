//! Checks the names of methods.

use std::fmt;

use crate::header::is_token;
use crate::rule::Rule;

/// The forbidden methods (Fetch, "forbidden method").
const FORBIDDEN: [&str; 3] = ["CONNECT", "TRACE", "TRACK"];

/// The IANA registry "HTTP Method", without the forbidden methods.
const REGISTERED: [&str; 38] = [
    "ACL",
    "BASELINE-CONTROL",
    "BIND",
    "CHECKIN",
    "CHECKOUT",
    "COPY",
    "DELETE",
    "GET",
    "HEAD",
    "LABEL",
    "LINK",
    "LOCK",
    "MERGE",
    "MKACTIVITY",
    "MKCALENDAR",
    "MKCOL",
    "MKREDIRECTREF",
    "MKWORKSPACE",
    "MOVE",
    "OPTIONS",
    "ORDERPATCH",
    "PATCH",
    "POST",
    "PRI",
    "PROPFIND",
    "PROPPATCH",
    "PUT",
    "QUERY",
    "REBIND",
    "REPORT",
    "SEARCH",
    "UNBIND",
    "UNCHECKOUT",
    "UNLINK",
    "UNLOCK",
    "UPDATE",
    "UPDATEREDIRECTREF",
    "VERSION-CONTROL",
];

pub(crate) enum MethodError {
    NotAToken,
    Forbidden,
    Case(&'static str),
    Any,
}

pub(crate) fn check(name: &str) -> Result<(), MethodError> {
    if !is_token(name) {
        return Err(MethodError::NotAToken);
    }
    if FORBIDDEN
        .iter()
        .any(|method| method.eq_ignore_ascii_case(name))
    {
        return Err(MethodError::Forbidden);
    }
    if ["any", "all"]
        .iter()
        .any(|word| word.eq_ignore_ascii_case(name))
    {
        return Err(MethodError::Any);
    }
    let registered = REGISTERED
        .iter()
        .find(|method| method.eq_ignore_ascii_case(name));
    match registered {
        Some(&method) if method != name => Err(MethodError::Case(method)),
        _ => Ok(()),
    }
}

/// Returns the entry of `methods` that was probably meant by an invalid name: `PUT` by `put`, and
/// `*` by `any`.
///
/// ```
/// assert_eq!(cors_rules::method_meant("put"), Some("PUT"));
/// assert_eq!(cors_rules::method_meant("PUT"), None);
/// ```
pub fn method_meant(name: &str) -> Option<&'static str> {
    check(name).err()?.meant()
}

impl fmt::Display for MethodError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAToken => f.write_str("is not a method: expected a token such as `PUT`"),
            Self::Forbidden => {
                f.write_str("is a method that no browser lets a page use; remove it")
            }
            Self::Any => f.write_str("is not a method; did you mean `\"*\"`?"),
            Self::Case(method) => {
                write!(
                    f,
                    "never matches: methods are case-sensitive; did you mean `{method}`?"
                )
            }
        }
    }
}

impl MethodError {
    pub(crate) fn rule(&self) -> Rule {
        match self {
            Self::NotAToken => Rule::MethodToken,
            Self::Forbidden => Rule::ForbiddenMethod,
            Self::Case(_) | Self::Any => Rule::MethodCase,
        }
    }

    /// Returns the method that was probably meant.
    pub(crate) fn meant(&self) -> Option<&'static str> {
        match self {
            Self::Case(method) => Some(method),
            Self::Any => Some("*"),
            Self::NotAToken | Self::Forbidden => None,
        }
    }
}
