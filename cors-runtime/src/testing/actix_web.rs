//! Applications of actix-web.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_http::Request;
use actix_service::Service;
use actix_web::Error;
use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::test::TestRequest;
use bytes::Bytes;
use http_body::Frame;

use super::app::{App, ResponseBody, Serving};

/// Marks the implementation of [`App`] for the services of actix-web.
#[derive(Debug)]
pub struct ActixWeb(());

impl<S, B> App<ActixWeb> for S
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody + 'static,
{
    fn serve(&mut self, request: http::Request<Bytes>) -> Serving<'_> {
        Box::pin(async move {
            // As a server does. `HttpResponse::from_error` would leave out what middleware adds to
            // the response of an error.
            let response = match self.call(to_actix(request)?).await {
                Ok(response) => response.into_parts().1.map_into_boxed_body(),
                Err(error) => error.error_response(),
            };
            to_http(response)
        })
    }
}

/// actix-web uses `http` 0.2.
fn to_actix(request: http::Request<Bytes>) -> Result<Request, String> {
    use actix_web::http::header::{HeaderName, HeaderValue};
    use actix_web::http::{Method, Uri};

    let (parts, body) = request.into_parts();
    let method = Method::from_bytes(parts.method.as_str().as_bytes());
    let uri: Result<Uri, _> = parts.uri.to_string().parse();
    let mut request = TestRequest::default()
        .method(method.map_err(|error| error.to_string())?)
        .set_payload(body)
        .to_request();
    let head = request.head_mut();
    head.uri = uri.map_err(|error| error.to_string())?;
    head.headers.clear();
    for (name, value) in &parts.headers {
        let name = HeaderName::from_bytes(name.as_str().as_bytes());
        let value = HeaderValue::from_bytes(value.as_bytes());
        if let (Ok(name), Ok(value)) = (name, value) {
            head.headers.append(name, value);
        }
    }
    Ok(request)
}

fn to_http(response: HttpResponse) -> Result<http::Response<ResponseBody>, String> {
    let mut builder = http::Response::builder().status(response.status().as_u16());
    for (name, value) in response.headers() {
        builder = builder.header(name.as_str(), value.as_bytes());
    }
    let body = ResponseBody::new(ActixBody(response.into_body()));
    builder.body(body).map_err(|error| error.to_string())
}

struct ActixBody(BoxBody);

impl http_body::Body for ActixBody {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let chunk = Pin::new(&mut self.0).poll_next(context);
        chunk.map(|chunk| chunk.map(|bytes| bytes.map(Frame::data)))
    }
}
