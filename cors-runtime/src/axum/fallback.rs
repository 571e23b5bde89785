//! A router's annotated fallback.

use std::marker::PhantomData;
use std::pin::Pin;
use std::ptr;
use std::sync::Arc;

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;

use super::handler::CorsHandler;
use super::layer::{DecidedBy, Decision, Found, PathPolicies};
use super::routes::Handlers;
use crate::http::{OnResponse as _, cors_check};
use crate::policy::Policy;

/// An annotated fallback that applies its policy itself. The outermost layer of the router has done
/// so before, unless the router contains routes of axum's own router: then only axum knows which
/// requests are for the fallback.
pub(crate) struct WithPolicy<H, M> {
    handler: H,
    policies: Arc<PathPolicies>,
    arguments: PhantomData<fn() -> M>,
}

impl<H, M> WithPolicy<H, M> {
    pub(crate) fn new(handler: H, handlers: Handlers) -> Self {
        Self {
            handler,
            policies: Arc::new(PathPolicies::new(handlers)),
            arguments: PhantomData,
        }
    }
}

impl<H: Clone, M> Clone for WithPolicy<H, M> {
    fn clone(&self) -> Self {
        Self {
            handler: self.handler.clone(),
            policies: Arc::clone(&self.policies),
            arguments: PhantomData,
        }
    }
}

impl<H, M, S> Handler<(M, S), S> for WithPolicy<H, M>
where
    H: CorsHandler<M, S> + Clone + Send + Sync + 'static,
    M: 'static,
    S: Send + Sync + 'static,
{
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, mut request: Request, state: S) -> Self::Future {
        Box::pin(async move {
            let action = match decide(&self.policies, &mut request).await {
                Decision::Respond(response) => return response,
                Decision::CallInner(action) => action,
            };
            let handler = self.handler.into_handler();
            let mut response = handler.call(request, state).await;
            action.apply(&mut response);
            response
        })
    }
}

async fn decide(policies: &PathPolicies, request: &mut Request) -> Decision {
    match policies.find(request) {
        Found::Policy(mounted) if !is_decided_by(mounted.policy(), request) => {
            let check = cors_check(mounted.policy(), request);
            policies.decide(&mounted, check.await, request)
        }
        Found::Policy(_) => Decision::default(),
        Found::Decided(decision) => decision,
    }
}

fn is_decided_by(policy: &Policy, request: &Request) -> bool {
    let decided = request.extensions().get::<DecidedBy>();
    decided.is_some_and(|DecidedBy(it)| ptr::eq(*it, policy))
}
