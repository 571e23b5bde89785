//! Why a fetch failed.

use std::error::Error;
use std::fmt;

use url::Url;

use super::fetch::{Api, Credentials, Fetch};
use super::headers::{HeaderList, decode};
use super::reason::{ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, Reason};
use super::request::Request;

/// Why a fetch failed. A page sees a `TypeError` without a reason; the console has the reason.
///
/// [`Display`](fmt::Display) prints the line of Chromium's console, and what would have been right.
/// [`Debug`](fmt::Debug) prints the same, so that `unwrap` does.
///
/// ```text
/// Access to fetch at 'https://api.example.com/items/1' from origin 'https://app.example.com' has
/// been blocked by CORS policy: Method PUT is not allowed by Access-Control-Allow-Methods in
/// preflight response.
///   expected access-control-allow-methods: PUT
///   found    access-control-allow-methods: GET
/// ```
pub struct Blocked(Box<Details>);

struct Details {
    reason: Reason,
    is_preflight: bool,
    url: String,
    redirected_from: Option<String>,
    page: String,
    /// The value of `Origin`.
    origin: String,
    is_include: bool,
    api: Api,
    found: Option<String>,
    has_location: bool,
    denial: Option<String>,
}

impl Blocked {
    pub(super) fn new(failure: Failure, request: &Request, page: &str) -> Self {
        Self(Box::new(Details {
            reason: failure.reason,
            is_preflight: failure.is_preflight,
            url: request.url.to_string(),
            redirected_from: request.redirected_from.first().map(ToString::to_string),
            page: page.to_owned(),
            origin: request.serialized_origin(),
            is_include: request.credentials == Credentials::Include,
            api: request.api,
            found: failure.found,
            has_location: failure.has_location,
            denial: failure.denial,
        }))
    }

    /// A fetch that did not become a request.
    pub(super) fn invalid(reason: Reason, fetch: &Fetch, page: String) -> Self {
        Self(Box::new(Details {
            reason,
            is_preflight: false,
            url: fetch.url.clone(),
            redirected_from: None,
            origin: page.clone(),
            page,
            is_include: fetch.credentials == Credentials::Include,
            api: fetch.api,
            found: None,
            has_location: false,
            denial: None,
        }))
    }

    /// Returns the kind of the failure.
    pub fn reason(&self) -> &Reason {
        &self.0.reason
    }

    /// Returns whether the response to the preflight was wrong, and not that to the request itself.
    pub fn is_preflight(&self) -> bool {
        self.0.is_preflight
    }

    /// Returns the URL that failed: after redirects, the last one.
    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// Returns the name of the response header that was missing or wrong, in lower case.
    pub fn header(&self) -> Option<&'static str> {
        self.0.reason.header()
    }

    /// Returns the value of [`header`](Self::header). Two lines are joined by `, `.
    pub fn found(&self) -> Option<&str> {
        self.0.found.as_deref()
    }

    /// Returns a value of [`header`](Self::header) that would have been right.
    pub fn expected(&self) -> Option<&str> {
        match &self.0.reason {
            Reason::MethodNotAllowed(name) | Reason::HeaderNotAllowed(name) => Some(name),
            Reason::AllowCredentials => Some("true"),
            reason if reason.header() == Some(ALLOW_ORIGIN) => Some(&self.0.origin),
            Reason::ResourcePolicy => Some("cross-origin"),
            _ => None,
        }
    }
}

impl Error for Blocked {}

impl fmt::Debug for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.reason.is_cors() {
            self.cors_access(f)?;
        } else {
            let url = &self.0.url;
            match self.0.api {
                Api::Fetch => write!(f, "Fetch API cannot load {url}. "),
                Api::Xhr => write!(f, "XMLHttpRequest cannot load {url}. "),
                Api::WebSocket => {
                    let url = url.replacen("http", "ws", 1);
                    write!(f, "WebSocket connection to '{url}' failed: ")
                }
            }?;
        }
        self.message(f)?;
        self.explanation(f)
    }
}

impl Blocked {
    fn cors_access(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Details { url, page, .. } = &*self.0;
        // A handshake has no CORS.
        let api = match self.0.api {
            Api::Fetch | Api::WebSocket => "fetch",
            Api::Xhr => "XMLHttpRequest",
        };
        write!(f, "Access to {api} at '{url}'")?;
        if let Some(first) = &self.0.redirected_from {
            write!(f, " (redirected from '{first}')")?;
        }
        write!(f, " from origin '{page}' has been blocked by CORS policy: ")
    }

    fn message(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = self.found().unwrap_or_default();
        let is_check = self.header() == Some(ALLOW_ORIGIN)
            || matches!(
                self.reason(),
                Reason::AllowCredentials | Reason::PreflightStatus(_)
            );
        if self.0.is_preflight && is_check {
            f.write_str("Response to preflight request doesn't pass access control check: ")?;
        }
        match self.reason() {
            Reason::AllowOriginMultiple => write!(
                f,
                "The 'Access-Control-Allow-Origin' header contains multiple values '{found}', \
                 but only one is allowed."
            ),
            Reason::AllowOriginMismatch if is_invalid_origin(found) => write!(
                f,
                "The 'Access-Control-Allow-Origin' header contains the invalid value '{found}'."
            ),
            Reason::AllowOriginMismatch => write!(
                f,
                "The 'Access-Control-Allow-Origin' header has a value '{found}' that is not \
                 equal to the supplied origin."
            ),
            Reason::AllowCredentials => write!(
                f,
                "The value of the 'Access-Control-Allow-Credentials' header in the response is \
                 '{found}' which must be 'true' when the request's credentials mode is 'include'."
            ),
            Reason::PreflightStatus(_) if !self.0.has_location => {
                f.write_str("It does not have HTTP ok status.")
            }
            Reason::SameOriginMode => write!(
                f,
                "Request mode is \"same-origin\" but the URL's origin is not same as the request \
                 origin {}.",
                self.0.page
            ),
            reason => f.write_str(&reason.message()),
        }
    }

    /// What would have been right, and what was found.
    fn explanation(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Reason::PreflightStatus(status) = self.0.reason {
            write!(
                f,
                "\n  expected status 200 to 299\n  found    status {status}"
            )?;
        }
        if let Some(header) = self.header() {
            if let Some(expected) = self.expected() {
                let or_any = if self.may_be_any() { " (or *)" } else { "" };
                write!(f, "\n  expected {header}: {expected}{or_any}")?;
            }
            match self.found() {
                Some(found) => write!(f, "\n  found    {header}: {found}")?,
                None => write!(f, "\n  found    no {header}")?,
            }
        }
        if let Some(denial) = &self.0.denial {
            write!(f, "\n  cors-denied: {denial}")?;
        }
        Ok(())
    }

    fn may_be_any(&self) -> bool {
        let has_wildcard = [ALLOW_ORIGIN, ALLOW_METHODS, ALLOW_HEADERS];
        self.header()
            .is_some_and(|header| has_wildcard.contains(&header))
            && !self.0.is_include
            && self.expected() != Some("authorization")
    }
}

/// A network error, before the request is known.
pub(super) struct Failure {
    pub(super) reason: Reason,
    is_preflight: bool,
    found: Option<String>,
    has_location: bool,
    /// The header by which a policy of this crate explains a refused preflight.
    denial: Option<String>,
}

impl Failure {
    pub(super) fn of_response(reason: Reason, response: &HeaderList) -> Self {
        let value = |name: &str| response.get(name).map(|value| decode(&value));
        Self {
            found: reason.header().and_then(value),
            has_location: response.contains("location"),
            denial: value("cors-denied"),
            is_preflight: false,
            reason,
        }
    }

    pub(super) fn of_preflight(reason: Reason, response: &HeaderList) -> Self {
        Self {
            is_preflight: true,
            ..Self::of_response(reason, response)
        }
    }
}

impl From<Reason> for Failure {
    fn from(reason: Reason) -> Self {
        Self {
            reason,
            is_preflight: false,
            found: None,
            has_location: false,
            denial: None,
        }
    }
}

/// Chromium tells a value that is not an origin from another origin.
fn is_invalid_origin(value: &str) -> bool {
    value != "null" && Url::parse(value).is_err()
}
