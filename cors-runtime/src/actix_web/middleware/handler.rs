//! The policy of one handler with a route macro.

use std::rc::Rc;

use actix_web::dev::ServiceRequest;

use super::decide::{Decide, Decision, Found, SetHeaders, actual};
use super::layer_context::DecidedData;
use crate::actix_web::routes::{AnnotatedRoute, Registry};
use crate::actix_web::view::View;
use crate::policy::Policy;
use crate::protocol::{Denial, OriginVerdict};
use crate::request::{Class, classify};

#[derive(Clone)]
pub(crate) struct HandlerCors {
    registry: Rc<Registry>,
    route: Rc<AnnotatedRoute>,
    policy: &'static Policy,
    decided: DecidedData,
}

/// The endpoint of a request.
pub(crate) enum Endpoint {
    Preflight,
    Handler,
}

impl HandlerCors {
    pub(crate) fn new(
        registry: Rc<Registry>,
        route: Rc<AnnotatedRoute>,
        policy: &'static Policy,
    ) -> Self {
        Self {
            registry,
            route,
            policy,
            decided: DecidedData::new(policy),
        }
    }
}

impl Decide for HandlerCors {
    type Endpoint = Endpoint;
    type Action = SetHeaders;

    fn find(&self, request: &mut ServiceRequest) -> Found<Endpoint, SetHeaders> {
        if classify(&View(request.head())) != Class::Preflight {
            return Found::Policy(self.policy, Endpoint::Handler);
        }
        if self.registry.is_behind_another(&self.route, request) {
            let denial = Denial::BehindAnother;
            return Found::Decided(Decision::refuse_preflight(denial, None, request));
        }
        Found::Policy(self.policy, Endpoint::Preflight)
    }

    fn decide(
        &self,
        policy: &'static Policy,
        endpoint: Endpoint,
        verdict: OriginVerdict,
        request: &mut ServiceRequest,
    ) -> Decision<SetHeaders> {
        match endpoint {
            Endpoint::Handler => actual(verdict, &self.decided, request),
            Endpoint::Preflight => match self.registry.mounted_policy(&self.route, 0) {
                Some(mounted) => {
                    Decision::Respond(mounted.preflight(verdict, &View(request.head())).into())
                }
                None => Decision::refuse_preflight(Denial::NotServed, Some(policy), request),
            },
        }
    }
}
