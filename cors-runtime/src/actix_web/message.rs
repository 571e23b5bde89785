//! actix-web's requests and responses as the protocol sees them: its `http` is 0.2.

use actix_web::HttpResponse;
use actix_web::dev::{RequestHead, ServiceRequest};
use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{StatusCode, uri};

use crate::answers::Answers;
use crate::ask::Asks;
use crate::denial::Denial;
use crate::headers::{self, Reply};
use crate::request::RequestView;

/// As [`headers::Actual`], for this header map.
pub(super) type Actual = headers::Actual<HeaderValue>;

pub struct View<'a> {
    pub(super) head: &'a RequestHead,
    /// What came of asking about its origin.
    answers: Option<&'a Answers>,
}

impl<'a> View<'a> {
    /// Before anybody was asked.
    pub(super) fn unasked(head: &'a RequestHead) -> Self {
        let answers = None;
        Self { head, answers }
    }

    pub(super) fn new(request: &'a ServiceRequest, answers: &'a Answers) -> Self {
        Self {
            head: request.head(),
            answers: Some(answers),
        }
    }
}

impl RequestView for View<'_> {
    type Value = HeaderValue;

    fn method(&self) -> &str {
        self.head.method.as_str()
    }

    fn path(&self) -> &str {
        self.head.uri.path()
    }

    fn uri_authority(&self) -> Option<&str> {
        self.head.uri.authority().map(uri::Authority::as_str)
    }

    fn lines<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        let lines = self.head.headers.get_all(name);
        lines.map(HeaderValue::as_bytes)
    }

    fn answer(&self, asks: Asks) -> Option<Result<(), Denial>> {
        self.answers?.of(asks)
    }

    fn origin_value(&self) -> Option<HeaderValue> {
        self.head.headers.get(header::ORIGIN).cloned()
    }
}

headers::header_map!(actix_web::http::header);

impl From<Reply<'_, HeaderValue>> for HttpResponse {
    fn from(reply: Reply<'_, HeaderValue>) -> Self {
        let mut response = Self::new(if reply.permits() {
            StatusCode::NO_CONTENT
        } else {
            StatusCode::FORBIDDEN
        });
        reply.apply(response.headers_mut());
        response
    }
}
