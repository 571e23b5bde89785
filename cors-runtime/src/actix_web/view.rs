//! Requests and responses of actix-web for the protocol. actix-web uses `http` 0.2.

use actix_web::HttpResponse;
use actix_web::dev::RequestHead;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{StatusCode, uri};

use crate::protocol::{CorsResponse, header_map};
use crate::request::{
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HOST, ORIGIN, RequestView,
};

pub(super) type ActualHeaders = crate::protocol::ActualHeaders<HeaderValue>;
pub(super) type MountedPolicy = crate::mounting::MountedPolicy<HeaderValue>;

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

    fn lines<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        lines(&self.0.headers, name).map(HeaderValue::as_bytes)
    }

    fn origin_value(&self) -> Option<HeaderValue> {
        self.0.headers.get(header::ORIGIN).cloned()
    }
}

/// Returns the lines of a header. The names that the protocol reads do not have to be parsed.
pub(super) fn lines<'a>(
    headers: &'a HeaderMap,
    name: &str,
) -> impl Iterator<Item = &'a HeaderValue> + use<'a> {
    let known = match name {
        ORIGIN => header::ORIGIN,
        ACCESS_CONTROL_REQUEST_METHOD => header::ACCESS_CONTROL_REQUEST_METHOD,
        ACCESS_CONTROL_REQUEST_HEADERS => header::ACCESS_CONTROL_REQUEST_HEADERS,
        HOST => header::HOST,
        other => return headers.get_all(other),
    };
    headers.get_all(known)
}

header_map!(actix_web::http::header);

impl From<CorsResponse<'_, HeaderValue>> for HttpResponse {
    fn from(cors: CorsResponse<'_, HeaderValue>) -> Self {
        let mut response = Self::new(if cors.is_allowed() {
            StatusCode::NO_CONTENT
        } else {
            StatusCode::FORBIDDEN
        });
        cors.apply(response.headers_mut());
        response
    }
}
