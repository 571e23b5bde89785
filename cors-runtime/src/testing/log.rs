//! The requests that a browser sent.

use std::fmt;

use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};

/// A request that a [`Browser`](super::Browser) sent, and the answer to it.
///
/// An exchange has everything that went over the wire, also the headers that the page cannot read.
#[derive(Clone, Debug)]
pub struct Exchange {
    url: String,
    method: Method,
    request_headers: HeaderMap,
    is_preflight: bool,
    answer: Option<(StatusCode, HeaderMap)>,
}

impl Exchange {
    pub(super) fn new<B>(url: &str, request: &Request<B>, is_preflight: bool) -> Self {
        Self {
            url: url.to_owned(),
            method: request.method().clone(),
            request_headers: request.headers().clone(),
            is_preflight,
            answer: None,
        }
    }

    pub(super) fn answer<B>(&mut self, response: &Response<B>) {
        self.answer = Some((response.status(), response.headers().clone()));
    }

    /// Returns whether the request is a preflight.
    pub fn is_preflight(&self) -> bool {
        self.is_preflight
    }

    /// Returns the method of the request.
    pub fn method(&self) -> &str {
        self.method.as_str()
    }

    /// Returns the URL of the request.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns a header of the request, if there is one of that name and it is visible ASCII.
    pub fn request_header(&self, name: &str) -> Option<&str> {
        text(self.request_headers.get(name))
    }

    /// Returns the headers of the request.
    pub fn request_headers(&self) -> &HeaderMap {
        &self.request_headers
    }

    /// Returns the status of the response, or `None` if the server failed.
    pub fn status(&self) -> Option<u16> {
        self.answer.as_ref().map(|(status, _)| status.as_u16())
    }

    /// Returns a header of the response, if there is one of that name and it is visible ASCII.
    pub fn response_header(&self, name: &str) -> Option<&str> {
        text(self.response_headers()?.get(name))
    }

    /// Returns the headers of the response, or `None` if the server failed.
    pub fn response_headers(&self) -> Option<&HeaderMap> {
        self.answer.as_ref().map(|(_, headers)| headers)
    }
}

fn text(value: Option<&HeaderValue>) -> Option<&str> {
    value.and_then(|value| value.to_str().ok())
}

/// Prints the request and the response with their headers, similar to `curl -v`.
impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let preflight = if self.is_preflight {
            " (preflight)"
        } else {
            ""
        };
        writeln!(f, "> {} {}{preflight}", self.method, self.url)?;
        lines(f, ">", &self.request_headers)?;
        match &self.answer {
            Some((status, headers)) => {
                writeln!(f, "< {status}")?;
                lines(f, "<", headers)
            }
            None => writeln!(f, "< no response"),
        }
    }
}

fn lines(f: &mut fmt::Formatter<'_>, mark: &str, headers: &HeaderMap) -> fmt::Result {
    for (name, value) in headers {
        writeln!(
            f,
            "{mark} {name}: {}",
            String::from_utf8_lossy(value.as_bytes())
        )?;
    }
    Ok(())
}
