//! Decides a response that no handler makes.

use super::cors_check::check_with;
use super::decide::actual_headers;
use super::header_map::Value;
use super::headers::ActualHeaders;
use super::report::Event;
use super::verdict::CorsCheck;
use crate::origins::{SourceEntry, SourceFailure};
use crate::policy::Policy;
use crate::request::{RequestHead, RequestView};

/// Decides a response that no handler makes, such as a 405: by the first policy of the path that
/// allows the origin, else by the first one. Returns `None` if there is no policy.
///
/// A pending check counts as denied, and each source is called once.
pub(crate) fn first_allowed<R: RequestView<Value: Value>>(
    policies: impl Iterator<Item = &'static Policy> + Clone,
    request: &R,
) -> Option<ActualHeaders<R::Value>> {
    let mut called = Called::new();
    let mut checks = policies.clone().map(|policy| {
        let check = check_once(policy, request, &mut called);
        actual_headers(policy, check.without_waiting(), request)
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

/// The sources that have been called, and what they returned.
type Called = Vec<(&'static SourceEntry, Result<bool, SourceFailure>)>;

fn check_once(policy: &Policy, request: &impl RequestView, called: &mut Called) -> CorsCheck {
    check_with(policy, request, |source, origin| {
        let before = called.iter().find(|(it, _)| it.calls_same_source(source));
        if let Some((_, result)) = before {
            return *result;
        }
        let head = RequestHead::new(request);
        let result = source.allows(origin, &head, policy.credentials(), policy.location());
        called.push((source, result));
        result
    })
}
