//! The table of requests and expected responses.

mod hosts;
mod origins;
mod preflights;
mod responses;

use crate::answer::Answer;
use crate::request::PlainRequest;
use crate::services::Service;

pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) sent: PlainRequest,
    pub(crate) expected: Answer,
}

pub(crate) fn row(name: impl Into<String>, sent: PlainRequest, expected: Answer) -> Row {
    Row {
        name: name.into(),
        sent,
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

/// Returns the name of a row for a service.
fn named(service: Service, what: &str) -> String {
    format!("{}: {what}", service.path())
}
