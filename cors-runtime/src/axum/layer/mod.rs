//! The outermost layer of an endpoint.

mod path_policies;

use std::future::Future;
use std::mem;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use tower_layer::Layer;
use tower_service::Service;

pub(crate) use self::path_policies::PathPolicies;
use self::path_policies::{Decision, Found, ResponseAction};
use crate::http::{ServiceFuture, cors_check_with};
use crate::origins::SourceResults;
use crate::protocol::{CorsCheck, PendingCheck};
use crate::request::Received;

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
    type Future = ServiceFuture<S::Future, Body, ResponseAction>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let path = &*self.policies;
        let received = Received::new(&request);
        let decision = match path.find(&received) {
            Found::Policy(found) => {
                let mut results = SourceResults::default();
                match cors_check_with(found.policy(), &received, &mut results) {
                    CorsCheck::Known(verdict) => path.decide(&found, verdict, results, &received),
                    CorsCheck::Pending(check) => {
                        return ServiceFuture::waiting(self.wait(check, request));
                    }
                }
            }
            Found::Decided(decision) => decision,
        };
        match decision {
            Decision::Respond(response) => ServiceFuture::respond(response),
            Decision::CallInner(action) => {
                ServiceFuture::call_inner(request, |it| self.inner.call(it), action)
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
        request: Request,
    ) -> impl Future<Output = Result<Response, S::Error>> + Send + use<S> {
        let clone = self.inner.clone();
        // Calls the service that was polled to be ready, not its clone.
        let mut inner = mem::replace(&mut self.inner, clone);
        let policies = Arc::clone(&self.policies);
        async move {
            let checked = check.await;
            match policies.decide_after(checked, &request) {
                Decision::Respond(response) => Ok(response),
                Decision::CallInner(action) => {
                    ServiceFuture::call_inner(request, |it| inner.call(it), action).await
                }
            }
        }
    }
}
