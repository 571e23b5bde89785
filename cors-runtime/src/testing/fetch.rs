//! A fetch, as a page writes it.

use bytes::Bytes;

/// The [mode](https://fetch.spec.whatwg.org/#concept-request-mode) of a fetch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// `cors`, the default of `fetch()`.
    #[default]
    Cors,
    /// `no-cors`: a few headers may be set, and the response of another origin is opaque.
    NoCors,
    /// `same-origin`: URLs of other origins are an error.
    SameOrigin,
}

/// The [credentials mode](https://fetch.spec.whatwg.org/#concept-request-credentials-mode) of a
/// fetch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Credentials {
    /// `omit`: no cookies are sent or stored.
    Omit,
    /// `same-origin`, the default of `fetch()`: cookies for the page's own origin.
    #[default]
    SameOrigin,
    /// `include`: cookies for every origin. `withCredentials` of an `XMLHttpRequest`.
    Include,
}

/// The [redirect mode](https://fetch.spec.whatwg.org/#concept-request-redirect-mode) of a fetch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Redirect {
    /// `follow`, the default of `fetch()`. At most 20 redirects are followed.
    #[default]
    Follow,
    /// `error`: a redirect is an error.
    Error,
    /// `manual`: a redirect is a response without status, headers and body.
    Manual,
}

/// What a page calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Api {
    Fetch,
    Xhr,
    WebSocket,
}

/// A fetch, as a page writes it: `fetch(url, { method, headers, body, credentials, .. })`.
///
/// The [`Browser`](super::Browser) changes and refuses the same as a browser does. For example, the
/// header `Origin` is removed without an error, and a GET with a body is an error.
///
/// ```
/// use cors_runtime::testing::{Credentials, Fetch};
///
/// let fetch = Fetch::put("https://api.example.com/items/1")
///     .header("x-token", "abc")
///     .json(r#"{"name":"tea"}"#)
///     .credentials(Credentials::Include);
/// # let _ = fetch;
/// ```
#[derive(Clone, Debug)]
#[must_use = "a fetch does nothing until a browser runs it"]
pub struct Fetch {
    pub(super) url: String,
    pub(super) method: String,
    pub(super) headers: Vec<(String, Vec<u8>)>,
    pub(super) body: Option<Body>,
    pub(super) mode: Mode,
    pub(super) credentials: Credentials,
    pub(super) redirect: Redirect,
    pub(super) forces_preflight: bool,
    pub(super) api: Api,
}

impl Fetch {
    /// Creates a fetch of any method, for example of `PURGE`.
    ///
    /// Methods are [normalized](https://fetch.spec.whatwg.org/#concept-method-normalize): `put`
    /// becomes `PUT`, but `patch` stays as written. A URL without a scheme is relative to the page.
    pub fn new(method: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            method: method.into(),
            headers: Vec::new(),
            body: None,
            mode: Mode::default(),
            credentials: Credentials::default(),
            redirect: Redirect::default(),
            forces_preflight: false,
            api: Api::Fetch,
        }
    }

    /// Creates a GET.
    pub fn get(url: impl Into<String>) -> Self {
        Self::new("GET", url)
    }

    /// Creates a HEAD.
    pub fn head(url: impl Into<String>) -> Self {
        Self::new("HEAD", url)
    }

    /// Creates a POST.
    pub fn post(url: impl Into<String>) -> Self {
        Self::new("POST", url)
    }

    /// Creates a PUT.
    pub fn put(url: impl Into<String>) -> Self {
        Self::new("PUT", url)
    }

    /// Creates a PATCH.
    pub fn patch(url: impl Into<String>) -> Self {
        Self::new("PATCH", url)
    }

    /// Creates a DELETE.
    pub fn delete(url: impl Into<String>) -> Self {
        Self::new("DELETE", url)
    }

    /// Creates the handshake of a `WebSocket`: a GET with the cookies of the URL and with `Origin`,
    /// without CORS. Every page may send a handshake. A policy with `enforce` refuses those of
    /// other origins with 403.
    ///
    /// A status other than 101 is an error, [`Reason::WebSocketStatus`](super::Reason). An
    /// application that is not on a socket cannot switch to another protocol: axum responds with
    /// 426 to a handshake that the policy allows.
    pub fn websocket(url: impl Into<String>) -> Self {
        Self {
            api: Api::WebSocket,
            credentials: Credentials::Include,
            ..Self::get(url)
        }
    }

    /// Adds a header. A name that is added twice is sent in two lines.
    ///
    /// The value may be any bytes. A value with control bytes takes part in all decisions, but the
    /// request is sent without that header, because the `http` crate cannot carry it.
    pub fn header(mut self, name: impl Into<String>, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.into(), value.as_ref().to_vec()));
        self
    }

    /// Sets the body. Text without a `content-type` is sent as `text/plain;charset=UTF-8`; bytes
    /// are sent without one.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sets a body of JSON text and adds `content-type: application/json`, which needs a preflight.
    ///
    /// A `serde_json::Value` is displayed as JSON text.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "`json!({..})` goes here as it is"
    )]
    pub fn json(self, text: impl ToString) -> Self {
        self.header("content-type", "application/json")
            .body(text.to_string())
    }

    /// Sets the mode.
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// Sets the credentials mode.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// Sets the redirect mode.
    pub fn redirect(mut self, redirect: Redirect) -> Self {
        self.redirect = redirect;
        self
    }

    /// Sends a preflight even if the method and all headers are safelisted, as an `XMLHttpRequest`
    /// with a listener on its `upload` does.
    ///
    /// <https://fetch.spec.whatwg.org/#use-cors-preflight-flag>
    pub fn force_preflight(mut self) -> Self {
        self.forces_preflight = true;
        self
    }

    /// Sends the fetch as an `XMLHttpRequest`, which axios uses, does: a name that is added twice
    /// is sent in one line, the body of a GET is ignored, the URL may contain a password, and the
    /// `charset` of a text becomes UTF-8.
    pub fn xhr(mut self) -> Self {
        self.api = Api::Xhr;
        self
    }
}

/// The body of a [`Fetch`]: text, or bytes.
#[derive(Clone, Debug)]
pub struct Body {
    pub(super) bytes: Bytes,
    pub(super) content_type: Option<&'static str>,
}

impl From<&str> for Body {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self {
            bytes: text.into(),
            content_type: Some("text/plain;charset=UTF-8"),
        }
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self {
            bytes,
            content_type: None,
        }
    }
}
