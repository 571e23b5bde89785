//! Requests and responses of actix-web for the protocol. actix-web uses `http` 0.2.

use actix_web::HttpResponse;
use actix_web::dev::RequestHead;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode, uri};

use crate::protocol::{CorsResponse, Refusal, header_map};
use crate::request::{RequestHeader, RequestView};

pub(super) type ActualHeaders = crate::protocol::ActualHeaders<HeaderValue>;
pub(super) type PreparedPolicy = crate::protocol::PreparedPolicy<HeaderValue>;
pub(super) type MountedPolicy = crate::mounting::MountedPolicy<HeaderMap>;

#[derive(Clone, Copy)]
pub(super) struct View<'a>(pub(super) &'a RequestHead);

impl RequestView for View<'_> {
    type Value = HeaderValue;

    fn method(&self) -> &str {
        self.0.method.as_str()
    }

    fn path(&self) -> &str {
        self.0.uri.path()
    }

    fn uri_authority(&self) -> Option<&str> {
        self.0.uri.authority().map(uri::Authority::as_str)
    }

    fn is_options(&self) -> bool {
        self.0.method == Method::OPTIONS
    }

    fn values(&self, name: RequestHeader) -> impl Iterator<Item = &HeaderValue> {
        self.0.headers.get_all(HeaderName::from(name))
    }

    fn header(&self, name: &str) -> Option<&[u8]> {
        self.0.headers.get(name).map(HeaderValue::as_bytes)
    }
}

header_map!(actix_web::http::header, |headers, name, value| {
    let is_new = !headers.contains_key(&name);
    if is_new {
        headers.insert(name, value);
    }
    is_new
});

impl From<CorsResponse<HeaderMap>> for HttpResponse {
    fn from(cors: CorsResponse<HeaderMap>) -> Self {
        let mut response = Self::new(if cors.is_allowed() {
            StatusCode::NO_CONTENT
        } else {
            StatusCode::FORBIDDEN
        });
        *response.headers_mut() = cors.into_headers();
        response
    }
}

impl From<Refusal> for HttpResponse {
    fn from(refusal: Refusal) -> Self {
        CorsResponse::Refused(refusal).into()
    }
}
