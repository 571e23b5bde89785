//! `cors_runtime::actix_web::cors`, on functions in `cors_runtime::actix_web::resource`.

use actix_web::body::to_bytes;
use actix_web::dev::{self, ServiceResponse};
use actix_web::http::header::HeaderValue;
use actix_web::http::{Method, StatusCode};
use actix_web::test::{TestRequest, init_service};
use actix_web::{App, Error, HttpRequest, HttpResponse, web};
use cors_runtime::actix_web::{Resource, cors, resource};
use serde::Deserialize;

use super::block_on;
use crate::answer::Reply;
use crate::request::PlainRequest;
use crate::services::{BODY, Service, for_every_service, work};

/// The query that an extractor can reject.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default, rename = "number")]
    _number: u32,
}

macro_rules! handlers {
    ($($service:ident $name:ident $policy:ident;)*) => {
        $(
            #[cors(policy = crate::services::$policy)]
            async fn $name(_: web::Query<Wanted>, request: HttpRequest) -> HttpResponse {
                response(&request)
            }
        )*

        fn mounted(service: Service) -> Resource {
            let served = service.served().iter().map(|name| name.parse().expect("a method"));
            let served: Vec<Method> = served.collect();
            match service {
                $(Service::$service => resource(service.path()).methods(&served, $name),)*
            }
        }
    };
}

for_every_service!(handlers);

pub(super) fn answer(sent: &PlainRequest) -> Reply {
    block_on(async {
        let app = Service::ALL
            .into_iter()
            .fold(App::new(), |app, service| app.service(mounted(service)));
        reply(&init_service(app).await, sent).await
    })
}

/// Returns the response of a handler.
pub(super) fn response(request: &HttpRequest) -> HttpResponse {
    let lines = request.headers().iter();
    let work = work(lines.map(|(name, value)| (name.as_str(), value.as_bytes())));
    let mut response = HttpResponse::build(StatusCode::from_u16(work.status).expect("a status"));
    for (name, value) in &work.lines {
        response.append_header((name.as_str(), value.as_slice()));
    }
    response.body(BODY)
}

pub(super) async fn reply<S>(app: &S, sent: &PlainRequest) -> Reply
where
    S: dev::Service<actix_http::Request, Response = ServiceResponse, Error = Error>,
{
    let mut request = TestRequest::default()
        .method(sent.method.parse().expect("a method"))
        .uri(sent.path);
    for (name, value) in &sent.lines {
        let value = HeaderValue::from_bytes(value).expect("a value");
        request = request.append_header((*name, value));
    }
    let response = match app.call(request.to_request()).await {
        Ok(response) => response.into_parts().1,
        Err(error) => error.error_response(),
    };
    let lines = response.headers().iter();
    Reply {
        status: response.status().as_u16(),
        lines: lines
            .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
            .collect(),
        body: to_bytes(response.into_body()).await.expect("a body").into(),
    }
}
