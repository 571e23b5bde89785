//! The parts of a request that are needed after it. An error response of actix-web does not contain
//! the request.

use actix_web::dev::{ServiceRequest, Url};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, Uri, uri};

use crate::request::{HeaderLines, RequestHeader, RequestView};

/// A request without its body and most of its headers. Creating it does not allocate, unless an
/// origin source may read the headers.
pub(super) struct Kept {
    method: Method,
    uri: Uri,
    /// The length of the path that the outer scopes take.
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

    fn is_options(&self) -> bool {
        self.method == Method::OPTIONS
    }

    fn values(&self, name: RequestHeader) -> impl Iterator<Item = &HeaderValue> {
        let (origin, all) = match &self.headers {
            Headers::Origin(origin) => {
                let is_origin = name == RequestHeader::Origin;
                (origin.as_ref().filter(|_| is_origin), None)
            }
            Headers::All(headers) => (None, Some(headers.get_all(HeaderName::from(name)))),
        };
        origin.into_iter().chain(all.into_iter().flatten())
    }

    fn header(&self, name: &str) -> Option<&[u8]> {
        match &self.headers {
            Headers::Origin(origin) => {
                let origin = origin.as_ref().map(HeaderValue::as_bytes);
                origin.filter(|_| name.eq_ignore_ascii_case("origin"))
            }
            Headers::All(headers) => headers.get(name).map(HeaderValue::as_bytes),
        }
    }

    fn origin(&self) -> HeaderLines<'_, HeaderValue> {
        match &self.headers {
            Headers::Origin(Some(origin)) => HeaderLines::One(origin),
            Headers::Origin(None) => HeaderLines::Absent,
            Headers::All(_) => HeaderLines::of(self.values(RequestHeader::Origin)),
        }
    }
}
