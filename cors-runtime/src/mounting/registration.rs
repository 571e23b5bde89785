//! What the registration of a handler means for its preflights. Browsers cache a preflight for the
//! whole path, so it depends on the other handlers of the path as well.

use std::panic::Location;

use super::Annotation;
use crate::policy::{Headers, Methods, Policy, SAFELISTED_METHODS};

/// The methods that a page can send. `methods = "*"` allows these where a path has several
/// handlers.
const SENDABLE: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// Checks an annotated handler where it is mounted. `registered` has the methods that it is mounted
/// for, if the registration names them.
///
/// # Panics
///
/// Panics if the policy lists methods without the only one that the handler is registered for, so
/// that no preflight would pass; and if the policy is not [ready](Policy::ready).
#[track_caller]
pub(crate) fn check_registration(annotation: Annotation, registered: Option<&[&str]>) {
    let Annotation { policy, handler } = annotation;
    policy.expect_ready(format_args!("`{handler}`"));
    if let Methods::List { names, joined } = policy.0.methods
        && let Some([method]) = registered
        && !SAFELISTED_METHODS.contains(method)
        && !names.contains(method)
    {
        let (call, location) = (Location::caller(), policy.location());
        panic!(
            "`{handler}` ({location}) is mounted for {method} at {call}, but its `methods` are \
             {joined}: its preflight could never pass; add {method}, or remove `methods`"
        );
    }
}

/// Returns the methods that the preflights of a handler allow: those of its policy that it serves
/// on its path. A browser caches each method of the list for the path, so the methods of other
/// handlers must not be in it.
///
/// `registered` has the methods that the handler is registered for, or `None` for every method. The
/// result is `None` if every method is allowed.
pub(crate) fn allow_methods(
    policy: &Policy,
    registered: Option<&[&'static str]>,
    is_alone: bool,
    serves: impl Fn(&str) -> bool,
) -> Option<Vec<&'static str>> {
    let candidates = match (&policy.0.methods, registered) {
        (Methods::List { names, .. }, _) => names.to_vec(),
        (Methods::Default, Some(registered)) => registered.to_vec(),
        (Methods::Default, None) => SAFELISTED_METHODS.to_vec(),
        (Methods::Any, None) if is_alone => return None,
        (Methods::Any, _) => SENDABLE.to_vec(),
    };
    let methods = candidates.into_iter().filter(|method| serves(method));
    Some(methods.collect())
}

/// Returns whether browsers must not cache the preflights of a policy, because another handler of
/// the path serves POST. `post` is the policy of that handler.
///
/// A browser caches header names without the method, and POST needs no allowed method. A cached
/// `content-type` of one handler would let a JSON POST skip the preflight of the other (Fetch,
/// "CORS-preflight cache").
pub(crate) fn forbids_caching(policy: &Policy, post: Option<&Policy>) -> bool {
    let allows_no_header = matches!(policy.0.headers, Headers::List { names: [], .. });
    !allows_no_header && !post.is_some_and(|post| policy.allows_same_headers(post))
}
