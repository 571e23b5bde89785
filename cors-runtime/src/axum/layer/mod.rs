//! The outermost layer of an endpoint.

mod path_policies;

use std::future::Future;
use std::mem;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::response::Response;
use tower_layer::Layer;
use tower_service::Service;

pub(crate) use self::path_policies::PathPolicies;
use self::path_policies::{Decision, Found, ResponseAction};
use crate::http::{OnResponse as _, ServiceFuture, cors_check};
use crate::protocol::{CorsCheck, PendingCheck};

/// Answers preflights, and adds CORS headers to every response of the inner service, by the
/// policies of one path.
#[derive(Clone)]
pub(crate) struct PathLayer(Arc<PathPolicies>);

impl PathLayer {
    pub(crate) fn new(policies: PathPolicies) -> Self {
        Self(Arc::new(policies))
    }
}

impl<S> Layer<S> for PathLayer {
    type Service = PathService<S>;

    fn layer(&self, inner: S) -> PathService<S> {
        PathService {
            inner,
            policies: Arc::clone(&self.0),
        }
    }
}

#[derive(Clone)]
pub(crate) struct PathService<S> {
    inner: S,
    policies: Arc<PathPolicies>,
}

impl<S> Service<Request> for PathService<S>
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
        let path = &*self.policies;
        let decision = match path.find(&request) {
            Found::Policy(mounted) => match cors_check(mounted.policy(), &request) {
                CorsCheck::Known(checked) => path.decide(&mounted, checked, &mut request),
                CorsCheck::Pending(check) => {
                    return ServiceFuture::waiting(self.wait(check, request));
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

impl<S> PathService<S>
where
    S: Service<Request, Response = Response, Future: Send> + Clone + Send + 'static,
{
    /// Waits for the CORS check before the inner service sees the request.
    fn wait(
        &mut self,
        check: PendingCheck,
        mut request: Request,
    ) -> impl Future<Output = Result<Response, S::Error>> + Send + use<S> {
        let clone = self.inner.clone();
        // Calls the service that was polled to be ready, not its clone.
        let mut inner = mem::replace(&mut self.inner, clone);
        let policies = Arc::clone(&self.policies);
        async move {
            let checked = check.await;
            match policies.decide_after(checked, &mut request) {
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
