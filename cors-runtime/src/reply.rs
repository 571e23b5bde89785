//! What is said about a request: the decision, with the values for the headers, and a word to the
//! log.

use crate::decision::{self, AllowMethods};
use crate::denial::{Denial, Outcome};
use crate::headers::{Actual, Advertised, Reply, Value};
use crate::origin::{self, AllowOrigin};
use crate::policy::Policy;
use crate::request::{ORIGIN, RequestView};

/// The answer to a preflight.
pub(crate) fn preflight<'a, R: RequestView<Value: Value>>(
    policy: &'a Policy,
    methods: AllowMethods<'_>,
    advertised: &'a Advertised<R::Value>,
    request: &R,
) -> Reply<'a, R::Value> {
    match decision::preflight(policy, methods, request) {
        Ok(allow_origin) => Reply::Permit {
            policy,
            allow_origin: origin_value(allow_origin, request),
            advertised,
        },
        Err(denial) => refuse(denial, Some(policy), request),
    }
}

/// The refusal of a preflight.
pub(crate) fn refuse<'a, R: RequestView>(
    denial: Denial,
    policy: Option<&'a Policy>,
    request: &R,
) -> Reply<'a, R::Value> {
    let location = policy.map(Policy::location);
    denial.report(Outcome::PreflightRefused, location, request);
    Reply::Refuse { denial, policy }
}

/// What becomes of anything but a preflight: it is served and its response gets these headers; or,
/// where the policy says `enforce`, it is answered before anybody else sees it. So it is where a
/// policy further out answers the preflights, which is then `lent`: a permission that a looser
/// policy gave is none for a handler that is stricter.
///
/// # Errors
///
/// The answer, where the request must not be served.
pub(crate) fn actual<'a, R: RequestView<Value: Value>>(
    policy: &'a Policy,
    request: &R,
    lent: Option<Denial>,
) -> Result<Actual<R::Value>, Reply<'a, R::Value>> {
    let actual = headers(policy, request);
    let Some((denial, location)) = actual.denial else {
        return Ok(actual);
    };
    let refusal = if policy.0.enforce { Some(denial) } else { lent };
    if let Some(refusal) = refusal.filter(|_| !origin::is_same_origin(request)) {
        return Err(forbid(refusal, policy, request));
    }
    denial.report(Outcome::NoHeaders, Some(location), request);
    Ok(actual)
}

/// The refusal of an actual request.
fn forbid<'a, R: RequestView>(
    denial: Denial,
    policy: &'a Policy,
    request: &R,
) -> Reply<'a, R::Value> {
    denial.report(Outcome::RequestRefused, Some(policy.location()), request);
    Reply::Forbid { denial, policy }
}

/// The headers for a response that the policy speaks for, whether or not it would be refused.
pub(crate) fn headers<R: RequestView<Value: Value>>(
    policy: &Policy,
    request: &R,
) -> Actual<R::Value> {
    let (allow_origin, denial) = match origin::allow(policy, request) {
        Ok(allow_origin) => (Some(origin_value(allow_origin, request)), None),
        Err(denial) => (None, Some(denial).filter(|_| request.has(ORIGIN))),
    };
    Actual {
        allow_origin,
        credentials: policy.credentials(),
        expose: policy.0.expose,
        vary: policy.varies(),
        denial: denial.map(|denial| (denial, policy.location())),
    }
}

/// The headers for what no handler of a path answers: of the first policy that allows the origin,
/// else of the first.
#[cfg(any(feature = "actix-web", feature = "axum"))]
pub(crate) fn first_that_allows<'a, R: RequestView<Value: Value>>(
    policies: impl Iterator<Item = &'a Policy> + Clone,
    request: &R,
) -> Option<Actual<R::Value>> {
    let mut answers = policies.clone().map(|policy| headers(policy, request));
    let allows = |actual: &Actual<_>| actual.allow_origin.is_some();
    let mut first = answers.find(allows).or_else(|| {
        let first = policies.clone().next()?;
        Some(headers(first, request))
    })?;
    if let Some((denial, location)) = first.denial {
        denial.report(Outcome::NoHeaders, Some(location), request);
    }
    // Which of them it is depends on the origin, unless all say `*`.
    first.vary = policies.into_iter().any(Policy::varies);
    Some(first)
}

fn origin_value<R: RequestView<Value: Value>>(allow_origin: AllowOrigin, request: &R) -> R::Value {
    match allow_origin {
        AllowOrigin::Any => R::Value::from_static("*"),
        AllowOrigin::Listed(entry) => R::Value::from_static(entry),
        AllowOrigin::Requested => {
            let origin = request.origin_value();
            origin.unwrap_or_else(|| R::Value::from_static("null"))
        }
    }
}
