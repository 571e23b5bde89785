//! The policy of one handler with a route macro.

use std::rc::Rc;

use actix_web::dev::ServiceRequest;

use super::decide::{Decide, Decision, Found, SetHeaders, actual, preflight};
use crate::actix_web::routes::{AnnotatedRoute, Registry};
use crate::actix_web::view::{PreparedPolicy, View};
use crate::policy::Policy;
use crate::protocol::OriginVerdict;
use crate::request::{Class, classify};

#[derive(Clone)]
pub(crate) struct HandlerCors {
    registry: Rc<Registry>,
    route: Rc<AnnotatedRoute>,
    policy: &'static Policy,
    prepared: PreparedPolicy,
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
            prepared: PreparedPolicy::new(policy),
        }
    }
}

impl Decide for HandlerCors {
    type Endpoint = Endpoint;
    type Action = SetHeaders;

    fn find(&self, request: &mut ServiceRequest) -> Found<Endpoint, SetHeaders> {
        let endpoint = match classify(&View(request.head())) {
            Class::Preflight => Endpoint::Preflight,
            Class::NotCors | Class::Actual => Endpoint::Handler,
        };
        Found::Policy(self.policy, endpoint)
    }

    fn decide(
        &self,
        _: &'static Policy,
        endpoint: Endpoint,
        verdict: OriginVerdict,
        request: &mut ServiceRequest,
    ) -> Decision<SetHeaders> {
        match endpoint {
            Endpoint::Handler => actual(verdict, &self.prepared, request),
            Endpoint::Preflight => preflight(&self.registry, &self.route, 0, verdict, request),
        }
    }
}
