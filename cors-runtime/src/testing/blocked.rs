//! Why a fetch failed.

use std::error::Error;
use std::fmt;

use url::Url;

use super::failure::{Failure, WrongResponse};
use super::fetch::{Api, Credentials, Fetch};
use super::reason::{ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, Reason};
use super::request::Request;
use super::safelist::unsafe_header_names;

/// Why a fetch failed. A page sees a `TypeError` without a reason; the console has the reason.
///
/// [`Display`](fmt::Display) prints a line as in Chromium's console, and what would have been
/// right.
/// [`Debug`](fmt::Debug) prints the same, so that `unwrap` does.
///
/// ```text
/// Access to fetch at 'https://api.example.com/items/1' from origin 'https://app.example.com' has
/// been blocked by CORS policy: Method PUT is not allowed by Access-Control-Allow-Methods in
/// preflight response.
///   expected access-control-allow-methods: PUT
///   found    access-control-allow-methods: GET
///   preflight for PUT with x-token: status 204
/// ```
///
/// ```
/// # use cors_runtime::testing::{Browser, Fetch};
/// # use http::Response;
/// # use tower::service_fn;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let mut app = service_fn(async |_| Response::builder().status(404).body(String::new()));
/// let mut browser = Browser::at("https://app.example.com");
/// let fetch = Fetch::put("https://api.example.com/items/1");
/// let blocked = browser.fetch(&mut app, fetch).await.unwrap_err();
///
/// assert!(blocked.is_preflight());
/// assert_eq!(blocked.status(), Some(404));
/// assert_eq!(blocked.header(), Some("access-control-allow-origin"));
/// # }
/// ```
pub struct Blocked(Box<Details>);

struct Details {
    reason: Reason,
    response: Option<WrongResponse>,
    /// What the response was to: `PUT with x-token`.
    request: String,
    url: String,
    redirected_from: Option<String>,
    page: String,
    /// The value of `Origin`.
    origin: String,
    is_include: bool,
    api: Api,
}

impl Blocked {
    pub(super) fn new(failure: Failure, request: &Request, page: &str) -> Self {
        Self(Box::new(Details {
            request: describe(request, failure.response.as_ref()),
            reason: failure.reason,
            response: failure.response,
            url: request.url.to_string(),
            redirected_from: request.redirected_from.first().map(ToString::to_string),
            page: page.to_owned(),
            origin: request.serialized_origin(),
            is_include: request.credentials == Credentials::Include,
            api: request.api,
        }))
    }

    /// A fetch that did not become a request.
    pub(super) fn invalid(reason: Reason, fetch: &Fetch, page: String) -> Self {
        Self(Box::new(Details {
            reason,
            response: None,
            request: fetch.method.clone(),
            url: fetch.url.clone(),
            redirected_from: None,
            origin: page.clone(),
            page,
            is_include: fetch.credentials == Credentials::Include,
            api: fetch.api,
        }))
    }

    /// Returns the kind of the failure.
    pub fn reason(&self) -> &Reason {
        &self.0.reason
    }

    /// Returns whether the response to the preflight was wrong, and not that to the request itself.
    pub fn is_preflight(&self) -> bool {
        self.0.response.as_ref().is_some_and(|it| it.is_preflight)
    }

    /// Returns the status of the response that was wrong. Returns `None` if no response was, as
    /// with too many redirects.
    pub fn status(&self) -> Option<u16> {
        self.0.response.as_ref().map(|response| response.status)
    }

    /// Returns the reason that a policy of this crate gave, from the `cors-denied` header of debug
    /// builds: [Refused preflights](crate::guide::preflights).
    pub fn denied(&self) -> Option<&str> {
        self.0.response.as_ref()?.denial.as_deref()
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
        self.0.response.as_ref()?.found.as_deref()
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
            let from = self.redirected_from();
            match self.0.api {
                Api::Fetch => write!(f, "Fetch API cannot load {url}{from}. "),
                Api::Xhr => write!(f, "XMLHttpRequest cannot load {url}{from}. "),
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
        let from = self.redirected_from();
        write!(f, "Access to {api} at '{url}'{from} from origin '{page}' ")?;
        f.write_str("has been blocked by CORS policy: ")
    }

    fn redirected_from(&self) -> String {
        match &self.0.redirected_from {
            Some(first) => format!(" (redirected from '{first}')"),
            None => String::new(),
        }
    }

    fn message(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = self.found().unwrap_or_default();
        let is_check = self.header() == Some(ALLOW_ORIGIN)
            || matches!(
                self.reason(),
                Reason::AllowCredentials | Reason::PreflightStatus(_)
            );
        if self.is_preflight() && is_check {
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
            Reason::PreflightStatus(_) if !self.has_location() => {
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

    fn has_location(&self) -> bool {
        self.0.response.as_ref().is_some_and(|it| it.has_location)
    }

    /// What would have been right, and what was found.
    fn explanation(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Reason::PreflightStatus(_) = self.0.reason {
            f.write_str("\n  expected status 200 to 299")?;
        }
        // A policy that denies gives the reason, which is often another than the missing header.
        if self.denied().is_none() || self.found().is_some() {
            self.header_explanation(f)?;
        }
        if let (Some(status), false) = (self.status(), self.0.api == Api::WebSocket) {
            let what = if self.is_preflight() {
                "preflight for"
            } else {
                "response to"
            };
            write!(f, "\n  {what} {}: status {status}", self.0.request)?;
        }
        if let Some(denial) = self.denied() {
            write!(f, "\n  cors-denied: {denial}")?;
        }
        Ok(())
    }

    fn header_explanation(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(header) = self.header() else {
            return Ok(());
        };
        if let Some(expected) = self.expected() {
            let or_any = if self.may_be_any() { " (or *)" } else { "" };
            write!(f, "\n  expected {header}: {expected}{or_any}")?;
        }
        match self.found() {
            Some(found) => write!(f, "\n  found    {header}: {found}"),
            None => write!(f, "\n  found    no {header}"),
        }
    }

    fn may_be_any(&self) -> bool {
        let has_wildcard = [ALLOW_ORIGIN, ALLOW_METHODS, ALLOW_HEADERS];
        self.header()
            .is_some_and(|header| has_wildcard.contains(&header))
            && !self.0.is_include
            && self.expected() != Some("authorization")
    }
}

/// Returns the method, and for a preflight the header names that it asks for.
fn describe(request: &Request, response: Option<&WrongResponse>) -> String {
    let method = &request.method;
    let is_preflight = response.is_some_and(|response| response.is_preflight);
    match &*unsafe_header_names(&request.headers) {
        names @ [_, ..] if is_preflight => format!("{method} with {}", names.join(", ")),
        _ => method.clone(),
    }
}

/// Chromium tells a value that is not an origin from another origin.
fn is_invalid_origin(value: &str) -> bool {
    value != "null" && Url::parse(value).is_err()
}
