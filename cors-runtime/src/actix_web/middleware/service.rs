//! The service that each middleware adds.

use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{self, Context, Poll};

use actix_web::Error;
use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use pin_project_lite::pin_project;

use super::decide::{Decide, Decision, Found, ResponseAction, check};
use crate::protocol::CorsCheck;

/// Adds CORS to a service.
pub(crate) struct CorsMiddleware<D>(pub(in crate::actix_web) D);

impl<D, S, B> Transform<S, ServiceRequest> for CorsMiddleware<D>
where
    D: Decide,
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = CorsService<S, D>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(CorsService {
            inner: Rc::new(inner),
            decide: self.0.clone(),
        }))
    }
}

/// A service with CORS.
pub struct CorsService<S, D> {
    /// Shared with the requests that wait for their CORS check.
    inner: Rc<S>,
    decide: D,
}

impl<D, S, B> Service<ServiceRequest> for CorsService<S, D>
where
    D: Decide,
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = CorsFuture<S::Future, B, D::Action>;

    fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&self, mut request: ServiceRequest) -> Self::Future {
        let decision = match self.decide.find(&mut request) {
            Found::Policy(policy, endpoint) => match check(policy, &request) {
                CorsCheck::Known(verdict) => {
                    self.decide.decide(policy, endpoint, verdict, &mut request)
                }
                CorsCheck::Pending(check) => {
                    let (inner, decide) = (Rc::clone(&self.inner), self.decide.clone());
                    let future = Box::pin(async move {
                        let verdict = check.await.verdict;
                        let decision = decide.decide(policy, endpoint, verdict, &mut request);
                        apply(decision, request, inner).await
                    });
                    return CorsFuture::Waiting { future };
                }
            },
            Found::Decided(decision) => decision,
        };
        match decision {
            Decision::Respond(response) => CorsFuture::Respond {
                response: Some(request.into_response(response)),
            },
            Decision::CallInner(action) => CorsFuture::CallInner {
                future: self.inner.call(request),
                action: Some(action),
            },
        }
    }
}

/// Applies the decision of a request that has waited for its CORS check.
async fn apply<A, S, B>(
    decision: Decision<A>,
    request: ServiceRequest,
    inner: Rc<S>,
) -> Result<ServiceResponse<EitherBody<B>>, Error>
where
    A: ResponseAction,
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    match decision {
        Decision::Respond(response) => Ok(request.into_response(response).map_into_right_body()),
        Decision::CallInner(action) => finish(inner.call(request).await, Some(action)),
    }
}

type BoxedFuture<B> = Pin<Box<dyn Future<Output = Result<ServiceResponse<EitherBody<B>>, Error>>>>;

pin_project! {
    #[project = CorsFutureProj]
    pub enum CorsFuture<F, B, A> {
        Respond { response: Option<ServiceResponse<BoxBody>> },
        CallInner { #[pin] future: F, action: Option<A> },
        Waiting { future: BoxedFuture<B> },
    }
}

impl<F, B, A> Future for CorsFuture<F, B, A>
where
    A: ResponseAction,
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
    B: MessageBody,
{
    type Output = Result<ServiceResponse<EitherBody<B>>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            CorsFutureProj::Respond { response } => match response.take() {
                Some(response) => Poll::Ready(Ok(response.map_into_right_body())),
                // Polled after it completed, which the contract of `Future` rules out.
                None => Poll::Pending,
            },
            CorsFutureProj::CallInner { future, action } => {
                let result = task::ready!(future.poll(cx));
                Poll::Ready(finish(result, action.take()))
            }
            CorsFutureProj::Waiting { future } => future.as_mut().poll(cx),
        }
    }
}

/// Adds headers to the response of the inner service, or to the one that an error becomes.
fn finish<B>(
    mut result: Result<ServiceResponse<B>, Error>,
    action: Option<impl ResponseAction>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    match (&mut result, action) {
        (Ok(response), Some(action)) => action.on_response(response),
        (Err(error), Some(action)) => action.on_error(error),
        (_, None) => {}
    }
    result.map(ServiceResponse::map_into_left_body)
}
