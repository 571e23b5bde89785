//! An application, and the batches of requests for it.

use std::hint::black_box;
use std::rc::Rc;

use actix_http::Request;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, Uri};
use actix_web::{Error, rt};

use crate::case::{Answer, Measured};
use crate::requests::Template;

/// The head of a request, with the types of actix-web.
struct Head {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
}

impl Head {
    fn new(template: &Template) -> Self {
        let mut headers = HeaderMap::new();
        for (name, value) in template.pieces() {
            let name = HeaderName::from_bytes(name.as_str().as_bytes()).expect("a name");
            headers.append(
                name,
                HeaderValue::from_maybe_shared(value).expect("a value"),
            );
        }
        let method = Method::from_bytes(template.method.as_str().as_bytes()).expect("a method");
        Self {
            method,
            uri: template.path.parse().expect("a path"),
            headers,
        }
    }

    fn request(&self) -> Request {
        let mut request = Request::new();
        let head = request.head_mut();
        self.method.clone_into(&mut head.method);
        self.uri.clone_into(&mut head.uri);
        self.headers.clone_into(&mut head.headers);
        request
    }
}

pub(super) struct Application<S> {
    service: Rc<S>,
    head: Head,
    batch: Vec<Request>,
    system: rt::SystemRunner,
}

impl<S> Application<S> {
    pub(super) fn new(system: rt::SystemRunner, service: S, template: &Template) -> Self {
        let (service, head, batch) = (Rc::new(service), Head::new(template), Vec::new());
        Self {
            service,
            head,
            batch,
            system,
        }
    }
}

impl<S, B> Measured for Application<S>
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    fn prepare(&mut self, requests: usize) {
        self.batch.clear();
        self.batch
            .extend((0..requests).map(|_| self.head.request()));
    }

    #[inline(never)]
    fn serve(&mut self) {
        let service = Rc::clone(&self.service);
        let batch = &mut self.batch;
        self.system.block_on(async {
            for request in batch.drain(..) {
                drop(black_box(service.call(request).await.expect("a response")));
            }
        });
    }

    fn response(&mut self) -> Option<Answer> {
        let service = Rc::clone(&self.service);
        let request = self.head.request();
        let response = self
            .system
            .block_on(service.call(request))
            .expect("a response");
        let headers = response.headers().iter();
        let headers = headers.map(|(name, value)| (name.as_str(), value.as_bytes()));
        Some(Answer::new(response.status().as_u16(), headers))
    }
}

/// Drops the requests without serving them, inside of the same runtime.
pub(super) struct Dropped {
    head: Head,
    batch: Vec<Request>,
    system: rt::SystemRunner,
}

impl Dropped {
    pub(super) fn new(template: &Template) -> Self {
        Self {
            head: Head::new(template),
            batch: Vec::new(),
            system: rt::System::new(),
        }
    }
}

impl Measured for Dropped {
    fn prepare(&mut self, requests: usize) {
        self.batch.clear();
        self.batch
            .extend((0..requests).map(|_| self.head.request()));
    }

    #[inline(never)]
    fn serve(&mut self) {
        let batch = &mut self.batch;
        self.system.block_on(async {
            for request in batch.drain(..) {
                drop(black_box(request));
            }
        });
    }

    fn response(&mut self) -> Option<Answer> {
        None
    }
}
