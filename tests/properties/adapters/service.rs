//! Functions under `http::cors`, also for Lambda, and services in a `CorsLayer`.

use std::convert::Infallible;
use std::fmt::Debug;

use cors_runtime::Policy;
use cors_runtime::tower::CorsLayer;
use http::{Request, Response};
use http_body_util::BodyExt;
use tower::{Layer as _, Service, ServiceExt as _, service_fn};

use super::{Endpoint, collect, response};

pub(crate) type Answer = Result<Response<String>, Infallible>;

pub(crate) type LambdaAnswer = Result<Response<lambda_http::Body>, Infallible>;

/// What every function does.
pub(crate) fn answer() -> Answer {
    Ok(response())
}

/// What every function of Lambda does.
pub(crate) fn lambda_answer() -> LambdaAnswer {
    Ok(response())
}

/// An endpoint of a service that makes each request with `T::default()` as its body.
pub(crate) fn endpoint<S, T, B>(name: &'static str, service: S) -> Endpoint
where
    S: Service<Request<T>, Response = Response<B>, Error = Infallible> + Clone + 'static,
    T: Default + 'static,
    B: BodyExt<Error: Debug> + 'static,
{
    Endpoint::new(name, move |request| {
        let (service, request) = (service.clone(), request.map(|()| T::default()));
        async move {
            let Ok(response) = service.oneshot(request).await;
            collect(response).await
        }
    })
}

pub(crate) fn layer(policy: &'static Policy) -> Endpoint {
    let plain = service_fn(async |_: Request<()>| answer());
    endpoint("tower layer", CorsLayer::new(policy).layer(plain))
}
