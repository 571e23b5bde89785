//! `cors_runtime::tower::CorsLayer`: around a service without a policy, and told about functions
//! with one.

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

        /// Both have something to say, and it is said once.
        pub(super) fn told(asked: &PlainRequest) -> Reply {
            let layer = CorsLayer::new(&LISTED).policies_inside(at);
            let sent = http_request(asked, ());
            block_on(async {
                let Ok(response) = match asked.service {
                    $(Service::$service => {
                        let function = service_fn(http_function::$name);
                        layer.layer(function).oneshot(sent).await
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

pub(super) fn answer(asked: &PlainRequest) -> Reply {
    let plain = service_fn(
        async |request: Request<()>| -> Result<Response<String>, Infallible> {
            Ok(response(request.headers()))
        },
    );
    let service = CorsLayer::new(policy(asked.service)).layer(plain);
    block_on(async {
        let Ok(response) = service.oneshot(http_request(asked, ())).await;
        reply(response).await
    })
}
