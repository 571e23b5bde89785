//! An actix-web app as a service for the requests of `common`.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::body::{MessageBody, to_bytes};
use actix_web::dev::{self, ServiceResponse};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use actix_web::{Error, HttpResponse};
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http_body_util::BodyExt;
use tower::Service;

/// Wraps a service of `actix_web::test::init_service`.
pub(crate) struct Actix<S>(Rc<S>);

pub(crate) fn actix<S>(service: S) -> Actix<S> {
    Actix(Rc::new(service))
}

impl<S> Clone for Actix<S> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<S, B> Service<Request> for Actix<S>
where
    S: dev::Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let service = Rc::clone(&self.0);
        Box::pin(async move {
            let request = test_request(request).await.to_request();
            // Converts an error of the outermost middleware, as the server does.
            let response = match service.call(request).await {
                Ok(response) => response.into_parts().1.map_into_boxed_body(),
                Err(error) => error.error_response(),
            };
            Ok(to_axum(response).await)
        })
    }
}

async fn test_request(request: Request) -> TestRequest {
    let (parts, body) = request.into_parts();
    let method = Method::from_bytes(parts.method.as_str().as_bytes()).expect("a method");
    let mut request = TestRequest::default()
        .method(method)
        .uri(&parts.uri.to_string());
    for (name, value) in &parts.headers {
        request = request.append_header((name.as_str(), value.as_bytes()));
    }
    let body = body.collect().await.expect("a body").to_bytes();
    request.set_payload(body)
}

async fn to_axum(response: HttpResponse) -> Response {
    let mut builder = Response::builder().status(response.status().as_u16());
    for (name, value) in response.headers() {
        builder = builder.header(name.as_str(), value.as_bytes());
    }
    let body = to_bytes(response.into_body()).await;
    let body = body.unwrap_or_else(|_| panic!("a body"));
    builder.body(Body::from(body)).expect("a response")
}
