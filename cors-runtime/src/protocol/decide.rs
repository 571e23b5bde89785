//! Decides a request by a policy and its CORS check.
//!
//! The functions do not look anything up and do not call user code. Their only effect is that they
//! log the denials that they return.

use super::denial::Denial;
use super::header_map::{Constant, ResponseHeaders, Value};
use super::headers::{ActualHeaders, CorsResponse, PreparedPolicy, Refusal, Repeated};
use super::preflight::{
    AllowHeaders, AllowMethods, check_headers, check_method, requested_headers,
};
use super::report::{self, Event};
use super::same_origin::is_same_origin;
use super::verdict::{AllowOrigin, OriginVerdict};
use crate::policy::Policy;
use crate::request::RequestView;

/// Decides a preflight: first its origin, then its method, then its headers.
pub(crate) fn preflight<'a, H: ResponseHeaders>(
    policy: &Policy,
    methods: AllowMethods<'_>,
    allow_headers: &AllowHeaders,
    headers: &'a H,
    verdict: OriginVerdict,
    request: &impl RequestView<Value = H::Value>,
) -> CorsResponse<'a, H> {
    let checked = allow_origin(verdict, request).and_then(|allow_origin| {
        check_method(methods, request)?;
        check_headers(allow_headers, request)?;
        // A request without `Origin` is not a preflight.
        allow_origin.ok_or(Denial::Origin)
    });
    match checked {
        Ok(allow_origin) => CorsResponse::PreflightAllowed {
            allow_origin,
            repeated: repeated(policy, methods, request),
            headers,
        },
        Err(denial) => CorsResponse::Refused(refuse_preflight(denial, Some(policy), request)),
    }
}

/// Returns the requested values that the response to an allowed preflight repeats.
fn repeated<R: RequestView<Value: Value>>(
    policy: &Policy,
    methods: AllowMethods<'_>,
    request: &R,
) -> Repeated<R::Value> {
    let repeats_method = policy.credentials() && matches!(methods, AllowMethods::Any);
    let method = request.requested_method().value();
    Repeated {
        method: method.filter(|_| repeats_method).cloned(),
        headers: policy
            .repeats_headers()
            .then(|| requested_headers(request))
            .flatten(),
    }
}

/// Refuses a preflight. `policy` is `None` if the policy for the preflight is not known.
pub(crate) fn refuse_preflight(
    denial: Denial,
    policy: Option<&Policy>,
    request: &impl RequestView,
) -> Refusal {
    let location = policy.map(Policy::location);
    report::preflight_refused(denial, location, request);
    Refusal {
        vary: Constant::VaryPreflight,
        denial,
        location,
    }
}

/// Decides a request that is not a preflight, by the policy of its handler.
///
/// `Ok`: call the handler, and add these headers. `Err`: send this response without calling the
/// handler, because the policy has `enforce`, or because an outer policy answered the preflight
/// (`outer_denial`) and this policy denies the origin.
#[inline]
pub(crate) fn actual<R: RequestView<Value: Value>>(
    policy: &PreparedPolicy<R::Value>,
    verdict: OriginVerdict,
    outer_denial: Option<Denial>,
    request: &R,
) -> Result<ActualHeaders<R::Value>, Refusal> {
    let outer = outer_actual(policy, verdict, outer_denial, request)?;
    outer.event.log();
    Ok(outer.headers)
}

/// The headers that an outer layer decides, which an inner policy may replace.
#[derive(Debug)]
pub(crate) struct OuterHeaders<V> {
    pub(crate) headers: ActualHeaders<V>,
    /// Logged with the response, unless an inner policy has replaced the headers.
    pub(crate) event: Event,
}

/// Decides a request as [`actual`] does, by the policy of an outer layer.
#[inline]
pub(crate) fn outer_actual<R: RequestView<Value: Value>>(
    prepared: &PreparedPolicy<R::Value>,
    verdict: OriginVerdict,
    outer_denial: Option<Denial>,
    request: &R,
) -> Result<OuterHeaders<R::Value>, Refusal> {
    let policy = prepared.policy;
    let refusal = match verdict {
        OriginVerdict::Denied(denial) if policy.enforce() => Some(denial),
        OriginVerdict::Denied(_) => outer_denial,
        OriginVerdict::NotCors | OriginVerdict::Allowed(_) => None,
    };
    let is_excused = |denial: &Denial| !denial.is_about_host() && is_same_origin(request);
    if let Some(denial) = refusal.filter(|denial| !is_excused(denial)) {
        let location = policy.location();
        report::request_refused(denial, location, request);
        return Err(Refusal {
            vary: Constant::VaryRefused,
            denial,
            location: Some(location),
        });
    }
    Ok(outer_headers(prepared, verdict, request))
}

/// Decides only the headers of a response. The request is not refused.
#[inline]
pub(crate) fn outer_headers<R: RequestView<Value: Value>>(
    policy: &PreparedPolicy<R::Value>,
    verdict: OriginVerdict,
    request: &R,
) -> OuterHeaders<R::Value> {
    let headers = actual_headers(policy, verdict, request);
    let event = Event::no_headers(headers.denial, headers.policy.location(), request);
    OuterHeaders { headers, event }
}

pub(super) fn actual_headers<R: RequestView<Value: Value>>(
    policy: &PreparedPolicy<R::Value>,
    verdict: OriginVerdict,
    request: &R,
) -> ActualHeaders<R::Value> {
    ActualHeaders::new(policy, allow_origin(verdict, request))
}

/// Returns the value of `Access-Control-Allow-Origin`, or `None` for a request without `Origin`.
fn allow_origin<R: RequestView<Value: Value>>(
    verdict: OriginVerdict,
    request: &R,
) -> Result<Option<R::Value>, Denial> {
    match verdict {
        OriginVerdict::NotCors => Ok(None),
        OriginVerdict::Allowed(AllowOrigin::Any) => Ok(Some(Constant::Any.value())),
        OriginVerdict::Allowed(AllowOrigin::Requested) => Ok(request.origin().value().cloned()),
        OriginVerdict::Denied(denial) => Err(denial),
    }
}
