//! The steps of the protocol for requests of `http` 1, with the [`LayerContext`] of outer layers.

use http::{HeaderValue, Request};

use super::layer_context::LayerContext;
use crate::origins::SourceResults;
use crate::policy::Policy;
#[cfg(any(feature = "axum", feature = "tower"))]
use crate::protocol::CheckedOrigin;
use crate::protocol::{self, ActualHeaders, CorsCheck, CorsResponse, OriginVerdict, decide};

/// Makes the CORS check. A source that an outer layer has called is not called again.
pub(crate) fn cors_check<Q>(policy: &'static Policy, request: &Request<Q>) -> CorsCheck {
    protocol::cors_check(policy, request, results(request))
}

fn results<Q>(request: &Request<Q>) -> SourceResults {
    let context = LayerContext::of(request);
    context
        .map(|context| context.results(request))
        .unwrap_or_default()
}

/// Decides a request that is not a preflight, and passes the result to the outer layers.
pub(crate) fn actual<Q>(
    policy: &'static Policy,
    verdict: OriginVerdict,
    request: &Request<Q>,
) -> Result<ActualHeaders<HeaderValue>, CorsResponse<'static, HeaderValue>> {
    let context = LayerContext::of(request);
    let outer_denial = context.and_then(|context| context.outer_denial(policy));
    let headers = decide::actual(policy, verdict, outer_denial, request);
    if let Some(context) = context {
        context.set_headers(headers.as_ref().ok());
    }
    headers
}

/// Decides a request as [`actual`], by a policy with unknown endpoints inside of it, which may have
/// policies of their own. The context has the headers for the response.
#[cfg(any(feature = "axum", feature = "tower"))]
pub(crate) fn outer_actual<Q>(
    policy: &'static Policy,
    checked: CheckedOrigin,
    request: &mut Request<Q>,
) -> Result<LayerContext, CorsResponse<'static, HeaderValue>> {
    let context = LayerContext::of(request);
    let outer_denial = context.and_then(|context| context.outer_denial(policy));
    match decide::outer_actual(policy, checked.verdict, outer_denial, request) {
        Ok(outer) => {
            let results = checked.results;
            let (headers, event) = (outer.headers, outer.event);
            Ok(LayerContext::attach(
                request, policy, results, headers, event,
            ))
        }
        Err(response) => {
            if let Some(context) = context {
                context.set_headers(None);
            }
            Err(response)
        }
    }
}

/// Decides a response that no handler makes, such as a 405, by the policies of its path.
#[cfg(feature = "axum")]
pub(crate) fn first_allowed<Q>(
    policies: impl Iterator<Item = &'static Policy> + Clone,
    request: &Request<Q>,
) -> Option<ActualHeaders<HeaderValue>> {
    protocol::first_allowed(policies, request, results(request))
}

/// Decides a response that no handler makes, such as a 405, by the only policy of its path.
#[cfg(feature = "axum")]
pub(crate) fn not_served<Q>(
    policy: &'static Policy,
    verdict: OriginVerdict,
    request: &Request<Q>,
) -> ActualHeaders<HeaderValue> {
    let outer = decide::outer_headers(policy, verdict, request);
    outer.event.log();
    if let Some(context) = LayerContext::of(request) {
        context.set_headers(Some(&outer.headers));
    }
    outer.headers
}
