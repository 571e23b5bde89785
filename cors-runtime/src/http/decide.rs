//! The steps of the protocol for requests of `http` 1, with the [`LayerContext`] of outer layers.

use http::{HeaderValue, Request};

use super::layer_context::LayerContext;
#[cfg(any(feature = "axum", feature = "tower"))]
use super::layer_context::LayerVerdict;
use crate::policy::Policy;
use crate::protocol::{self, ActualHeaders, CorsCheck, CorsResponse, OriginVerdict, decide};

/// Makes the CORS check, unless an outer layer with the same policy has made it.
pub(crate) fn cors_check<Q>(policy: &'static Policy, request: &Request<Q>) -> CorsCheck {
    let known = LayerContext::of(request).and_then(|context| context.cors_check(policy, request));
    known.unwrap_or_else(|| protocol::cors_check(policy, request))
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
    verdict: OriginVerdict,
    request: &mut Request<Q>,
) -> Result<LayerContext, CorsResponse<'static, HeaderValue>> {
    let context = LayerContext::of(request);
    let outer_denial = context.and_then(|context| context.outer_denial(policy));
    match decide::outer_actual(policy, verdict, outer_denial, request) {
        Ok(outer) => {
            let verdict = LayerVerdict::Known(verdict);
            let (headers, event) = (outer.headers, Some(outer.event));
            Ok(LayerContext::attach(
                request, policy, verdict, headers, event,
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
