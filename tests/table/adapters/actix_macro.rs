//! `cors_runtime::actix_web::cors`, above the route macros of actix-web.

use actix_web::test::init_service;
use actix_web::{App, HttpRequest, HttpResponse, route, web};
use cors_runtime::actix_web::cors;

use super::actix_resource::{Wanted, reply, response};
use super::block_on;
use crate::answer::Reply;
use crate::request::PlainRequest;

/// The paths and methods of a route macro are literals. They are the same as in
/// [`Service`](crate::services::Service).
macro_rules! handlers {
    ($($name:ident $policy:ident $path:tt $($method:tt),*;)*) => {
        $(
            #[cors(policy = crate::services::$policy)]
            #[route($path, $(method = $method),*)]
            async fn $name(_: web::Query<Wanted>, request: HttpRequest) -> HttpResponse {
                response(&request)
            }
        )*

        pub(super) fn answer(sent: &PlainRequest) -> Reply {
            block_on(async {
                let app = App::new()$(.service($name))*;
                reply(&init_service(app).await, sent).await
            })
        }
    };
}

handlers! {
    listed LISTED "/listed" "GET", "HEAD", "POST", "PUT", "OPTIONS";
    pattern PATTERN "/pattern" "GET", "HEAD", "POST";
    open OPEN "/open" "GET", "HEAD", "POST";
    wild WILD "/wild" "GET", "HEAD", "POST", "PUT";
    token TOKEN "/token" "GET", "HEAD", "POST";
    guarded GUARDED "/guarded" "GET", "HEAD", "POST";
    repeating REPEATING "/repeating" "GET", "HEAD", "POST", "PUT";
}
