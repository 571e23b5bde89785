//! Decides a response that does not come from a handler.

use super::cors_check::cors_check;
use super::decide::actual_headers;
use super::header_map::Value;
use super::headers::{ActualHeaders, PreparedPolicy};
use super::report::Event;
use crate::origins::SourceResults;
use crate::request::RequestView;

/// Decides a response that does not come from a handler, such as a 405. Uses the first policy of
/// the path that allows the origin, or else the first policy. Returns `None` without a policy.
///
/// A pending check counts as denied. `results` contains the results of the sources that have been
/// called for the request before.
pub(crate) fn first_allowed<R: RequestView<Value: Value>>(
    policies: impl Iterator<Item = PreparedPolicy<R::Value>> + Clone,
    request: &R,
    mut results: SourceResults,
) -> Option<ActualHeaders<R::Value>> {
    let mut checks = policies.clone().map(|prepared| {
        let check = cors_check(prepared.policy, request, &mut results);
        actual_headers(&prepared, check.without_waiting(), request)
    });
    let first = checks.next()?;
    let mut headers = if first.allow_origin.is_some() {
        first
    } else {
        checks.find(|it| it.allow_origin.is_some()).unwrap_or(first)
    };
    Event::no_headers(headers.denial, headers.policy.location(), request).log();
    // The selected policy depends on the origin, unless all policies allow every origin.
    headers.vary = policies
        .into_iter()
        .any(|prepared| prepared.policy.varies());
    Some(headers)
}
