//! `cors_runtime::tower::CorsLayer`, outside of a service without a policy, and with
//! `policies_inside` outside of annotated functions.

use std::convert::Infallible;

use cors_runtime::Policy;
use cors_runtime::tower::CorsLayer;
use http::{Method, Request, Response, Uri};
use tower::{Layer as _, ServiceExt as _, service_fn};

use super::{block_on, http_function, http_request, reply, response};
use crate::answer::Reply;
use crate::request::PlainRequest;
use crate::services::{LISTED, Service, for_every_service};

macro_rules! layers {
    ($($service:ident $name:ident $policy:ident;)*) => {
        fn policy(service: Service) -> &'static Policy {
            match service {
                $(Service::$service => &crate::services::$policy,)*
            }
        }

        /// The layer and the function both have a policy, but the headers are only set once.
        pub(super) fn policies_inside(sent: &PlainRequest) -> Reply {
            let layer = CorsLayer::new(&LISTED).policies_inside(at);
            let request = http_request(sent, ());
            block_on(async {
                let Ok(response) = match sent.service {
                    $(Service::$service => {
                        let function = service_fn(http_function::$name);
                        layer.layer(function).oneshot(request).await
                    })*
                };
                reply(response).await
            })
        }
    };
}

for_every_service!(layers);

fn at(_: &Method, uri: &Uri) -> Option<&'static Policy> {
    let mut services = Service::ALL.into_iter();
    let service = services.find(|service| service.path() == uri.path());
    service.map(policy)
}

pub(super) fn answer(sent: &PlainRequest) -> Reply {
    let plain = service_fn(
        async |request: Request<()>| -> Result<Response<String>, Infallible> {
            Ok(response(request.headers()))
        },
    );
    let service = CorsLayer::new(policy(sent.service)).layer(plain);
    block_on(async {
        let Ok(response) = service.oneshot(http_request(sent, ())).await;
        reply(response).await
    })
}
