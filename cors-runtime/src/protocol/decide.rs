//! Decides a request by a policy and its CORS check.
//!
//! The functions are pure: they look nothing up, and call no code of the user. They log the denials
//! that they return.

use super::denial::Denial;
use super::header_map::{Constant, Value};
use super::headers::{ActualHeaders, CorsResponse, PreflightHeaders};
use super::preflight::{AllowMethods, check_headers, check_method};
use super::report::{self, Event};
use super::same_origin::is_same_origin;
use super::verdict::{AllowOrigin, OriginVerdict};
use crate::policy::Policy;
use crate::request::RequestView;

/// Decides a preflight: first its origin, then its method, then its headers.
pub(crate) fn preflight<'a, R: RequestView<Value: Value>>(
    policy: &Policy,
    methods: AllowMethods<'_>,
    headers: &'a PreflightHeaders<R::Value>,
    verdict: OriginVerdict,
    request: &R,
) -> CorsResponse<'a, R::Value> {
    let checked = allowed(verdict).and_then(|allow_origin| {
        check_method(methods, request)?;
        check_headers(&policy.0.headers, request)?;
        Ok(allow_origin)
    });
    match checked {
        Ok(allow_origin) => CorsResponse::PreflightAllowed {
            allow_origin: origin_value(allow_origin, request),
            headers,
        },
        Err(denial) => refuse_preflight(denial, Some(policy), request),
    }
}

fn allowed(verdict: OriginVerdict) -> Result<AllowOrigin, Denial> {
    match verdict {
        OriginVerdict::Allowed(allow_origin) => Ok(allow_origin),
        OriginVerdict::Denied(denial) => Err(denial),
        // A preflight has an `Origin`: the adapter would not have called it one.
        OriginVerdict::NotCors => Err(Denial::Origin),
    }
}

/// Refuses a preflight. `policy` is `None` if no policy is known to decide it.
pub(crate) fn refuse_preflight<'a, R: RequestView>(
    denial: Denial,
    policy: Option<&Policy>,
    request: &R,
) -> CorsResponse<'a, R::Value> {
    let location = policy.map(Policy::location);
    report::preflight_refused(denial, location, request);
    CorsResponse::PreflightRefused { denial, location }
}

/// Decides a request that is not a preflight, by the policy of its handler.
///
/// `Ok`: call the handler, and add these headers. `Err`: send this response without calling the
/// handler, because the policy has `enforce`, or because an outer policy answered the preflight
/// (`outer_denial`) and this policy denies the origin.
pub(crate) fn actual<R: RequestView<Value: Value>>(
    policy: &'static Policy,
    verdict: OriginVerdict,
    outer_denial: Option<Denial>,
    request: &R,
) -> Result<ActualHeaders<R::Value>, CorsResponse<'static, R::Value>> {
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

/// Decides a request as [`actual`], by the policy of an outer layer.
pub(crate) fn outer_actual<R: RequestView<Value: Value>>(
    policy: &'static Policy,
    verdict: OriginVerdict,
    outer_denial: Option<Denial>,
    request: &R,
) -> Result<OuterHeaders<R::Value>, CorsResponse<'static, R::Value>> {
    let outer = outer_headers(policy, verdict, request);
    let refusal = outer.headers.denial.and_then(|denial| {
        let refusal = if policy.enforce() {
            Some(denial)
        } else {
            outer_denial
        };
        refusal.filter(|_| !is_same_origin(request))
    });
    if let Some(denial) = refusal {
        let location = policy.location();
        report::request_refused(denial, location, request);
        return Err(CorsResponse::RequestRefused { denial, location });
    }
    Ok(outer)
}

/// Decides a request that a handler has served: it cannot be refused any more.
pub(crate) fn outer_headers<R: RequestView<Value: Value>>(
    policy: &'static Policy,
    verdict: OriginVerdict,
    request: &R,
) -> OuterHeaders<R::Value> {
    let headers = actual_headers(policy, verdict, request);
    let event = Event::no_headers(headers.denial, policy.location(), request);
    OuterHeaders { headers, event }
}

pub(super) fn actual_headers<R: RequestView<Value: Value>>(
    policy: &'static Policy,
    verdict: OriginVerdict,
    request: &R,
) -> ActualHeaders<R::Value> {
    let (allow_origin, denial) = match verdict {
        OriginVerdict::NotCors => (None, None),
        OriginVerdict::Allowed(allow_origin) => (Some(origin_value(allow_origin, request)), None),
        OriginVerdict::Denied(denial) => (None, Some(denial)),
    };
    ActualHeaders {
        policy,
        allow_origin,
        denial,
        vary: policy.varies(),
    }
}

fn origin_value<R: RequestView<Value: Value>>(allow_origin: AllowOrigin, request: &R) -> R::Value {
    match allow_origin {
        AllowOrigin::Any => R::Value::constant(Constant::Any),
        // A request whose origin is allowed has one.
        AllowOrigin::Requested => {
            let origin = request.origin_value();
            origin.unwrap_or_else(|| R::Value::constant(Constant::Null))
        }
    }
}
