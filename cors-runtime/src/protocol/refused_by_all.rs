//! Refuses a request whose responder is not one handler.

use super::OriginVerdict;
use super::cors_check::cors_check;
use super::decide::{is_exempt, refuse_actual};
use super::headers::Refusal;
use crate::origins::SourceResults;
use crate::policy::Policy;
use crate::request::RequestView;

/// Refuses a request that is not a preflight, if each of the policies has `enforce` and denies the
/// request. `None` among the policies allows the request.
///
/// A pending check counts as denied. `results` contains the results of the sources that have been
/// called for the request before, and receives those of this call.
pub(crate) fn refused_by_all(
    policies: impl Iterator<Item = Option<&'static Policy>>,
    request: &impl RequestView,
    results: &mut SourceResults,
) -> Option<Refusal> {
    let mut first = None;
    for policy in policies {
        let policy = policy.filter(|policy| policy.enforce())?;
        let check = cors_check(policy, request, results);
        let OriginVerdict::Denied(denial) = check.without_waiting() else {
            return None;
        };
        if is_exempt(denial, request) {
            return None;
        }
        first.get_or_insert((denial, policy));
    }
    let (denial, policy) = first?;
    refuse_actual(denial, policy, request)
}
