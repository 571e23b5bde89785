//! The policy of one handler with a route macro.

use actix_web::dev::ServiceRequest;

use super::{Decide, Decision, Found, actual};
use crate::actix_web::view::View;
use crate::policy::Policy;
use crate::protocol::{Denial, OriginVerdict};
use crate::request::{Class, classify};

#[derive(Clone, Copy)]
pub struct HandlerCors(pub(crate) &'static Policy);

impl Decide for HandlerCors {
    type Endpoint = ();

    fn find(&self, request: &ServiceRequest) -> Found<()> {
        if classify(&View(request.head())) == Class::Preflight {
            // The preflight resource, which is registered before the handler, answers preflights.
            let (denial, policy) = (Denial::NotServed, Some(self.0));
            return Found::Decided(Decision::refuse_preflight(denial, policy, request));
        }
        Found::Policy(self.0, ())
    }

    fn decide(
        &self,
        policy: &'static Policy,
        (): (),
        verdict: OriginVerdict,
        request: &ServiceRequest,
    ) -> Decision {
        actual(policy, verdict, request)
    }
}
