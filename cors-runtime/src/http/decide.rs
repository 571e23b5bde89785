//! The steps of the protocol for requests of `http` 1, inside of the layers of the request.

use http::{HeaderValue, Request};

use super::layers::LayerContext;
#[cfg(any(feature = "axum", feature = "tower"))]
use super::layers::Scope;
use crate::origins::SourceResults;
use crate::policy::Policy;
use crate::protocol::{
    self, ActualHeaders, CorsCheck, OriginVerdict, PreparedPolicy, Refusal, decide,
};
use crate::request::Received;

/// Makes the CORS check. Does not call a source that an outer layer has already called.
#[inline(always)]
pub(crate) fn cors_check<Q>(
    policy: &'static Policy,
    received: &Received<'_, Request<Q>>,
) -> CorsCheck {
    cors_check_with(policy, received, &mut SourceResults::default())
}

/// Makes the CORS check as [`cors_check`] does. `results` is empty, and receives the results of the
/// sources. A pending check returns all results itself.
#[inline(always)]
pub(crate) fn cors_check_with<Q>(
    policy: &'static Policy,
    received: &Received<'_, Request<Q>>,
    results: &mut SourceResults,
) -> CorsCheck {
    if policy.has_sources() {
        *results = known_results(received.request());
    }
    protocol::cors_check(policy, received, results)
}

/// Returns the results of the sources that the outer layers have called.
fn known_results<Q>(request: &Request<Q>) -> SourceResults {
    let context = LayerContext::of(request);
    let results = context.and_then(|context| context.results(request));
    results.unwrap_or_default()
}

/// Decides a request that is not a preflight, and passes the result to the outer layers.
#[inline(always)]
pub(crate) fn actual<Q>(
    policy: &PreparedPolicy<HeaderValue>,
    verdict: OriginVerdict,
    received: &Received<'_, Request<Q>>,
) -> Result<ActualHeaders<HeaderValue>, Refusal> {
    let context = LayerContext::of(received.request());
    let outer_denial = context.and_then(|context| context.outer_denial(policy.policy));
    let headers = decide::actual(policy, verdict, outer_denial, received);
    if let Some(context) = context {
        context.set_headers(headers.as_ref().ok());
    }
    headers
}

/// Decides a request as [`actual`] does, by a policy with unknown inner endpoints, which may have
/// their own policies. The scope contains the headers for the response.
#[cfg(any(feature = "axum", feature = "tower"))]
#[inline(always)]
pub(crate) fn outer_actual<Q>(
    prepared: &PreparedPolicy<HeaderValue>,
    verdict: OriginVerdict,
    results: SourceResults,
    received: &Received<'_, Request<Q>>,
) -> Result<Scope, Refusal> {
    let (policy, request) = (prepared.policy, received.request());
    let context = LayerContext::of(request);
    // The policy of the handler itself has already decided what an outer policy may have allowed.
    let undecided = context.filter(|context| !context.is_final());
    let outer_denial = undecided.and_then(|context| context.outer_denial(policy));
    match decide::outer_actual(prepared, verdict, outer_denial, received) {
        Ok(headers) => Ok(Scope::new(request, policy, results, headers)),
        Err(refusal) => {
            if let Some(context) = context {
                context.refuse();
            }
            Err(refusal)
        }
    }
}

/// Decides a response that does not come from a handler, such as a 405, by the policies of its
/// path. Refuses the request if all of them have `enforce` and deny it.
#[cfg(feature = "axum")]
pub(crate) fn first_allowed<Q>(
    policies: impl Iterator<Item = PreparedPolicy<HeaderValue>> + Clone,
    received: &Received<'_, Request<Q>>,
) -> Result<Option<ActualHeaders<HeaderValue>>, Refusal> {
    let request = received.request();
    let mut results = known_results(request);
    let all = policies.clone().map(|prepared| Some(prepared.policy));
    let headers = match protocol::refused_by_all(all, received, &mut results) {
        Some(refusal) => Err(refusal),
        None => Ok(protocol::first_allowed(policies, received, results)),
    };
    if let Some(context) = LayerContext::of(request) {
        context.set_headers(headers.as_ref().ok().and_then(Option::as_ref));
    }
    headers
}

/// Decides a response that does not come from a handler, such as a 405, by the only policy of its
/// path. Refuses the request if the policy has `enforce` and denies it.
#[cfg(feature = "axum")]
pub(crate) fn not_served<Q>(
    policy: &PreparedPolicy<HeaderValue>,
    verdict: OriginVerdict,
    received: &Received<'_, Request<Q>>,
) -> Result<ActualHeaders<HeaderValue>, Refusal> {
    let headers = decide::actual(policy, verdict, None, received);
    if let Some(context) = LayerContext::of(received.request()) {
        context.set_headers(headers.as_ref().ok());
    }
    headers
}

/// Refuses a request whose policy is uncertain, if all policies that may apply have `enforce` and
/// deny the request. `None` among them is a handler without a policy.
#[cfg(feature = "axum")]
pub(crate) fn refused_by_all<Q>(
    policies: impl Iterator<Item = Option<&'static Policy>>,
    received: &Received<'_, Request<Q>>,
) -> Option<Refusal> {
    let request = received.request();
    let refusal = protocol::refused_by_all(policies, received, &mut known_results(request))?;
    if let Some(context) = LayerContext::of(request) {
        context.refuse();
    }
    Some(refusal)
}
