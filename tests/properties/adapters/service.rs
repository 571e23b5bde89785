//! Functions under `http::cors`, also for Lambda, and services in a `CorsLayer`.

use std::convert::Infallible;
use std::fmt::Debug;

use cors_runtime::Policy;
use cors_runtime::tower::CorsLayer;
use http::{Request, Response};
use http_body_util::BodyExt;
use tower::{Layer as _, Service, ServiceExt as _, service_fn};

use super::{Endpoint, Served, collect, response};

pub(crate) type Answer<B = String> = Result<Response<B>, Infallible>;

/// An endpoint of a service that makes each request with `T::default()` as its body.
pub(crate) fn endpoint<S, T, B>(name: &'static str, served: Served, service: S) -> Endpoint
where
    S: Service<Request<T>, Response = Response<B>, Error = Infallible> + Clone + 'static,
    T: Default + 'static,
    B: BodyExt<Error: Debug> + 'static,
{
    Endpoint::new(name, served, move |request| {
        let (service, request) = (service.clone(), request.map(|()| T::default()));
        async move {
            let Ok(response) = service.oneshot(request).await;
            collect(response).await
        }
    })
}

pub(crate) fn layer(policy: &'static Policy) -> Endpoint {
    let plain = service_fn(async |_: Request<()>| -> Answer { Ok(response()) });
    endpoint(
        "tower layer",
        Served::All,
        CorsLayer::new(policy).layer(plain),
    )
}
