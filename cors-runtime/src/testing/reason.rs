//! The kinds of failures.

use std::borrow::Cow;

/// The kind of a [`Blocked`](super::Blocked).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The response has no `Access-Control-Allow-Origin`.
    AllowOriginMissing,
    /// `Access-Control-Allow-Origin` is `*`, with [`Credentials::Include`](super::Credentials).
    AllowOriginWildcard,
    /// `Access-Control-Allow-Origin` is a list, or there are two.
    AllowOriginMultiple,
    /// `Access-Control-Allow-Origin` is another value than the origin of the page.
    AllowOriginMismatch,
    /// `Access-Control-Allow-Credentials` is not `true`, with
    /// [`Credentials::Include`](super::Credentials).
    AllowCredentials,
    /// The status of the response to the preflight is not from 200 to 299.
    PreflightStatus(u16),
    /// `Access-Control-Allow-Methods` is not a list of methods.
    AllowMethodsInvalid,
    /// `Access-Control-Allow-Headers` is not a list of names.
    AllowHeadersInvalid,
    /// `Access-Control-Allow-Methods` does not have this method.
    MethodNotAllowed(String),
    /// `Access-Control-Allow-Headers` does not have this name.
    HeaderNotAllowed(String),
    /// The redirect is to this URL with a user name or a password.
    RedirectUserinfo(String),
    /// The value of `Location` is not a URL.
    RedirectLocation,
    /// A redirect, with [`Redirect::Error`](super::Redirect).
    RedirectModeError,
    /// More than 20 redirects.
    TooManyRedirects,
    /// The URL is of another origin, with [`Mode::SameOrigin`](super::Mode).
    SameOriginMode,
    /// The redirect mode is not [`Redirect::Follow`](super::Redirect), with
    /// [`Mode::NoCors`](super::Mode).
    NoCorsRedirectMode,
    /// The status of the response to the handshake of a WebSocket is not 101.
    WebSocketStatus(u16),
    /// `Cross-Origin-Resource-Policy` refuses an opaque response.
    ResourcePolicy,
    /// The page is `https`, and the URL is `http` and not on this machine.
    MixedContent,
    /// The scheme of the URL is not `http`, `https` or `data`, or a redirect is to such a URL or to
    /// `data`.
    Scheme(String),
    /// The fetch is not possible: `fetch()` throws a `TypeError` before it sends anything.
    InvalidFetch(String),
    /// No application is routed for the origin of the URL.
    NoServer,
    /// The application returned this error instead of a response.
    ServerFailed(String),
}

pub(super) const ALLOW_ORIGIN: &str = "access-control-allow-origin";
pub(super) const ALLOW_CREDENTIALS: &str = "access-control-allow-credentials";
pub(super) const ALLOW_METHODS: &str = "access-control-allow-methods";
pub(super) const ALLOW_HEADERS: &str = "access-control-allow-headers";

impl Reason {
    /// The name of the response header that is missing or wrong.
    pub(super) fn header(&self) -> Option<&'static str> {
        Some(match self {
            Self::AllowOriginMissing
            | Self::AllowOriginWildcard
            | Self::AllowOriginMultiple
            | Self::AllowOriginMismatch => ALLOW_ORIGIN,
            Self::AllowCredentials => ALLOW_CREDENTIALS,
            Self::AllowMethodsInvalid | Self::MethodNotAllowed(_) => ALLOW_METHODS,
            Self::AllowHeadersInvalid | Self::HeaderNotAllowed(_) => ALLOW_HEADERS,
            Self::RedirectLocation => "location",
            Self::ResourcePolicy => "cross-origin-resource-policy",
            _ => return None,
        })
    }

    pub(super) fn is_cors(&self) -> bool {
        matches!(self, Self::PreflightStatus(_) | Self::RedirectUserinfo(_))
            || self
                .header()
                .is_some_and(|header| header.starts_with("access-control-"))
    }

    /// The message, if it does not depend on what was found.
    pub(super) fn message(&self) -> Cow<'static, str> {
        match self {
            Self::PreflightStatus(301 | 302 | 303 | 307 | 308) => {
                "Redirect is not allowed for a preflight request."
            }
            Self::PreflightStatus(_) => "It does not have HTTP ok status.",
            Self::AllowOriginMissing => {
                "No 'Access-Control-Allow-Origin' header is present on the requested resource."
            }
            Self::AllowOriginWildcard => {
                "The value of the 'Access-Control-Allow-Origin' header in the response must not be \
                 the wildcard '*' when the request's credentials mode is 'include'."
            }
            Self::AllowMethodsInvalid => {
                "Cannot parse Access-Control-Allow-Methods response header field in preflight \
                 response."
            }
            Self::AllowHeadersInvalid => {
                "Cannot parse Access-Control-Allow-Headers response header field in preflight \
                 response."
            }
            Self::RedirectLocation => "The redirect has an invalid location.",
            Self::RedirectModeError => {
                "The response is a redirect, and the redirect mode is 'error'."
            }
            Self::TooManyRedirects => "There were too many redirects.",
            Self::NoCorsRedirectMode => {
                "Request mode is \"no-cors\" but the redirect mode is not \"follow\"."
            }
            Self::ResourcePolicy => {
                "The response was blocked by its header 'Cross-Origin-Resource-Policy'."
            }
            Self::MixedContent => {
                "Mixed Content: The page was loaded over HTTPS, but requested an insecure \
                 resource. The content must be served over HTTPS."
            }
            Self::NoServer => {
                "No application is routed for this origin: add one by `Browser::route`."
            }
            other => return other.message_with_value().into(),
        }
        .into()
    }

    fn message_with_value(&self) -> String {
        match self {
            Self::MethodNotAllowed(method) => format!(
                "Method {method} is not allowed by Access-Control-Allow-Methods in preflight \
                 response."
            ),
            Self::HeaderNotAllowed(name) => format!(
                "Request header field {name} is not allowed by Access-Control-Allow-Headers in \
                 preflight response."
            ),
            Self::RedirectUserinfo(location) => format!(
                "Redirect location '{location}' contains a username and password, which is \
                 disallowed for cross-origin requests."
            ),
            Self::WebSocketStatus(status) => {
                format!("Error during WebSocket handshake: Unexpected response code: {status}")
            }
            Self::Scheme(scheme) => format!("URL scheme \"{scheme}\" is not supported."),
            Self::InvalidFetch(message) => format!("TypeError: {message}"),
            Self::ServerFailed(error) => format!("The server failed: {error}"),
            other => format!("{other:?}"),
        }
    }
}
