//! The handlers, services and layers of the random routers.

use std::convert::Infallible;
use std::future::{Ready, ready};

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cors_runtime::axum::cors;
use cors_runtime::{Policy, policy};
use tower::service_fn;
use tower::util::BoxCloneSyncService;

/// The header with the name of the responding endpoint.
pub(super) const ENDPOINT: &str = "x-endpoint";
/// The header that a layer adds, once for each layer.
pub(super) const LAYERS: &str = "x-layers";
/// The header without which a layer responds with a 401.
pub(super) const TOKEN: &str = "x-token";

/// The number of annotated handlers.
pub(super) const ANNOTATED: usize = 16;

macro_rules! annotated {
    ($($name:ident: $body:literal, $origin:literal $(, $key:ident = $value:tt)*;)*) => {
        $(
            #[cors(origins = [$origin] $(, $key = $value)*)]
            pub(super) async fn $name() -> impl IntoResponse {
                ([(ENDPOINT, $body)], $body)
            }
        )*
    };
}

annotated! {
    h0: "h0", "https://h0.example";
    h1: "h1", "https://h1.example";
    h2: "h2", "https://h2.example", headers = ["content-type"];
    h3: "h3", "https://h3.example", max_age = 60;
    h4: "h4", "https://h4.example";
    h5: "h5", "https://h5.example", headers = ["x-a", "x-b"];
    h6: "h6", "https://h6.example";
    h7: "h7", "https://h7.example", expose = ["x-total"];
    h8: "h8", "https://h8.example";
    h9: "h9", "https://h9.example";
    h10: "h10", "https://h10.example";
    h11: "h11", "https://h11.example";
    h12: "h12", "https://h12.example";
    h13: "h13", "https://h13.example";
    h14: "h14", "https://h14.example";
    h15: "h15", "https://h15.example";
}

/// Evaluates an expression with the annotated handler of this number.
macro_rules! with_annotated {
    ($number:expr, $handler:ident => $result:expr) => {
        with_annotated!(@ $number, $handler => $result;
            0 h0 1 h1 2 h2 3 h3 4 h4 5 h5 6 h6 7 h7
            8 h8 9 h9 10 h10 11 h11 12 h12 13 h13 14 h14 15 h15)
    };
    (@ $number:expr, $handler:ident => $result:expr; $($index:literal $name:ident)*) => {
        match $number {
            $($index => {
                let $handler = crate::differential::endpoints::$name;
                $result
            })*
            _ => unreachable!("there is no such handler"),
        }
    };
}
pub(super) use with_annotated;

static DEFAULTS: [Policy; 3] = [
    policy! { origins = ["https://d0.example"], methods = [PUT, DELETE, PATCH, GET, HEAD, POST] },
    policy! { origins = ["https://d1.example"], methods = [PUT, DELETE, PATCH, GET, HEAD, POST] },
    policy! { origins = ["https://d2.example"], methods = [PUT, DELETE, PATCH, GET, HEAD, POST] },
];

pub(super) fn default_policy(number: usize) -> &'static Policy {
    &DEFAULTS[number]
}

/// Returns a handler without a policy.
pub(super) fn plain(name: String) -> impl Fn() -> Ready<Response> + Clone + Send + Sync + 'static {
    move || ready(response(&name))
}

fn response(name: &str) -> Response {
    ([(ENDPOINT, name)], name.to_owned()).into_response()
}

/// Returns a handler for a method that is not served.
pub(super) fn not_allowed(
    text: String,
) -> impl Fn() -> Ready<(StatusCode, String)> + Clone + Send + Sync + 'static {
    move || ready((StatusCode::METHOD_NOT_ALLOWED, text.clone()))
}

pub(super) type AnyService = BoxCloneSyncService<Request, Response, Infallible>;

pub(super) fn service(name: String) -> AnyService {
    AnyService::new(service_fn(move |_: Request| {
        ready(Ok::<_, Infallible>(response(&name)))
    }))
}

/// Responds with a 401 to a request without a token. Adds the number of the layer to every
/// response.
pub(super) async fn respond(number: usize, request: Request, next: Next) -> Response {
    let mut response = if request.headers().contains_key(TOKEN) {
        next.run(request).await
    } else {
        StatusCode::UNAUTHORIZED.into_response()
    };
    let number = HeaderValue::from(number);
    response.headers_mut().append(LAYERS, number);
    response
}

/// Returns the layer with this number.
macro_rules! layer {
    ($number:expr) => {{
        let number = $number;
        axum::middleware::from_fn(move |request, next| {
            crate::differential::endpoints::respond(number, request, next)
        })
    }};
}
pub(super) use layer;
