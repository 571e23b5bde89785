//! A function with a policy and a layer with that policy respond the same, and keep the rules of
//! every response.
#![no_main]

use std::convert::Infallible;

use cors_fuzz::{GUARDED, LISTED, MATCHED, OPEN, REPEATING, Sent, check, for_each_policy};
use cors_fuzz::{collect, response, runtime};
use cors_runtime::http::cors;
use cors_runtime::tower::CorsLayer;
use http::{Request, Response};
use libfuzzer_sys::fuzz_target;
use tokio::runtime::Runtime;
use tower::{Layer, ServiceExt, service_fn};

type Answer = Result<Response<String>, Infallible>;

macro_rules! handlers {
    ($($name:ident $policy:ident $path:literal;)*) => {
        $(
            #[cors(policy = $policy)]
            async fn $name(_: Request<()>) -> Answer {
                Ok(response())
            }
        )*

        /// Responds by the function and by the layer. Other paths have no service.
        async fn serve(request: Request<()>) -> Option<[Response<String>; 2]> {
            let plain = service_fn(async |_: Request<()>| -> Answer { Ok(response()) });
            match request.uri().path() {
                $($path => {
                    let layer = CorsLayer::new(&$policy).layer(plain);
                    let Ok(one) = service_fn($name).oneshot(request.clone()).await;
                    let Ok(other) = layer.oneshot(request).await;
                    Some([one, other])
                })*
                _ => None,
            }
        }
    };
}

for_each_policy!(handlers);

thread_local!(static RUNTIME: Runtime = runtime());

fuzz_target!(|sent: Sent<'_>| {
    let request = sent.to_request();
    RUNTIME.with(|runtime| {
        runtime.block_on(async {
            let Some([function, layer]) = serve(request.clone()).await else {
                return;
            };
            assert_eq!(function.status(), layer.status(), "{request:?}");
            assert_eq!(function.headers(), layer.headers(), "{request:?}");
            check(&request, &collect(function).await);
        });
    });
});
