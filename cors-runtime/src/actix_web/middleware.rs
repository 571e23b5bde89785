//! One middleware for a route, a resource, a scope and an app. They differ in who judges.

use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{self, Context, Poll};

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::http::header::HeaderValue;
use actix_web::{Error, HttpMessage as _, HttpRequest, HttpResponse};
use pin_project_lite::pin_project;

use super::message::{Actual, View};
use super::outer::Outer;
use super::outermost::Outside;
use crate::answers::{Answers, Asking, Open};
use crate::decision;
use crate::denial::Denial;
use crate::headers::Reply;
use crate::policy::Policy;
use crate::reply;
use crate::request::{self, Class};

/// What is done about a request.
pub enum Verdict {
    /// It is answered here: nobody further in sees it.
    Answer(HttpResponse),
    /// It goes inward, and what comes back passes here again.
    Inward(After),
}

/// What is done about what comes back.
pub struct After(Kind);

enum Kind {
    /// It is none of our business.
    Nothing,
    Headers(Actual),
    Outside(Box<Outside>),
}

impl After {
    pub(super) const NOTHING: Self = Self(Kind::Nothing);

    pub(super) fn outside(outside: Outside) -> Self {
        Self(Kind::Outside(Box::new(outside)))
    }

    /// `request`: what became of the request. With an `Err` none comes back.
    fn headers(self, request: Option<&HttpRequest>) -> Option<Actual> {
        match self.0 {
            Kind::Nothing => None,
            Kind::Headers(actual) => Some(actual),
            Kind::Outside(outside) => outside.headers(request),
        }
    }
}

impl From<Option<Actual>> for After {
    fn from(actual: Option<Actual>) -> Self {
        Self(actual.map_or(Kind::Nothing, Kind::Headers))
    }
}

/// Who decides about a request.
pub trait Judge: Clone + 'static {
    /// What has to be asked before that request can be judged, beyond what is known. `view`: the
    /// request's.
    fn ask(&self, request: &ServiceRequest, view: &View<'_>) -> Option<Asking>;

    fn judge(&self, request: &ServiceRequest, view: &View<'_>) -> Verdict;
}

/// Asks, if one of these policies cannot judge the request before.
pub(super) fn ask<'a>(
    policies: impl IntoIterator<Item = &'a Policy>,
    view: &View<'_>,
) -> Option<Asking> {
    let open = Open::of(policies, view);
    (!open.is_empty()).then(|| open.ask(view))
}

/// The method that a handler is looked up by, and whether a preflight asks for it.
pub(super) fn method<'a>(view: &'a View<'_>) -> Option<(&'a str, bool)> {
    match request::classify(view) {
        Class::Preflight => Some((decision::requested_name(view).ok()?, true)),
        Class::NotCors | Class::Actual => Some((view.head.method.as_str(), false)),
    }
}

/// The policy of the one handler that is inside.
#[derive(Clone, Copy)]
pub struct OfHandler(pub(super) &'static Policy);

impl Judge for OfHandler {
    fn ask(&self, _: &ServiceRequest, view: &View<'_>) -> Option<Asking> {
        ask([self.0], view)
    }

    fn judge(&self, request: &ServiceRequest, view: &View<'_>) -> Verdict {
        if request::classify(view) == Class::Preflight {
            // The preflight resource in front of the handler takes them all. No handler is ever to
            // see one.
            return Verdict::Answer(reply::refuse(Denial::NotServed, Some(self.0), view).into());
        }
        actual(self.0, request, view)
    }
}

/// For the handler that a policy is for, and before it runs.
pub(super) fn actual(policy: &Policy, request: &ServiceRequest, view: &View<'_>) -> Verdict {
    let outer = Outer::of(request);
    let actual = speak(policy, outer.as_ref(), view);
    if let Some(outer) = outer {
        outer.speak(actual.as_ref().ok().cloned());
    }
    match actual {
        Ok(actual) => Verdict::Inward(Some(actual).into()),
        Err(refusal) => Verdict::Answer(refusal.into()),
    }
}

/// The headers by that policy, or the refusal.
pub(super) fn speak<'a>(
    policy: &'a Policy,
    outer: Option<&Outer>,
    view: &View<'_>,
) -> Result<Actual, Reply<'a, HeaderValue>> {
    let lent = outer.is_some_and(|outer| outer.judges_instead_of(policy));
    reply::actual(policy, view, lent.then_some(Denial::JudgedOutside))
}

/// Puts a judge around a service.
pub struct Around<J>(pub(super) J);

impl<J, S, B> Transform<S, ServiceRequest> for Around<J>
where
    J: Judge,
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = Judged<S, J>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(Judged {
            inner: Rc::new(inner),
            judge: self.0.clone(),
        }))
    }
}

/// A service with a judge around it.
pub struct Judged<S, J> {
    /// Shared with requests that wait for an answer about their origin.
    inner: Rc<S>,
    judge: J,
}

impl<J, S, B> Service<ServiceRequest> for Judged<S, J>
where
    J: Judge,
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = JudgedFuture<S::Future, B>;

    fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let known = request.extensions().get::<Answers>().cloned();
        let known = known.unwrap_or_default();
        if let Some(asking) = self.judge.ask(&request, &View::new(&request, &known)) {
            let (inner, judge) = (Rc::clone(&self.inner), self.judge.clone());
            let future = Box::pin(answered(asking, request, inner, judge));
            return JudgedFuture::Asking { future };
        }
        match self.judge.judge(&request, &View::new(&request, &known)) {
            Verdict::Answer(response) => JudgedFuture::Answer {
                response: Some(request.into_response(response)),
            },
            Verdict::Inward(after) => JudgedFuture::Inward {
                future: self.inner.call(request),
                after: Some(after),
            },
        }
    }
}

async fn answered<S, B>(
    asking: Asking,
    request: ServiceRequest,
    inner: Rc<S>,
    judge: impl Judge,
) -> Result<ServiceResponse<EitherBody<B>>, Error>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    let answers = asking.await;
    let verdict = judge.judge(&request, &View::new(&request, &answers));
    // For a policy further in: nobody is asked twice.
    request.extensions_mut().insert(answers);
    match verdict {
        Verdict::Answer(response) => Ok(request.into_response(response).map_into_right_body()),
        Verdict::Inward(after) => finish(inner.call(request).await, after),
    }
}

type BoxedFuture<B> = Pin<Box<dyn Future<Output = Result<ServiceResponse<EitherBody<B>>, Error>>>>;

pin_project! {
    #[project = JudgedFutureProj]
    pub enum JudgedFuture<F, B> {
        Answer { response: Option<ServiceResponse<BoxBody>> },
        Inward { #[pin] future: F, after: Option<After> },
        Asking { future: BoxedFuture<B> },
    }
}

impl<F, B> Future for JudgedFuture<F, B>
where
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
    B: MessageBody,
{
    type Output = Result<ServiceResponse<EitherBody<B>>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            JudgedFutureProj::Answer { response } => match response.take() {
                Some(response) => Poll::Ready(Ok(response.map_into_right_body())),
                // Polled after it was ready, which no caller does; there is nothing left to say.
                None => Poll::Pending,
            },
            JudgedFutureProj::Inward { future, after } => {
                let result = task::ready!(future.poll(cx));
                let after = after.take().unwrap_or(After::NOTHING);
                Poll::Ready(finish(result, after))
            }
            JudgedFutureProj::Asking { future } => future.as_mut().poll(cx),
        }
    }
}

fn finish<B>(
    result: Result<ServiceResponse<B>, Error>,
    after: After,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    match result {
        Ok(mut response) => {
            if let Some(actual) = after.headers(Some(response.request())) {
                actual.apply(response.headers_mut());
            }
            Ok(response.map_into_left_body())
        }
        Err(mut error) => {
            if let Some(actual) = after.headers(None) {
                error.add_response_mapper(move |mut response| {
                    actual.clone().apply(response.headers_mut());
                    response
                });
            }
            Err(error)
        }
    }
}
