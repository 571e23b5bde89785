//! Requests and responses of `http` 1 for the protocol.

use http::header::{Entry, HeaderName, HeaderValue};
use http::{HeaderMap, Method, Request, Response, StatusCode};

use crate::protocol::{CorsResponse, Refusal, header_map};
use crate::request::{RequestHeader, RequestView};

impl<B> RequestView for Request<B> {
    type Value = HeaderValue;

    fn method(&self) -> &str {
        Request::method(self).as_str()
    }

    fn is_options(&self) -> bool {
        *Request::method(self) == Method::OPTIONS
    }

    fn path(&self) -> &str {
        self.uri().path()
    }

    fn uri_authority(&self) -> Option<&str> {
        self.uri().authority().map(http::uri::Authority::as_str)
    }

    fn values(&self, name: RequestHeader) -> impl Iterator<Item = &HeaderValue> {
        self.headers().get_all(HeaderName::from(name)).iter()
    }

    fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers().get(name).map(HeaderValue::as_bytes)
    }
}

header_map!(http::header, |headers, name, value| {
    match headers.entry(name) {
        Entry::Vacant(entry) => {
            entry.insert(value);
            true
        }
        Entry::Occupied(_) => false,
    }
});

impl CorsResponse<HeaderMap> {
    /// Makes a response without a body.
    pub(crate) fn into_response<B: Default>(self) -> Response<B> {
        let mut response = Response::new(B::default());
        *response.status_mut() = if self.is_allowed() {
            StatusCode::NO_CONTENT
        } else {
            StatusCode::FORBIDDEN
        };
        *response.headers_mut() = self.into_headers();
        response
    }
}

impl Refusal {
    /// Makes a response without a body.
    pub(crate) fn to_response<B: Default>(self) -> Response<B> {
        CorsResponse::Refused(self).into_response()
    }
}
