//! The results of the origin sources that the layers of a request have called.

use http::header::HOST;
use http::{HeaderMap, HeaderValue, Method, Request, Uri};

use crate::origins::SourceResults;
use crate::request::RequestView as _;

/// The results of the sources, and what they have decided about.
#[derive(Debug)]
pub(super) struct Called {
    head: Head,
    results: SourceResults,
}

/// The parts of a request that a source decides by. Middleware can change them between two layers;
/// the results are then not used again.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    origin: HeaderValue,
    method: Method,
    uri: Uri,
    host: Option<HeaderValue>,
    /// All headers, if a source has read any other.
    headers: Option<HeaderMap>,
}

impl Called {
    /// Returns `None` if no source has been called.
    #[cfg(any(feature = "axum", feature = "tower"))]
    pub(super) fn new<B>(results: SourceResults, request: &Request<B>) -> Option<Box<Self>> {
        if results.is_empty() {
            return None;
        }
        let head = Head::of(request, results.reads_headers)?;
        Some(Box::new(Self { head, results }))
    }

    /// Returns the results if they are about the same request.
    pub(super) fn results<B>(&self, request: &Request<B>) -> Option<SourceResults> {
        let head = Head::of(request, self.head.headers.is_some());
        (head.as_ref() == Some(&self.head)).then(|| self.results.clone())
    }
}

impl Head {
    /// Returns `None` for a request without an origin, for which no source is called.
    fn of<B>(request: &Request<B>, with_headers: bool) -> Option<Self> {
        Some(Self {
            origin: request.origin().value()?.clone(),
            method: request.method().clone(),
            uri: request.uri().clone(),
            host: request.headers().get(HOST).cloned(),
            headers: with_headers.then(|| request.headers().clone()),
        })
    }
}
