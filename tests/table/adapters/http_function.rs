//! `cors_runtime::http::cors`, on functions under `tower::service_fn`.

use std::convert::Infallible;

use cors_runtime::http::cors;
use http::{Request, Response};
use tower::ServiceExt as _;

use super::{block_on, http_request, reply, response};
use crate::answer::Reply;
use crate::request::PlainRequest;
use crate::services::{Service, for_every_service};

macro_rules! functions {
    ($($service:ident $name:ident $policy:ident;)*) => {
        $(
            #[cors(policy = crate::services::$policy)]
            pub(super) async fn $name(
                request: Request<()>,
            ) -> Result<Response<String>, Infallible> {
                Ok(response(request.headers()))
            }
        )*

        pub(super) fn answer(sent: &PlainRequest) -> Reply {
            let request = http_request(sent, ());
            block_on(async {
                let Ok(response) = match sent.service {
                    $(Service::$service => tower::service_fn($name).oneshot(request).await,)*
                };
                reply(response).await
            })
        }
    };
}

for_every_service!(functions);
