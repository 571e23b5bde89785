//! The parts of a request that outlive it. actix-web's error response has no request.

use actix_web::dev::{ServiceRequest, Url};
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{Method, Uri, uri};

use crate::actix_web::view::lines;
use crate::request::{ORIGIN, RequestView};

/// A request without its body and most of its headers. Creating it does not allocate, unless an
/// origin source may read the headers.
pub(super) struct Kept {
    method: Method,
    uri: Uri,
    /// The length of the path that the scopes around the middleware take.
    taken: usize,
    headers: Headers,
}

enum Headers {
    Origin(Option<HeaderValue>),
    All(HeaderMap),
}

impl Kept {
    pub(super) fn new(request: &ServiceRequest, reads_headers: bool) -> Self {
        let head = request.head();
        let path = request.match_info();
        let mut origins = head.headers.get_all(header::ORIGIN);
        let origin = origins.next();
        let headers = if reads_headers || origins.next().is_some() {
            Headers::All(head.headers.clone())
        } else {
            Headers::Origin(origin.cloned())
        };
        Self {
            method: head.method.clone(),
            uri: head.uri.clone(),
            taken: path.as_str().len() - path.unprocessed().len(),
            headers,
        }
    }

    /// Returns the path as actix-web routes it.
    pub(super) fn url(&self) -> Url {
        Url::new(self.uri.clone())
    }

    pub(super) fn taken(&self) -> usize {
        self.taken
    }
}

impl RequestView for Kept {
    type Value = HeaderValue;

    fn method(&self) -> &str {
        self.method.as_str()
    }

    fn path(&self) -> &str {
        self.uri.path()
    }

    fn uri_authority(&self) -> Option<&str> {
        self.uri.authority().map(uri::Authority::as_str)
    }

    fn lines<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        let (origin, all) = match &self.headers {
            Headers::Origin(origin) => (origin.as_ref().filter(|_| name == ORIGIN), None),
            Headers::All(headers) => (None, Some(lines(headers, name))),
        };
        let origin = origin.into_iter();
        origin
            .chain(all.into_iter().flatten())
            .map(HeaderValue::as_bytes)
    }

    fn origin_value(&self) -> Option<HeaderValue> {
        match &self.headers {
            Headers::Origin(origin) => origin.clone(),
            Headers::All(headers) => headers.get(header::ORIGIN).cloned(),
        }
    }
}
