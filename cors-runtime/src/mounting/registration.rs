//! Determines the preflights of a handler by its registration. Browsers cache a preflight for the
//! whole path, so the preflights also depend on the other handlers of the path.

use std::panic::Location;

use super::Annotation;
use crate::policy::{Headers, Methods, Policy, SAFELISTED_METHODS};

/// The methods that a page can send. On a path with several handlers, `methods = "*"` allows these
/// methods.
const SENDABLE: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// Checks an annotated handler when it is mounted. `registered` contains the methods of the
/// registration, if the registration names methods.
///
/// # Panics
///
/// Panics if the policy lists methods, but none of those that the handler is registered for,
/// because no preflight would pass. Panics if the policy is not [ready](Policy::ready).
#[track_caller]
pub(crate) fn check_registration(annotation: Annotation, registered: Option<&[&str]>) {
    let Annotation { policy, handler } = annotation;
    policy.expect_ready(format_args!("`{handler}`"));
    let is_allowed =
        |names: &[&str], method| SAFELISTED_METHODS.contains(method) || names.contains(method);
    if let Methods::List { names, joined } = policy.0.methods
        && let Some(registered @ [_, ..]) = registered
        && !registered.iter().any(|method| is_allowed(names, method))
    {
        let (call, location) = (Location::caller(), policy.location());
        let methods = registered.join(", ");
        let add = match registered {
            [method] => method,
            _ => "one of them",
        };
        panic!(
            "`{handler}` ({location}) is mounted for {methods} at {call}, but its `methods` are \
             {joined}: its preflight could never pass; add {add}, or remove `methods`"
        );
    }
}

/// Returns the methods that the preflights of a handler allow: the methods of its policy that the
/// handler serves on its path. A browser caches each method of the list for the path, so the list
/// must not contain the methods of other handlers.
///
/// `registered` contains the methods of the registration, or `None` for every method. The result is
/// `None` if every method is allowed.
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
