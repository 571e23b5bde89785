//! Requests and responses of `http` 1 for the protocol.

use http::header::{self, HeaderName, HeaderValue};
use http::{Request, Response, StatusCode};

use crate::protocol::{CorsResponse, header_map};
use crate::request::{RequestHeader, RequestView};

impl<B> RequestView for Request<B> {
    type Value = HeaderValue;

    fn method(&self) -> &str {
        Request::method(self).as_str()
    }

    fn path(&self) -> &str {
        self.uri().path()
    }

    fn uri_authority(&self) -> Option<&str> {
        self.uri().authority().map(http::uri::Authority::as_str)
    }

    fn lines(&self, name: RequestHeader) -> impl Iterator<Item = &[u8]> {
        let lines = self.headers().get_all(HeaderName::from(name)).iter();
        lines.map(HeaderValue::as_bytes)
    }

    fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers().get(name).map(HeaderValue::as_bytes)
    }

    fn origin_value(&self) -> Option<HeaderValue> {
        self.headers().get(header::ORIGIN).cloned()
    }
}

header_map!(http::header);

impl CorsResponse<'_, HeaderValue> {
    /// Makes a response without a body.
    pub(crate) fn into_response<B: Default>(self) -> Response<B> {
        let mut response = Response::new(B::default());
        *response.status_mut() = if self.is_allowed() {
            StatusCode::NO_CONTENT
        } else {
            StatusCode::FORBIDDEN
        };
        self.apply(response.headers_mut());
        response
    }
}
