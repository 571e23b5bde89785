//! The requests that every implementation handles.

use axum::body::Bytes;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HOST,
    HeaderName, ORIGIN, USER_AGENT,
};
use http::{HeaderMap, HeaderValue, Method, Request};

/// An origin that the policies allow.
pub(crate) const ALLOWED: &str = "https://app.example.com";
/// An origin that the policies refuse.
pub(crate) const REFUSED: &str = "https://evil.example.net";
/// Two names that the policies allow, as a browser sends them.
pub(crate) const ASKED: &str = "content-type,x-csrf-token";

/// A template, from which requests are made.
#[derive(Clone)]
pub(crate) struct Template {
    pub(crate) method: Method,
    pub(crate) path: String,
    lines: Vec<(HeaderName, Vec<u8>)>,
}

impl Template {
    fn new(method: Method) -> Self {
        let template = Self {
            method,
            path: "/items/1".to_owned(),
            lines: Vec::new(),
        };
        template
            .header(HOST, "api.example.com")
            .header(
                USER_AGENT,
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101",
            )
            .header(ACCEPT, "application/json")
            .header(ACCEPT_ENCODING, "gzip, deflate, br, zstd")
    }

    pub(crate) fn simple() -> Self {
        Self::new(Method::GET)
    }

    pub(crate) fn get(origin: &str) -> Self {
        Self::simple().header(ORIGIN, origin)
    }

    pub(crate) fn preflight(origin: &str, method: &str, headers: &str) -> Self {
        Self::preflight_with_lines(origin, method, &[headers.as_bytes().to_vec()])
    }

    /// Returns a preflight with these lines of `Access-Control-Request-Headers`.
    pub(crate) fn preflight_with_lines(origin: &str, method: &str, lines: &[Vec<u8>]) -> Self {
        let template = Self::new(Method::OPTIONS)
            .header(ORIGIN, origin)
            .header(ACCESS_CONTROL_REQUEST_METHOD, method);
        let add = |template: Self, line: &Vec<u8>| {
            template.header(ACCESS_CONTROL_REQUEST_HEADERS, line.as_slice())
        };
        lines.iter().fold(template, add)
    }

    fn header(mut self, name: HeaderName, value: impl AsRef<[u8]>) -> Self {
        self.lines.push((name, value.as_ref().to_vec()));
        self
    }

    pub(crate) fn below(mut self, prefix: &str) -> Self {
        self.path.insert_str(0, prefix);
        self
    }

    pub(crate) fn is_preflight(&self) -> bool {
        self.method == Method::OPTIONS
    }

    /// Returns the approximate number of bytes.
    pub(crate) fn size(&self) -> usize {
        self.lines
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len())
            .sum()
    }

    /// Returns the headers. The values are slices of one shared buffer, as hyper makes them.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = (&HeaderName, Bytes)> {
        let buffer: Vec<u8> = self
            .lines
            .iter()
            .flat_map(|(_, value)| value.clone())
            .collect();
        let buffer = Bytes::from(buffer);
        let mut start = 0;
        self.lines.iter().map(move |(name, value)| {
            let piece = start..start + value.len();
            start = piece.end;
            (name, buffer.slice(piece))
        })
    }

    /// Returns the request.
    pub(crate) fn request<B: Default>(&self) -> Request<B> {
        let mut request = Request::new(B::default());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.path.parse().expect("a path");
        let mut headers = HeaderMap::new();
        for (name, value) in self.pieces() {
            let value = HeaderValue::from_maybe_shared(value).expect("a value");
            headers.append(name, value);
        }
        *request.headers_mut() = headers;
        request
    }
}

/// Returns the requests of every section, with their names.
pub(crate) fn all() -> Vec<(&'static str, Template)> {
    vec![
        ("GET without Origin", Template::simple()),
        ("GET allowed", Template::get(ALLOWED)),
        ("GET refused", Template::get(REFUSED)),
        (
            "preflight allowed",
            Template::preflight(ALLOWED, "PUT", ASKED),
        ),
        (
            "preflight, origin refused",
            Template::preflight(REFUSED, "PUT", ASKED),
        ),
        (
            "preflight, method refused",
            Template::preflight(ALLOWED, "PATCH", ASKED),
        ),
        (
            "preflight, header refused",
            Template::preflight(ALLOWED, "PUT", "content-type,x-secret"),
        ),
    ]
}

/// Returns the requests of [`all`] that are sent to a server with many routes.
pub(crate) fn main() -> Vec<(&'static str, Template)> {
    let main = ["GET without Origin", "GET allowed", "preflight allowed"];
    all()
        .into_iter()
        .filter(|(name, _)| main.contains(name))
        .collect()
}

/// Returns `count` origins of the same length.
pub(crate) fn origins(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|number| format!("https://tenant-{number:05}.example.com"))
}
