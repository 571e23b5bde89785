//! Builds apps from shapes, and sends requests to them.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::error::ErrorForbidden;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::{Condition, Next, NormalizePath, from_fn};
use actix_web::test::{TestRequest, init_service, read_body};
use actix_web::{App, Error, HttpResponse, web};
use cors_runtime::actix_web::Cors;

use super::shape::{AppShape, Around, Middleware, Mounted};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
    pub(super) allowed_origins: Vec<String>,
    pub(super) vary: Vec<String>,
    /// The name of the resource that the path matches first.
    pub(super) first: Option<String>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct SentRequest<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) is_guarded: bool,
    pub(super) origin: Option<&'a str>,
    pub(super) requested_method: Option<&'a str>,
}

type BoxFuture<T> = Pin<Box<dyn Future<Output = T>>>;

pub(super) struct Sent(Rc<dyn Fn(TestRequest) -> BoxFuture<Answer>>);

impl Sent {
    /// Builds the app of a shape, or its twin without policies.
    pub(super) async fn app(shape: &AppShape, is_twin: bool) -> Self {
        let around = if is_twin {
            Around::Nothing
        } else {
            shape.around
        };
        let services = shape.services.iter().cloned();
        let services = services.map(|shape| Mounted { shape, is_twin });
        let mut app = App::new();
        if shape.has_default_service {
            app = app.default_service(web::to(|| async { "pdefault" }));
        }
        let app = services.fold(app, App::service);
        let is = |middleware| shape.middleware == middleware;
        let app = app
            .wrap(from_fn(show_first))
            .wrap(Condition::new(
                is(Middleware::Refuse) && !is_twin,
                from_fn(refuse),
            ))
            .wrap(Condition::new(
                is(Middleware::Fail) && !is_twin,
                from_fn(fail),
            ))
            .wrap(Condition::new(
                is(Middleware::Normalize),
                NormalizePath::trim(),
            ))
            .wrap(Condition::new(
                around == Around::Outermost,
                Cors::outermost(),
            ))
            .wrap(Condition::new(
                around == Around::Default,
                Around::default_policy(),
            ));
        let service = Rc::new(init_service(app).await);
        Self(Rc::new(move |request| {
            Box::pin(answer(Rc::clone(&service), request))
        }))
    }

    pub(super) async fn answer(&self, sent: SentRequest<'_>) -> Answer {
        let mut request = TestRequest::default()
            .method(sent.method.parse().expect("a method"))
            .uri(sent.path);
        let headers = [
            ("origin", sent.origin),
            ("access-control-request-method", sent.requested_method),
            ("x-guard", sent.is_guarded.then_some("1")),
        ];
        for (name, value) in headers {
            if let Some(value) = value {
                request = request.insert_header((name, value));
            }
        }
        (self.0)(request).await
    }
}

async fn answer<S, B>(service: Rc<S>, request: TestRequest) -> Answer
where
    S: Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody + 'static,
{
    let response = match service.call(request.to_request()).await {
        Ok(response) => response.map_into_boxed_body(),
        Err(error) => {
            let request = TestRequest::default().to_http_request();
            ServiceResponse::new(request, error.error_response())
        }
    };
    let lines = |name: &str| {
        let lines = response.headers().get_all(name);
        let lines = lines.map(|line| line.to_str().expect("text").to_owned());
        lines.collect::<Vec<_>>()
    };
    Answer {
        status: response.status().as_u16(),
        allowed_origins: lines("access-control-allow-origin"),
        vary: lines("vary")
            .join(",")
            .split(',')
            .map(|it| it.trim().to_lowercase())
            .collect(),
        first: lines("x-first").pop(),
        body: String::from_utf8(read_body(response).await.to_vec()).expect("text"),
    }
}

/// Adds the name of the first resource of the path to the response.
async fn show_first(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let first = request
        .resource_map()
        .match_name(request.match_info().as_str());
    let first = first.and_then(|name| HeaderValue::from_str(name).ok());
    let mut response = next.call(request).await?;
    if let Some(first) = first {
        response
            .headers_mut()
            .insert(HeaderName::from_static("x-first"), first);
    }
    Ok(response)
}

async fn refuse(
    request: ServiceRequest,
    _: Next<impl MessageBody>,
) -> Result<ServiceResponse, Error> {
    Ok(request.into_response(HttpResponse::Unauthorized().finish()))
}

async fn fail(_: ServiceRequest, _: Next<impl MessageBody>) -> Result<ServiceResponse, Error> {
    Err(ErrorForbidden(""))
}
