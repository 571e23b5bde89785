//! The policies of the handlers of one [`Resource`](crate::actix_web::Resource).

use std::rc::Rc;

use actix_web::dev::ServiceRequest;

use super::{Decide, Decision, Found, LayerContext, actual};
use crate::actix_web::routes::{AnnotatedRoute, Registry};
use crate::actix_web::view::View;
use crate::policy::Policy;
use crate::protocol::{Denial, OriginVerdict, decide, first_allowed, requested_method};
use crate::request::{Class, RequestView as _, classify};

#[derive(Clone)]
pub(crate) struct ResourceCors {
    registry: Rc<Registry>,
    route: Rc<AnnotatedRoute>,
}

/// The endpoint of a request.
pub(crate) enum Endpoint {
    /// The handler that a preflight is for, by its index.
    Preflight(usize),
    Handler,
    /// No handler serves the method.
    NotServed,
}

impl ResourceCors {
    pub(crate) fn new(registry: Rc<Registry>, route: Rc<AnnotatedRoute>) -> Self {
        Self { registry, route }
    }

    fn find_preflight(&self, request: &ServiceRequest) -> Found<Endpoint> {
        let refuse = |denial| Found::Decided(Decision::refuse_preflight(denial, None, request));
        let responder = match requested_method(&View(request.head())) {
            Ok(method) => self.route.responder(method),
            Err(denial) => return refuse(denial),
        };
        let Some(handler) = responder else {
            return refuse(Denial::NotServed);
        };
        let Some(policy) = self.route.policy(handler) else {
            // The user's OPTIONS handler, an inner middleware or actix-web's 405 responds.
            return Found::Decided(Decision::PASS_ON);
        };
        let path = request.match_info().as_str();
        if self
            .route
            .pattern
            .is_behind_another(request.resource_map(), path)
        {
            return refuse(Denial::BehindAnother);
        }
        Found::Policy(policy, Endpoint::Preflight(handler))
    }

    fn find_actual(&self, request: &ServiceRequest) -> Found<Endpoint> {
        // Here, GET does not serve HEAD.
        let Some(handler) = self.route.serves(View(request.head()).method()) else {
            return match self.route.only_policy() {
                Some(policy) => Found::Policy(policy, Endpoint::NotServed),
                None => Found::Decided(self.not_served_by_any(request)),
            };
        };
        match self.route.policy(handler) {
            Some(policy) => Found::Policy(policy, Endpoint::Handler),
            None => Found::Decided(Decision::PASS_ON),
        }
    }

    /// Decides a method that no handler serves, by several policies: actix-web responds with a 405,
    /// or the default service responds.
    fn not_served_by_any(&self, request: &ServiceRequest) -> Decision {
        let context = LayerContext::of(request);
        let known = context.as_ref().and_then(|it| it.not_served(&self.route));
        let find = || first_allowed(self.route.policies(), &View(request.head()));
        let headers = known.unwrap_or_else(find);
        if let Some(context) = context {
            context.set_headers(headers.clone());
        }
        Decision::set_headers(headers)
    }
}

impl Decide for ResourceCors {
    type Endpoint = Endpoint;

    fn find(&self, request: &ServiceRequest) -> Found<Endpoint> {
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
        request: &ServiceRequest,
    ) -> Decision {
        let view = View(request.head());
        let handler = match endpoint {
            Endpoint::Preflight(handler) => handler,
            Endpoint::Handler => return actual(policy, verdict, request),
            Endpoint::NotServed => {
                let outer = decide::outer_headers(policy, verdict, &view);
                outer.event.log();
                if let Some(context) = LayerContext::of(request) {
                    context.set_headers(Some(outer.headers.clone()));
                }
                return Decision::set_headers(Some(outer.headers));
            }
        };
        match self.registry.mounted_policy(&self.route, handler) {
            Some(mounted) => Decision::Respond(mounted.preflight(verdict, &view).into()),
            None => Decision::refuse_preflight(Denial::NotServed, None, request),
        }
    }
}
