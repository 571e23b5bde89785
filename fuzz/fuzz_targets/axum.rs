//! Every response of a router keeps the rules of every response.
#![no_main]

use axum::body::Body;
use axum::response::Response;
use cors_fuzz::{GUARDED, LISTED, MATCHED, OPEN, REPEATING, Sent, check, for_each_policy};
use cors_fuzz::{collect, response, runtime};
use cors_runtime::axum::Router;
use cors_runtime::axum::cors;
use cors_runtime::axum::routing::{get, post};
use libfuzzer_sys::fuzz_target;
use tokio::runtime::Runtime;
use tower::ServiceExt;

macro_rules! handlers {
    ($($name:ident $policy:ident $path:literal;)*) => {
        $(
            #[cors(policy = $policy)]
            async fn $name() -> Response {
                response()
            }
        )*

        /// `GET` and `PUT` have the policy, and `POST` has the default policy.
        fn router() -> axum::Router {
            let router = Router::new()$(.route($path, get($name).put($name).post(plain)))*;
            router.route("/none", post(plain)).cors(&LISTED).into()
        }
    };
}

for_each_policy!(handlers);

async fn plain() -> Response {
    response()
}

thread_local!(static APP: (Runtime, axum::Router) = (runtime(), router()));

fuzz_target!(|sent: Sent<'_>| {
    let request = sent.to_request();
    APP.with(|(runtime, router)| {
        runtime.block_on(async {
            let sent = request.clone().map(|()| Body::empty());
            let Ok(response) = router.clone().oneshot(sent).await;
            check(&request, &collect(response).await);
        });
    });
});
