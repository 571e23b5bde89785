//! What the handlers of one path mean for each other's preflights: browsers keep a permission for
//! the whole path.

use std::panic::Location;

use crate::annotated::Annotation;
use crate::decision::AllowMethods;
use crate::headers::{Advertised, Reply, Value};
use crate::policy::{Headers, Methods, Policy, SAFELISTED_METHODS};
use crate::reply;
use crate::request::RequestView;

/// What a page can send: what `methods = "*"` stands for where a path has several handlers.
const SENDABLE: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// For a handler that is mounted. `registered`: the methods that it is mounted for, if that names
/// them.
///
/// # Panics
///
/// If the policy lists methods, and the only one that its handler is registered for is not among
/// them: no preflight would pass. If a list that the policy names is not ready.
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

/// The methods that the preflights of a handler allow: its policy's, cut to what it serves on its
/// path. A browser keeps a permission for every method in the list, so a sibling's must not be in
/// it, and `*` would be all of them. `registered`: the methods it was registered for, `None` for
/// any. The answer is `None` for any, too.
pub(crate) fn advertised(
    policy: &Policy,
    registered: Option<&[&'static str]>,
    alone: bool,
    serves: impl Fn(&str) -> bool,
) -> Option<Vec<&'static str>> {
    let candidates = match (&policy.0.methods, registered) {
        (Methods::List { names, .. }, _) => names.to_vec(),
        (Methods::Default, Some(registered)) => registered.to_vec(),
        (Methods::Default, None) => SAFELISTED_METHODS.to_vec(),
        (Methods::Any, None) if alone => return None,
        (Methods::Any, _) => SENDABLE.to_vec(),
    };
    let cut = candidates.into_iter().filter(|method| serves(method));
    Some(cut.collect())
}

/// Whether a browser must not keep the preflights of a policy beside a POST of somebody else, who
/// may have a policy. It keeps the names of headers without the method, and POST needs no
/// permission of its own: a permission for `content-type` from one handler would carry a JSON POST
/// past the preflight of another (Fetch, "CORS-preflight cache").
pub(crate) fn must_not_cache(policy: &Policy, post: Option<&Policy>) -> bool {
    let no_headers = matches!(policy.0.headers, Headers::List { names: [], .. });
    !no_headers && !post.is_some_and(|post| policy.allows_headers_like(post))
}

/// The policy of one handler on its path, with the values of its headers.
#[derive(Debug)]
pub(crate) struct Rules<V> {
    pub(crate) policy: &'static Policy,
    /// `None`: any.
    methods: Option<Vec<&'static str>>,
    advertised: Advertised<V>,
}

impl<V: Value> Rules<V> {
    pub(crate) fn new(
        policy: &'static Policy,
        methods: Option<Vec<&'static str>>,
        must_not_cache: bool,
    ) -> Self {
        let max_age = if must_not_cache {
            Some("0")
        } else {
            policy.0.max_age
        };
        let value = match &methods {
            Some(methods) => joined(methods),
            None => Some(V::from_static("*")),
        };
        Self {
            policy,
            methods,
            advertised: Advertised::new(policy, value, max_age),
        }
    }

    pub(crate) fn preflight<R: RequestView<Value = V>>(&self, request: &R) -> Reply<'_, V> {
        let methods = self.methods.as_deref();
        let methods = methods.map_or(AllowMethods::Any, AllowMethods::Names);
        reply::preflight(self.policy, methods, &self.advertised, request)
    }
}

fn joined<V: Value>(names: &[&str]) -> Option<V> {
    let value = (!names.is_empty()).then(|| names.join(", "))?;
    V::from_bytes(value.as_bytes())
}
