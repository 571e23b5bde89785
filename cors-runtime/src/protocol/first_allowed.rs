//! Decides a response that no handler makes.

use std::mem;

use super::cors_check::cors_check;
use super::decide::actual_headers;
use super::header_map::Value;
use super::headers::ActualHeaders;
use super::report::Event;
use crate::origins::SourceResults;
use crate::policy::Policy;
use crate::request::RequestView;

/// Decides a response that no handler makes, such as a 405: by the first policy of the path that
/// allows the origin, else by the first one. Returns `None` if there is no policy.
///
/// A pending check counts as denied. `results` has the results of the sources that have been called
/// for the request before.
pub(crate) fn first_allowed<R: RequestView<Value: Value>>(
    policies: impl Iterator<Item = &'static Policy> + Clone,
    request: &R,
    mut results: SourceResults,
) -> Option<ActualHeaders<R::Value>> {
    let mut checks = policies.clone().map(|policy| {
        let checked = cors_check(policy, request, mem::take(&mut results)).without_waiting();
        results = checked.results;
        actual_headers(policy, checked.verdict, request)
    });
    let first = checks.next()?;
    let mut headers = if first.allow_origin.is_some() {
        first
    } else {
        checks.find(|it| it.allow_origin.is_some()).unwrap_or(first)
    };
    Event::no_headers(headers.denial, headers.policy.location(), request).log();
    // Which policy applies depends on the origin, unless all of them allow every origin.
    headers.vary = policies.into_iter().any(Policy::varies);
    Some(headers)
}
