//! Decides a request by a policy and its CORS check.
//!
//! The functions do not look anything up and do not call user code. Their only effect is that they
//! log the denials that they return.

use super::denial::Denial;
use super::header_map::{Constant, ResponseHeader, ResponseHeaders, Value};
use super::headers::{ActualHeaders, CorsResponse, PreparedPolicy, Refusal};
use super::preflight::{
    AllowHeaders, AllowMethods, check_headers, check_method, requested_headers,
};
use super::report::{self, Event};
use super::same_origin::is_same_origin;
use super::verdict::{AllowOrigin, OriginVerdict};
use crate::policy::Policy;
use crate::request::RequestView;

/// Decides a preflight: first its origin, then its method, then its headers. `headers` are the
/// prepared headers of an allowed preflight.
pub(crate) fn preflight<H: ResponseHeaders>(
    policy: &Policy,
    methods: AllowMethods<'_>,
    allow_headers: &AllowHeaders,
    headers: &H,
    verdict: OriginVerdict,
    request: &impl RequestView<Value = H::Value>,
) -> CorsResponse<H> {
    match check_preflight(methods, allow_headers, verdict, request) {
        Ok(allow_origin) => {
            let mut headers = headers.clone();
            headers.replace(ResponseHeader::AllowOrigin, allow_origin);
            if policy.credentials() {
                repeat_requested(policy, methods, request, &mut headers);
            }
            CorsResponse::PreflightAllowed(headers)
        }
        Err(denial) => CorsResponse::Refused(refuse_preflight(denial, Some(policy), request)),
    }
}

/// Returns the value of `Access-Control-Allow-Origin`.
fn check_preflight<R: RequestView<Value: Value>>(
    methods: AllowMethods<'_>,
    allow_headers: &AllowHeaders,
    verdict: OriginVerdict,
    request: &R,
) -> Result<R::Value, Denial> {
    if let OriginVerdict::Denied(denial) = verdict {
        return Err(denial);
    }
    check_method(methods, request)?;
    check_headers(allow_headers, request)?;
    // A request without `Origin` is not a preflight.
    allow_origin(verdict, request)?.ok_or(Denial::Origin)
}

/// Repeats the requested values that `"*"` allows, because a browser takes `*` for a name if the
/// request has credentials.
fn repeat_requested<H: ResponseHeaders>(
    policy: &Policy,
    methods: AllowMethods<'_>,
    request: &impl RequestView<Value = H::Value>,
    headers: &mut H,
) {
    if matches!(methods, AllowMethods::Any)
        && let Some(method) = request.requested_method().value()
    {
        headers.insert(ResponseHeader::AllowMethods, method.clone());
    }
    if policy.repeats_headers()
        && let Some(names) = requested_headers(request)
    {
        headers.insert(ResponseHeader::AllowHeaders, names);
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
#[inline(always)]
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
pub(crate) struct OuterHeaders<V: 'static> {
    pub(crate) headers: ActualHeaders<V>,
    /// Logged with the response, unless an inner policy has replaced the headers.
    pub(crate) event: Event,
}

/// Decides a request as [`actual`] does, by the policy of an outer layer.
#[inline(always)]
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
    match refusal.and_then(|denial| refuse_actual(denial, policy, request)) {
        Some(refusal) => Err(refusal),
        None => Ok(outer_headers(prepared, verdict, request)),
    }
}

/// Refuses a request that is not a preflight, unless it is same-origin.
#[cold]
pub(super) fn refuse_actual(
    denial: Denial,
    policy: &Policy,
    request: &impl RequestView,
) -> Option<Refusal> {
    if is_exempt(denial, request) {
        return None;
    }
    let location = policy.location();
    report::request_refused(denial, location, request);
    Some(Refusal {
        vary: Constant::VaryRefused,
        denial,
        location: Some(location),
    })
}

/// Returns whether `enforce` does not refuse a request in spite of a denial: it is same-origin.
pub(super) fn is_exempt(denial: Denial, request: &impl RequestView) -> bool {
    !denial.is_about_host() && is_same_origin(request)
}

/// Decides only the headers of a response. The request is not refused.
#[inline(always)]
pub(crate) fn outer_headers<R: RequestView<Value: Value>>(
    policy: &PreparedPolicy<R::Value>,
    verdict: OriginVerdict,
    request: &R,
) -> OuterHeaders<R::Value> {
    let headers = actual_headers(policy, verdict, request);
    let event = Event::no_headers(headers.denial, headers.policy.location(), request);
    OuterHeaders { headers, event }
}

#[inline(always)]
pub(super) fn actual_headers<R: RequestView<Value: Value>>(
    policy: &PreparedPolicy<R::Value>,
    verdict: OriginVerdict,
    request: &R,
) -> ActualHeaders<R::Value> {
    ActualHeaders::new(policy, allow_origin(verdict, request))
}

/// Returns the value of `Access-Control-Allow-Origin`, or `None` for a request without `Origin`.
#[inline(always)]
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
