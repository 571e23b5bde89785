//! The middleware of a handler, a resource, a scope and an app. They differ in how they find the
//! policy of a request.

mod app;
mod handler;
mod layer_context;
mod resource;

use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{self, Context, Poll};

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::{Error, HttpRequest, HttpResponse};
use pin_project_lite::pin_project;

pub(super) use self::app::AppCors;
pub(super) use self::handler::HandlerCors;
use self::layer_context::LayerContext;
pub(super) use self::resource::ResourceCors;
use super::view::{ActualHeaders, View};
use crate::policy::Policy;
use crate::protocol::{CorsCheck, Denial, OriginVerdict, cors_check, decide};

/// How a middleware decides requests.
pub trait Decide: Clone + 'static {
    /// What [`decide`](Self::decide) needs of the endpoint.
    type Endpoint;

    /// Finds the policy of a request, or decides it if it has none.
    fn find(&self, request: &ServiceRequest) -> Found<Self::Endpoint>;

    /// Decides a request by its policy.
    fn decide(
        &self,
        policy: &'static Policy,
        endpoint: Self::Endpoint,
        verdict: OriginVerdict,
        request: &ServiceRequest,
    ) -> Decision;
}

/// How a request is decided.
pub enum Found<E> {
    /// By this policy and its CORS check.
    Policy(&'static Policy, E),
    /// Without a policy.
    Decided(Decision),
}

/// What a middleware does with a request.
pub enum Decision {
    /// Sends this response.
    Respond(HttpResponse),
    /// Calls the inner service.
    CallInner(ResponseAction),
}

/// What a middleware does with the response of the inner service.
pub struct ResponseAction(Action);

enum Action {
    None,
    SetHeaders(ActualHeaders),
    /// Returns the headers. The request is `None` if the inner service returned an error.
    FindHeaders(Box<FindHeaders>),
}

type FindHeaders = dyn FnOnce(Option<&HttpRequest>) -> Option<ActualHeaders>;

impl Decision {
    const PASS_ON: Self = Self::CallInner(ResponseAction(Action::None));

    fn refuse_preflight(denial: Denial, policy: Option<&Policy>, request: &ServiceRequest) -> Self {
        let view = View(request.head());
        Self::Respond(decide::refuse_preflight(denial, policy, &view).into())
    }

    fn set_headers(headers: Option<ActualHeaders>) -> Self {
        Self::CallInner(ResponseAction(
            headers.map_or(Action::None, Action::SetHeaders),
        ))
    }
}

impl ResponseAction {
    fn headers(self, request: Option<&HttpRequest>) -> Option<ActualHeaders> {
        match self.0 {
            Action::None => None,
            Action::SetHeaders(headers) => Some(headers),
            Action::FindHeaders(find) => find(request),
        }
    }
}

/// Makes the CORS check, unless an outer middleware with the same policy has made it.
fn check(policy: &'static Policy, request: &ServiceRequest) -> CorsCheck {
    let known = LayerContext::of(request).and_then(|context| context.verdict(policy));
    match known {
        Some(verdict) => CorsCheck::Known(verdict),
        None => cors_check(policy, &View(request.head())),
    }
}

/// Decides a request that is not a preflight, by the policy of its handler.
fn actual(policy: &'static Policy, verdict: OriginVerdict, request: &ServiceRequest) -> Decision {
    let context = LayerContext::of(request);
    let outer_denial = context.as_ref().and_then(|it| it.outer_denial(policy));
    let headers = decide::actual(policy, verdict, outer_denial, &View(request.head()));
    if let Some(context) = context {
        context.set_headers(headers.as_ref().ok().cloned());
    }
    match headers {
        Ok(headers) => Decision::set_headers(Some(headers)),
        Err(response) => Decision::Respond(response.into()),
    }
}

/// Adds CORS to a service.
pub struct CorsMiddleware<D>(pub(super) D);

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
    type Future = CorsFuture<S::Future, B>;

    fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let decision = match self.decide.find(&request) {
            Found::Policy(policy, endpoint) => match check(policy, &request) {
                CorsCheck::Known(verdict) => {
                    self.decide.decide(policy, endpoint, verdict, &request)
                }
                CorsCheck::Pending(verdict) => {
                    let (inner, decide) = (Rc::clone(&self.inner), self.decide.clone());
                    let future = Box::pin(async move {
                        let verdict = verdict.await;
                        let decision = decide.decide(policy, endpoint, verdict, &request);
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
async fn apply<S, B>(
    decision: Decision,
    request: ServiceRequest,
    inner: Rc<S>,
) -> Result<ServiceResponse<EitherBody<B>>, Error>
where
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
    pub enum CorsFuture<F, B> {
        Respond { response: Option<ServiceResponse<BoxBody>> },
        CallInner { #[pin] future: F, action: Option<ResponseAction> },
        Waiting { future: BoxedFuture<B> },
    }
}

impl<F, B> Future for CorsFuture<F, B>
where
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
    result: Result<ServiceResponse<B>, Error>,
    action: Option<ResponseAction>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    match result {
        Ok(mut response) => {
            if let Some(headers) = action.and_then(|it| it.headers(Some(response.request()))) {
                headers.apply(response.headers_mut());
            }
            Ok(response.map_into_left_body())
        }
        Err(mut error) => {
            if let Some(headers) = action.and_then(|it| it.headers(None)) {
                error.add_response_mapper(move |mut response| {
                    headers.clone().apply(response.headers_mut());
                    response
                });
            }
            Err(error)
        }
    }
}
