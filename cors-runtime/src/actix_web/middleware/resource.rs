//! The policies of the handlers of one [`Resource`](crate::actix_web::Resource).

use std::rc::Rc;

use actix_web::dev::ServiceRequest;

use super::decide::{Decide, Decision, Found, SetHeaders, actual, preflight};
use super::layer_context::{Decided, LayerContext};
use crate::actix_web::routes::{AnnotatedRoute, Registry};
use crate::actix_web::view::{PreparedPolicy, View};
use crate::origins::SourceResults;
use crate::policy::Policy;
use crate::protocol::{Denial, OriginVerdict, cors_check, first_allowed, requested_method};
use crate::request::{Class, RequestView as _, classify};

#[derive(Clone)]
pub(crate) struct ResourceCors {
    registry: Rc<Registry>,
    route: Rc<AnnotatedRoute>,
    /// For each handler with a policy.
    prepared: Rc<[Option<PreparedPolicy>]>,
}

/// The endpoint of a request.
pub(crate) enum Endpoint {
    /// The handler that a preflight is for, by its index.
    Preflight(usize),
    Handler(usize),
    /// No handler serves the method.
    NotServed,
}

impl ResourceCors {
    pub(crate) fn new(registry: Rc<Registry>, route: Rc<AnnotatedRoute>) -> Self {
        let prepared = route.each_policy().map(|it| it.map(PreparedPolicy::new));
        let prepared = prepared.collect();
        Self {
            registry,
            route,
            prepared,
        }
    }

    fn find_preflight(&self, request: &ServiceRequest) -> Found<Endpoint, SetHeaders> {
        let refuse = |denial| Found::Decided(Decision::refuse_preflight(denial, None, request));
        let handler = match requested_method(&View(request.head())) {
            Ok(method) => self.route.serves(method),
            Err(denial) => return refuse(denial),
        };
        let Some(handler) = handler else {
            return refuse(Denial::NotServed);
        };
        let Some(policy) = self.route.policy(handler) else {
            // The user's OPTIONS handler, an inner middleware or the 405 responds.
            return Found::Decided(Decision::CallInner(SetHeaders::default()));
        };
        Found::Policy(policy, Endpoint::Preflight(handler))
    }

    fn find_actual(&self, request: &mut ServiceRequest) -> Found<Endpoint, SetHeaders> {
        let Some(handler) = self.route.serves(View(request.head()).method()) else {
            if let Some(policy) = self.route.only_policy() {
                return Found::Policy(policy, Endpoint::NotServed);
            }
            let view = View(request.head());
            let mut results = SourceResults::default();
            let mut is_denied = |policy| {
                let check = cors_check(policy, &view, &mut results);
                check.without_waiting().is_denied()
            };
            let refuses = |policy: &'static Policy| policy.enforce() && is_denied(policy);
            let mut policies = self.route.policies();
            if let Some(first) = policies.clone().next()
                && policies.all(refuses)
            {
                return Found::Policy(first, Endpoint::NotServed);
            }
            // The 405, or the response of the default service.
            let policies = self.route.policies().map(PreparedPolicy::new);
            let headers = first_allowed(policies, &view, results);
            let action = SetHeaders::decided(headers, request);
            return Found::Decided(Decision::CallInner(action));
        };
        if let Some(policy) = self.route.policy(handler) {
            return Found::Policy(policy, Endpoint::Handler(handler));
        }
        LayerContext::decide(request, || Decided::Plain);
        Found::Decided(Decision::CallInner(SetHeaders::default()))
    }
}

impl Decide for ResourceCors {
    type Endpoint = Endpoint;
    type Action = SetHeaders;

    fn find(&self, request: &mut ServiceRequest) -> Found<Endpoint, SetHeaders> {
        match classify(&View(request.head())) {
            Class::Preflight => self.find_preflight(request),
            Class::NotCors | Class::Actual => self.find_actual(request),
        }
    }

    fn decide(
        &self,
        policy: &'static Policy,
        endpoint: Endpoint,
        verdict: OriginVerdict,
        request: &mut ServiceRequest,
    ) -> Decision<SetHeaders> {
        match endpoint {
            Endpoint::Preflight(handler) => {
                preflight(&self.registry, &self.route, handler, verdict, request)
            }
            Endpoint::Handler(handler) => match self.prepared.get(handler) {
                Some(Some(prepared)) => actual(verdict, prepared, request),
                _ => Decision::CallInner(SetHeaders::default()),
            },
            Endpoint::NotServed => actual(verdict, &PreparedPolicy::new(policy), request),
        }
    }
}
