//! Handlers under `actix_web::cors`, and apps with a default policy.

use actix_web::body::{MessageBody, to_bytes};
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::test::{TestRequest, init_service};
use actix_web::{App, Error, HttpResponse, web};
use cors_runtime::Policy;
use cors_runtime::actix_web::Cors;
use http::{Request, Response};

use super::{Endpoint, OWN_HEADERS, PATH, Served};

/// The response of every handler.
pub(crate) fn answer() -> HttpResponse {
    let mut response = HttpResponse::Ok();
    for line in OWN_HEADERS {
        response.append_header(line);
    }
    response.finish()
}

pub(crate) fn methods(names: &[&str]) -> Vec<Method> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

/// An endpoint of the service of an app.
pub(crate) fn endpoint<S, B>(name: &'static str, served: Served, app: S) -> Endpoint
where
    S: Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    let app = std::rc::Rc::new(app);
    Endpoint::new(name, served, move |request| {
        let (app, request) = (app.clone(), to_actix(&request));
        async move {
            match app.call(request).await {
                Ok(response) => to_http(response.into_parts().1).await,
                Err(error) => to_http(error.error_response()).await,
            }
        }
    })
}

/// A handler without a policy of its own.
pub(crate) async fn default(policy: &'static Policy, registered: &[&'static str]) -> Endpoint {
    let methods = methods(registered);
    let resource = methods
        .iter()
        .fold(web::resource(PATH), |resource, method| {
            resource.route(web::method(method.clone()).to(async || answer()))
        });
    let app = init_service(App::new().service(resource).wrap(Cors::new(policy))).await;
    endpoint(
        "actix-web default policy",
        Served::Unknown(registered.to_vec()),
        app,
    )
}

fn to_actix(request: &Request<()>) -> actix_http::Request {
    let method: Method = request.method().as_str().parse().unwrap();
    let mut sent = TestRequest::with_uri(&request.uri().to_string()).method(method);
    for (name, value) in request.headers() {
        let name = HeaderName::from_bytes(name.as_str().as_bytes()).unwrap();
        sent = sent.append_header((name, HeaderValue::from_bytes(value.as_bytes()).unwrap()));
    }
    sent.to_request()
}

async fn to_http<B: MessageBody>(from: HttpResponse<B>) -> Response<Vec<u8>> {
    let mut response = Response::builder().status(from.status().as_u16());
    for (name, value) in from.headers() {
        response = response.header(name.as_str(), value.as_bytes());
    }
    let Ok(body) = to_bytes(from.into_body()).await else {
        panic!("the body ends with an error");
    };
    response.body(body.to_vec()).unwrap()
}
