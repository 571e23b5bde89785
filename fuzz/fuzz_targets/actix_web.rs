//! Every response of an app keeps the rules of every response.
#![no_main]

use actix_web::body::to_bytes;
use actix_web::dev::Service;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::test::{TestRequest, init_service};
use actix_web::{App, HttpResponse, get, web};
use cors_fuzz::{GUARDED, LISTED, MATCHED, OPEN, OWN_HEADERS, REPEATING, Sent, check};
use cors_fuzz::{for_each_policy, runtime};
use cors_runtime::actix_web::{Cors, cors, resource};
use http::{Request, Response};
use libfuzzer_sys::fuzz_target;
use tokio::runtime::Runtime;

macro_rules! handlers {
    ($($name:ident $policy:ident $path:literal;)*) => {
        $(
            mod $name {
                use super::*;

                #[cors(policy = $policy)]
                #[get($path)]
                pub(super) async fn read() -> HttpResponse {
                    response()
                }

                #[cors(policy = $policy)]
                pub(super) async fn write() -> HttpResponse {
                    response()
                }
            }
        )*

        macro_rules! app {
            () => {
                App::new()
                    $(
                        .service($name::read)
                        .service(
                            resource($path)
                                .method(&actix_web::http::Method::PUT, $name::write)
                                .method(&actix_web::http::Method::PATCH, $name::write),
                        )
                    )*
            };
        }
    };
}

for_each_policy!(handlers);

fn response() -> HttpResponse {
    let mut response = HttpResponse::Ok();
    for line in OWN_HEADERS {
        response.append_header(line);
    }
    response.finish()
}

/// A handler without a policy of its own.
async fn plain() -> HttpResponse {
    response()
}

type Serve = dyn Fn(&Request<()>) -> Response<Vec<u8>>;

/// Serves with the app in a runtime.
macro_rules! served {
    ($app:expr) => {{
        let runtime: Runtime = runtime();
        let app = runtime.block_on(init_service($app));
        Box::new(move |request: &Request<()>| {
            runtime.block_on(async {
                match app.call(to_actix(request)).await {
                    Ok(response) => to_http(response.into_parts().1).await,
                    Err(error) => to_http(error.error_response()).await,
                }
            })
        })
    }};
}

// actix-web uses variables of the thread when an app is dropped, so the apps are never dropped.
thread_local!(static APPS: &'static [Box<Serve>] = Box::leak(Box::new([
    served!(app!()) as Box<Serve>,
    served!(app!().wrap(Cors::outermost())),
    served!(app!().route("/none", web::get().to(plain)).wrap(Cors::new(&LISTED))),
])));

fn to_actix(request: &Request<()>) -> actix_http::Request {
    let mut sent = TestRequest::with_uri(request.uri().path())
        .method(request.method().as_str().parse().unwrap());
    for (name, value) in request.headers() {
        let name = HeaderName::from_bytes(name.as_str().as_bytes()).unwrap();
        sent = sent.append_header((name, HeaderValue::from_bytes(value.as_bytes()).unwrap()));
    }
    sent.to_request()
}

async fn to_http<B: actix_web::body::MessageBody>(from: HttpResponse<B>) -> Response<Vec<u8>> {
    let mut response = Response::builder().status(from.status().as_u16());
    for (name, value) in from.headers() {
        response = response.header(name.as_str(), value.as_bytes());
    }
    let Ok(body) = to_bytes(from.into_body()).await else {
        panic!("the body ends with an error");
    };
    response.body(body.to_vec()).unwrap()
}

fuzz_target!(|sent: Sent<'_>| {
    let request = sent.to_request();
    APPS.with(|apps| {
        for serve in *apps {
            check(&request, &serve(&request));
        }
    });
});
