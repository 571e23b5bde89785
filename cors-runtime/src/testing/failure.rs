//! The failures of the steps of a fetch.

use super::headers::decode;
use super::network::Response;
use super::reason::Reason;

/// A network error, before the request is known.
pub(super) struct Failure {
    pub(super) reason: Reason,
    pub(super) response: Option<WrongResponse>,
}

/// The response that was wrong.
pub(super) struct WrongResponse {
    pub(super) is_preflight: bool,
    pub(super) status: u16,
    /// The value of the header that was wrong.
    pub(super) found: Option<String>,
    pub(super) has_location: bool,
    /// The header by which a policy of this crate explains a denial.
    pub(super) denial: Option<String>,
}

impl Failure {
    pub(super) fn of_response(reason: Reason, response: &Response) -> Self {
        Self::new(reason, response, false)
    }

    pub(super) fn of_preflight(reason: Reason, response: &Response) -> Self {
        Self::new(reason, response, true)
    }

    fn new(reason: Reason, response: &Response, is_preflight: bool) -> Self {
        let value = |name: &str| response.headers.get(name).map(|value| decode(&value));
        let response = WrongResponse {
            is_preflight,
            status: response.status,
            found: reason.header().and_then(value),
            has_location: response.headers.contains("location"),
            denial: value("cors-denied"),
        };
        Self {
            reason,
            response: Some(response),
        }
    }
}

impl From<Reason> for Failure {
    fn from(reason: Reason) -> Self {
        Self {
            reason,
            response: None,
        }
    }
}
