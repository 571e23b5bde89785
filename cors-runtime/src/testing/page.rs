//! A response, as the page sees it.

use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use http_body_util::BodyExt;

use super::app::ResponseBody;
use super::fetch::Credentials;
use super::headers::{HeaderList, decode, tokens};
use super::network::Response;
use super::request::{Request, Tainting};
use super::safelist::{SAFELISTED_RESPONSE_HEADERS, is_forbidden_response_header};

/// The [type](https://fetch.spec.whatwg.org/#concept-response-type) of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseType {
    /// `basic`: of the page's own origin.
    Basic,
    /// `cors`: of another origin that allows the page.
    Cors,
    /// `opaque`: of another origin in mode `no-cors`.
    Opaque,
    /// `opaqueredirect`: a redirect in redirect mode `manual`.
    OpaqueRedirect,
}

/// A response, as far as the page may read it: the `Response` of `fetch()`.
///
/// Headers that the page may not read are absent. [`Browser::log`](super::Browser::log) has them.
///
/// The assertions return the page, and panic with all headers that the page may read.
///
/// ```
/// # use cors_runtime::testing::{Browser, Fetch};
/// # use http::Response;
/// # use tower::service_fn;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let mut app = service_fn(async |_| {
///     Response::builder()
///         .header("access-control-allow-origin", "https://app.example.com")
///         .header("access-control-expose-headers", "x-total")
///         .header("x-total", 3)
///         .header("x-build", 7)
///         .body("tea".to_owned())
/// });
/// let mut browser = Browser::at("https://app.example.com");
/// let page = browser.fetch(&mut app, Fetch::get("https://api.example.com/items")).await.unwrap();
///
/// page.assert_status(200).assert_header("x-total", "3").assert_hidden("x-build");
/// assert_eq!(page.text().await, "tea");
/// # }
/// ```
pub struct Page {
    kind: ResponseType,
    status: u16,
    url: Option<String>,
    is_redirected: bool,
    headers: BTreeMap<String, String>,
    /// All headers that were sent, for the messages of the assertions.
    sent: HeaderList,
    body: ResponseBody,
}

impl Page {
    /// Creates the [filtered response](https://fetch.spec.whatwg.org/#concept-filtered-response).
    pub(super) fn filtered(request: &Request, response: Response) -> Self {
        let has_body =
            request.method != "HEAD" && !matches!(response.status, 101 | 103 | 204 | 205 | 304);
        let Response {
            status,
            headers,
            body,
        } = response;
        let (kind, visible) = match request.tainting {
            Tainting::Basic => (ResponseType::Basic, visible(&headers, |_| true)),
            Tainting::Cors => (ResponseType::Cors, exposed(request, &headers)),
            Tainting::Opaque => {
                let page = Self::without_content(ResponseType::Opaque, None, false);
                return Self {
                    sent: headers,
                    ..page
                };
            }
        };
        Self {
            kind,
            status,
            url: Some(without_fragment(&request.url)),
            is_redirected: !request.redirected_from.is_empty(),
            headers: visible,
            sent: headers,
            body: if has_body {
                body
            } else {
                ResponseBody::empty()
            },
        }
    }

    pub(super) fn opaque_redirect(request: &Request) -> Self {
        let is_redirected = !request.redirected_from.is_empty();
        let url = Some(without_fragment(&request.url));
        Self::without_content(ResponseType::OpaqueRedirect, url, is_redirected)
    }

    fn without_content(kind: ResponseType, url: Option<String>, is_redirected: bool) -> Self {
        Self {
            kind,
            status: 0,
            url,
            is_redirected,
            headers: BTreeMap::new(),
            sent: HeaderList::default(),
            body: ResponseBody::empty(),
        }
    }

    /// Returns the type: whether the response is of the page's own origin.
    pub fn response_type(&self) -> ResponseType {
        self.kind
    }

    /// Returns the status, which is 0 for an opaque response.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Returns whether the status is from 200 to 299.
    pub fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Returns the URL after all redirects, without its fragment, or an empty text for an opaque
    /// response.
    pub fn url(&self) -> &str {
        self.url.as_deref().unwrap_or_default()
    }

    /// Returns whether a redirect was followed.
    pub fn is_redirected(&self) -> bool {
        self.is_redirected
    }

    /// Returns a header, if the page may read it. Two lines are joined by `, `, and each byte is
    /// one character, as in `response.headers.get(name)`.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .get(&name.to_ascii_lowercase())
            .map(String::as_str)
    }

    /// Returns the headers that the page may read, in lower case and sorted.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (&**name, &**value))
    }

    /// Returns the body as text. Invalid UTF-8 is replaced.
    ///
    /// # Panics
    ///
    /// Panics if the body ends with an error. [`bytes`](Self::bytes) returns the error.
    pub async fn text(self) -> String {
        match self.bytes().await {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => panic!("the body of the response ended with an error: {error}"),
        }
    }

    /// Returns the body.
    ///
    /// # Errors
    ///
    /// Returns the message of the error with which the body ended.
    pub async fn bytes(self) -> Result<Bytes, String> {
        Ok(self.body.collect().await?.to_bytes())
    }

    /// Asserts the status, which may be a `u16` or a [`StatusCode`](http::StatusCode).
    ///
    /// # Panics
    ///
    /// Panics if the response has another status.
    #[track_caller]
    pub fn assert_status<S>(&self, status: S) -> &Self
    where
        u16: PartialEq<S>,
        S: fmt::Debug,
    {
        assert!(
            self.status == status,
            "expected status {status:?}, found {self:#?}"
        );
        self
    }

    /// Asserts the value of a header. The message says if the header was sent but is hidden, and
    /// why.
    ///
    /// # Panics
    ///
    /// Panics if the header has another value, is absent, or is hidden from the page.
    #[track_caller]
    pub fn assert_header(&self, name: &str, value: &str) -> &Self {
        let is_equal = self.header(name) == Some(value);
        let hidden = self.hidden(name).unwrap_or_default();
        assert!(
            is_equal,
            "expected {name}: {value}, {hidden}found {self:#?}"
        );
        self
    }

    /// Says why the page cannot read a header that was sent.
    fn hidden(&self, name: &str) -> Option<String> {
        if self.header(name).is_some() {
            return None;
        }
        let value = decode(&self.sent.get(name)?);
        let reason = if is_forbidden_response_header(&name.to_ascii_lowercase()) {
            "a page never can".to_owned()
        } else if self.kind == ResponseType::Cors {
            match self.sent.get(EXPOSE) {
                None => format!("there is no {EXPOSE}"),
                Some(names) => {
                    let names = decode(&names);
                    let is_name = if names.contains('*') {
                        ", where `*` is a name with credentials"
                    } else {
                        ""
                    };
                    format!("it is not covered by {EXPOSE}: {names}{is_name}")
                }
            }
        } else {
            "the response is opaque".to_owned()
        };
        Some(format!(
            "but {name}: {value} was sent, and the page cannot read it ({reason}), "
        ))
    }

    /// Asserts that the page cannot read a header: it is absent, or not exposed.
    ///
    /// # Panics
    ///
    /// Panics if the page can read the header.
    #[track_caller]
    pub fn assert_hidden(&self, name: &str) -> &Self {
        assert!(
            self.header(name).is_none(),
            "expected no {name}, found {self:#?}"
        );
        self
    }
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("type", &self.kind)
            .field("status", &self.status)
            .field("url", &self.url())
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}

const EXPOSE: &str = "access-control-expose-headers";

/// The URL of [`response.url`](https://fetch.spec.whatwg.org/#dom-response-url).
fn without_fragment(url: &url::Url) -> String {
    url[..url::Position::AfterQuery].to_owned()
}

/// The headers of a [CORS filtered response](https://fetch.spec.whatwg.org/#concept-filtered-response-cors).
fn exposed(request: &Request, headers: &HeaderList) -> BTreeMap<String, String> {
    let names = tokens(EXPOSE, headers);
    let names = names.ok().flatten().unwrap_or_default();
    let is_any =
        request.credentials != Credentials::Include && names.iter().any(|name| name == "*");
    visible(headers, |name| {
        is_any
            || SAFELISTED_RESPONSE_HEADERS.contains(&name)
            || names
                .iter()
                .any(|exposed| exposed.eq_ignore_ascii_case(name))
    })
}

fn visible(headers: &HeaderList, is_exposed: impl Fn(&str) -> bool) -> BTreeMap<String, String> {
    let mut visible = BTreeMap::<String, String>::new();
    for (name, value) in headers.iter() {
        let name = name.to_ascii_lowercase();
        if is_forbidden_response_header(&name) || !is_exposed(&name) {
            continue;
        }
        let value = decode(value);
        visible
            .entry(name)
            .and_modify(|lines| {
                lines.push_str(", ");
                lines.push_str(&value);
            })
            .or_insert(value);
    }
    visible
}
