//! The table: every request, and the answer that each adapter has to give.

mod hosts;
mod origins;
mod preflights;
mod responses;

use crate::answer::Answer;
use crate::request::PlainRequest;
use crate::services::Service;

pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) asked: PlainRequest,
    pub(crate) expected: Answer,
}

pub(crate) fn row(name: impl Into<String>, asked: PlainRequest, expected: Answer) -> Row {
    Row {
        name: name.into(),
        asked,
        expected,
    }
}

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = hosts::rows();
    rows.extend(origins::rows());
    rows.extend(preflights::rows());
    rows.extend(responses::rows());
    rows
}

/// The origin that both lists of origins allow.
pub(crate) const APP: &str = "https://app.example.com";
const STRANGER: &str = "https://stranger.example";

/// How the name of a row begins.
fn named(service: Service, what: &str) -> String {
    format!("{}: {what}", service.path())
}
