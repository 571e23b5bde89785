//! Services of tower, and the batches of requests for them.

use std::convert::Infallible;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use http::{Request, Response};
use tower::Service;

use crate::case::{Answer, Measured};
use crate::requests::Template;

/// A service, and the requests of a batch.
pub(crate) struct Http<S, B> {
    service: S,
    request: Request<B>,
    batch: Vec<Request<B>>,
}

impl<S, B: Default> Http<S, B> {
    pub(crate) fn new(service: S, template: &Template) -> Self {
        Self {
            service,
            request: template.request(),
            batch: Vec::new(),
        }
    }
}

impl<S, B, R> Measured for Http<S, B>
where
    S: Service<Request<B>, Response = Response<R>, Error = Infallible>,
    B: Default,
{
    fn prepare(&mut self, requests: usize) {
        fill(&mut self.batch, &self.request, requests);
    }

    #[inline(never)]
    fn serve(&mut self) {
        for request in self.batch.drain(..) {
            drop(black_box(respond(&mut self.service, request)));
        }
    }

    fn response(&mut self) -> Option<Answer> {
        let response = respond(&mut self.service, copy(&self.request));
        let headers = response.headers().iter();
        let headers = headers.map(|(name, value)| (name.as_str(), value.as_bytes()));
        Some(Answer::new(response.status().as_u16(), headers))
    }
}

fn fill<B: Default>(batch: &mut Vec<Request<B>>, request: &Request<B>, requests: usize) {
    batch.clear();
    batch.extend((0..requests).map(|_| copy(request)));
}

fn copy<B: Default>(request: &Request<B>) -> Request<B> {
    let mut copy = Request::new(B::default());
    request.method().clone_into(copy.method_mut());
    request.uri().clone_into(copy.uri_mut());
    request.headers().clone_into(copy.headers_mut());
    copy
}

/// Returns the response. Every service here is ready at the first poll.
#[inline]
fn respond<S, B, R>(service: &mut S, request: Request<B>) -> Response<R>
where
    S: Service<Request<B>, Response = Response<R>, Error = Infallible>,
{
    let mut context = Context::from_waker(Waker::noop());
    let Poll::Ready(Ok(())) = service.poll_ready(&mut context) else {
        panic!("the service is not ready")
    };
    let future = pin!(service.call(request));
    match future.poll(&mut context) {
        Poll::Ready(Ok(response)) => response,
        _ => panic!("the response is not ready"),
    }
}

/// Drops the requests without serving them.
pub(crate) struct Dropped<B> {
    request: Request<B>,
    batch: Vec<Request<B>>,
}

impl<B: Default> Dropped<B> {
    pub(crate) fn new(template: &Template) -> Self {
        Self {
            request: template.request(),
            batch: Vec::new(),
        }
    }
}

impl<B: Default> Measured for Dropped<B> {
    fn prepare(&mut self, requests: usize) {
        fill(&mut self.batch, &self.request, requests);
    }

    #[inline(never)]
    fn serve(&mut self) {
        for request in self.batch.drain(..) {
            drop(black_box(request));
        }
    }

    fn response(&mut self) -> Option<Answer> {
        None
    }
}

/// Clones a service for each request, as hyper-util does.
#[derive(Clone)]
pub(crate) struct Cloned<S>(pub(crate) S);

impl<S: Service<R> + Clone, R> Service<R> for Cloned<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        Poll::Ready(Ok(()))
    }

    #[inline]
    fn call(&mut self, request: R) -> S::Future {
        let mut service = self.0.clone();
        // A service of this package is always ready.
        let ready = service.poll_ready(&mut Context::from_waker(Waker::noop()));
        debug_assert!(ready.is_ready());
        service.call(request)
    }
}
