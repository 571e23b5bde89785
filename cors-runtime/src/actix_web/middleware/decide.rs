//! Decides requests, and changes responses.

use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::{Error, HttpResponse};

use super::layer_context::{Decided, LayerContext};
use crate::actix_web::routes::{AnnotatedRoute, Registry};
use crate::actix_web::view::{ActualHeaders, PreparedPolicy, View};
use crate::origins::SourceResults;
use crate::policy::Policy;
use crate::protocol::{CorsCheck, Denial, OriginVerdict, cors_check, decide};

/// Decides the requests of a middleware.
pub trait Decide: Clone + 'static {
    /// The data about the endpoint for [`decide`](Self::decide).
    type Endpoint;
    type Action: ResponseAction;

    /// Finds the policy of a request, or decides a request without a policy.
    fn find(&self, request: &mut ServiceRequest) -> Found<Self::Endpoint, Self::Action>;

    /// Decides a request by its policy.
    fn decide(
        &self,
        policy: &'static Policy,
        endpoint: Self::Endpoint,
        verdict: OriginVerdict,
        request: &mut ServiceRequest,
    ) -> Decision<Self::Action>;
}

/// The result of [`Decide::find`].
pub enum Found<E, A> {
    /// The CORS check of this policy decides.
    Policy(&'static Policy, E),
    /// The request does not have a policy.
    Decided(Decision<A>),
}

/// The decision for a request.
pub enum Decision<A> {
    /// Sends this response.
    Respond(HttpResponse),
    /// Calls the inner service.
    CallInner(A),
}

/// The changes to the response of the inner service.
pub trait ResponseAction: 'static {
    fn on_response<B>(self, response: &mut ServiceResponse<B>);
    fn on_error(self, error: &mut Error);
}

impl<A> Decision<A> {
    pub(super) fn refuse_preflight(
        denial: Denial,
        policy: Option<&Policy>,
        request: &ServiceRequest,
    ) -> Self {
        let view = View(request.head());
        Self::Respond(decide::refuse_preflight(denial, policy, &view).into())
    }
}

/// The headers of the handler's policy.
#[derive(Default)]
pub(crate) struct SetHeaders {
    headers: Option<ActualHeaders>,
    /// Whether an outer `Cors` must not add headers to an error response.
    is_inside: bool,
}

impl SetHeaders {
    /// Sets the headers of a request, and records them for an outer `Cors`.
    pub(super) fn decided(headers: Option<ActualHeaders>, request: &ServiceRequest) -> Self {
        let is_inside = headers.as_ref().is_some_and(|headers| {
            LayerContext::decide(request, || Decided::Headers(headers.clone()))
        });
        Self { headers, is_inside }
    }
}

impl ResponseAction for SetHeaders {
    fn on_response<B>(self, response: &mut ServiceResponse<B>) {
        if let Some(headers) = self.headers {
            headers.apply(response.headers_mut());
        }
    }

    fn on_error(self, error: &mut Error) {
        let Some(headers) = self.headers else { return };
        error.add_response_mapper(move |mut response| {
            headers.clone().apply(response.headers_mut());
            if self.is_inside {
                let decided = Decided::Headers(headers.clone());
                response.extensions_mut().insert(decided);
            }
            response
        });
    }
}

/// Makes the CORS check, unless an outer middleware with the same policy has made it.
pub(super) fn check(policy: &'static Policy, request: &ServiceRequest) -> CorsCheck {
    match LayerContext::verdict(request, policy) {
        Some(verdict) => CorsCheck::Known(verdict),
        None => cors_check(policy, &View(request.head()), &mut SourceResults::default()),
    }
}

/// Decides a preflight for a handler of a route.
pub(super) fn preflight(
    registry: &Registry,
    route: &AnnotatedRoute,
    handler: usize,
    verdict: OriginVerdict,
    request: &ServiceRequest,
) -> Decision<SetHeaders> {
    let Some(mounted) = registry.mounted_policy(route, handler) else {
        return Decision::refuse_preflight(Denial::NotServed, None, request);
    };
    let response = mounted.preflight(verdict, &View(request.head()));
    // Checked last, because it routes the request once more.
    if response.is_allowed() && registry.is_behind_another(route, request) {
        return Decision::refuse_preflight(Denial::BehindAnother, None, request);
    }
    Decision::Respond(response.into())
}

/// Decides a request that is not a preflight, by the policy of its handler.
pub(super) fn actual(
    verdict: OriginVerdict,
    policy: &PreparedPolicy,
    request: &ServiceRequest,
) -> Decision<SetHeaders> {
    let outer_denial = LayerContext::outer_denial(request, policy.policy, verdict);
    match decide::actual(policy, verdict, outer_denial, &View(request.head())) {
        Ok(headers) => Decision::CallInner(SetHeaders::decided(Some(headers), request)),
        Err(response) => {
            LayerContext::decide(request, || Decided::Unchanged);
            Decision::Respond(response.into())
        }
    }
}
