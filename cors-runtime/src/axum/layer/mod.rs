//! The outermost layer of a router or a method router.

mod lookup;
mod path_policies;

use std::future::Future;
use std::mem;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::response::Response;
use tower_layer::Layer;
use tower_service::Service;

pub(crate) use self::lookup::PolicyLookup;
pub(crate) use self::path_policies::{DecidedBy, Decision, Found, PathPolicies, ResponseAction};
use crate::http::{OnResponse as _, ServiceFuture, cors_check};
use crate::protocol::{CorsCheck, OriginVerdict, PendingVerdict};

/// Answers preflights, and adds CORS headers to every response of the inner service.
#[derive(Clone)]
pub(crate) enum RouterLayer {
    /// Looks up the policies of a router by the matched path.
    Router(Arc<PolicyLookup>),
    /// Has the policies of one path.
    Path(Arc<PathPolicies>),
}

impl RouterLayer {
    fn find(&self, request: &Request) -> Option<&PathPolicies> {
        match self {
            Self::Router(lookup) => lookup.find(request),
            Self::Path(path) => Some(&**path),
        }
    }

    /// Decides a request whose policy had to wait for the verdict.
    fn decide(&self, verdict: OriginVerdict, request: &mut Request) -> Decision {
        let Some(path) = self.find(request) else {
            return Decision::default();
        };
        match path.find(request) {
            Found::Policy(mounted) => path.decide(&mounted, verdict, request),
            Found::Decided(decision) => decision,
        }
    }
}

impl<S> Layer<S> for RouterLayer {
    type Service = RouterService<S>;

    fn layer(&self, inner: S) -> RouterService<S> {
        RouterService {
            inner,
            layer: self.clone(),
        }
    }
}

#[derive(Clone)]
pub(crate) struct RouterService<S> {
    inner: S,
    layer: RouterLayer,
}

impl<S> Service<Request> for RouterService<S>
where
    S: Service<Request, Response = Response, Future: Send> + Clone + Send + 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = ServiceFuture<S::Future, Response, ResponseAction>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let Some(path) = self.layer.find(&request) else {
            let action = ResponseAction::default();
            return ServiceFuture::call_inner(self.inner.call(request), action);
        };
        let decision = match path.find(&request) {
            Found::Policy(mounted) => match cors_check(mounted.policy(), &request) {
                CorsCheck::Known(verdict) => path.decide(&mounted, verdict, &mut request),
                CorsCheck::Pending(verdict) => {
                    return ServiceFuture::waiting(self.wait(verdict, request));
                }
            },
            Found::Decided(decision) => decision,
        };
        match decision {
            Decision::Respond(response) => ServiceFuture::respond(response),
            Decision::CallInner(action) => {
                ServiceFuture::call_inner(self.inner.call(request), action)
            }
        }
    }
}

impl<S> RouterService<S>
where
    S: Service<Request, Response = Response, Future: Send> + Clone + Send + 'static,
{
    /// Waits for the CORS check before the inner service sees the request.
    fn wait(
        &mut self,
        pending: PendingVerdict,
        mut request: Request,
    ) -> impl Future<Output = Result<Response, S::Error>> + Send + use<S> {
        let clone = self.inner.clone();
        // Calls the service that was polled to be ready, not its clone.
        let mut inner = mem::replace(&mut self.inner, clone);
        let layer = self.layer.clone();
        async move {
            let verdict = pending.await;
            match layer.decide(verdict, &mut request) {
                Decision::Respond(response) => Ok(response),
                Decision::CallInner(action) => {
                    let mut response = inner.call(request).await?;
                    action.apply(&mut response);
                    Ok(response)
                }
            }
        }
    }
}
