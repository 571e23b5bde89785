//! Applications that a browser can fetch from.

use std::fmt::{self, Display};
use std::future::{Future, poll_fn};
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use http::{Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt, Full};
use tower_service::Service;

/// An application that a [`Browser`](super::Browser) can fetch from.
///
/// Implemented for:
///
/// - every [`Service`] of requests with a [`Full<Bytes>`](Full) body, as generic services are: a
///   `Router` of this crate or of axum, a service in a `CorsLayer`, `tower::service_fn`;
/// - every other service, by [`with_body`];
/// - the service of `actix_web::test::init_service`, with the feature `actix-web`.
///
/// The body of the response is any [`http_body::Body`], and an error is any [`Display`]. `M` tells
/// the implementations apart, and is inferred.
#[diagnostic::on_unimplemented(
    message = "a browser cannot fetch from `{Self}`",
    note = "for a service whose requests have a body of another type than `Full<Bytes>`, use \
            `cors_runtime::testing::with_body`"
)]
pub trait App<M> {
    #[doc(hidden)]
    fn serve(&mut self, request: Request<Bytes>) -> Serving<'_>;
}

pub(super) type Serving<'a> =
    Pin<Box<dyn Future<Output = Result<Response<ResponseBody>, String>> + 'a>>;

/// The body of a response, of any type.
pub struct ResponseBody(Pin<Box<dyn http_body::Body<Data = Bytes, Error = String>>>);

impl ResponseBody {
    pub(super) fn new<B>(body: B) -> Self
    where
        B: http_body::Body<Error: Display> + 'static,
    {
        let body = body.map_err(|error| error.to_string());
        let body =
            body.map_frame(|frame| frame.map_data(|mut data| data.copy_to_bytes(data.remaining())));
        Self(Box::pin(body))
    }

    pub(super) fn empty() -> Self {
        Self::new(http_body_util::Empty::<Bytes>::new())
    }
}

impl http_body::Body for ResponseBody {
    type Data = Bytes;
    type Error = String;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, String>>> {
        self.0.as_mut().poll_frame(context)
    }
}

/// Marks the implementation of [`App`] for services of tower.
#[derive(Debug)]
pub struct Tower(());

impl<S, B> App<Tower> for S
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>, Error: Display>,
    B: http_body::Body<Error: Display> + 'static,
{
    fn serve(&mut self, request: Request<Bytes>) -> Serving<'_> {
        Box::pin(call(self, request.map(Full::new)))
    }
}

/// A service whose requests have a body of its own type.
///
/// ```
/// use cors_runtime::http::cors;
/// use cors_runtime::testing::{Browser, Fetch, with_body};
/// use http::{Request, Response};
/// use tower::service_fn;
///
/// #[cors(origins = ["https://app.example.com"], methods = [PUT])]
/// async fn echo(request: Request<Vec<u8>>) -> Result<Response<String>, std::convert::Infallible> {
///     Ok(Response::new(format!("{} bytes", request.body().len())))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let mut app = with_body(service_fn(echo), |bytes| bytes.to_vec());
/// let mut browser = Browser::at("https://app.example.com");
///
/// let fetch = Fetch::put("https://api.example.com/").body("tea");
/// let page = browser.fetch(&mut app, fetch).await.unwrap();
/// assert_eq!(page.text().await, "3 bytes");
/// # }
/// ```
///
/// `axum::body::Body::from` is such a function as well.
pub fn with_body<S, F, T>(service: S, body: F) -> WithBody<S, F>
where
    F: FnMut(Bytes) -> T,
    S: Service<Request<T>>,
{
    WithBody { service, body }
}

/// See [`with_body`].
#[derive(Clone)]
pub struct WithBody<S, F> {
    service: S,
    body: F,
}

impl<S, F> fmt::Debug for WithBody<S, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WithBody").finish_non_exhaustive()
    }
}

/// Marks the implementation of [`App`] for [`WithBody`].
#[derive(Debug)]
pub struct OwnBody(());

impl<S, F, T, B> App<OwnBody> for WithBody<S, F>
where
    F: FnMut(Bytes) -> T,
    T: 'static,
    S: Service<Request<T>, Response = Response<B>, Error: Display>,
    B: http_body::Body<Error: Display> + 'static,
{
    fn serve(&mut self, request: Request<Bytes>) -> Serving<'_> {
        Box::pin(call(&mut self.service, request.map(&mut self.body)))
    }
}

async fn call<S, T, B>(
    service: &mut S,
    request: Request<T>,
) -> Result<Response<ResponseBody>, String>
where
    S: Service<Request<T>, Response = Response<B>, Error: Display>,
    B: http_body::Body<Error: Display> + 'static,
{
    let error = |error: S::Error| error.to_string();
    poll_fn(|context| service.poll_ready(context))
        .await
        .map_err(error)?;
    let response = service.call(request).await.map_err(error)?;
    Ok(response.map(ResponseBody::new))
}

/// An [`App`] whose marker is forgotten.
pub(super) trait Server {
    fn serve(&mut self, request: Request<Bytes>) -> Serving<'_>;
}

pub(super) struct Owned<A, M>(pub(super) A, pub(super) PhantomData<M>);

impl<A: App<M>, M> Server for Owned<A, M> {
    fn serve(&mut self, request: Request<Bytes>) -> Serving<'_> {
        self.0.serve(request)
    }
}

pub(super) struct Borrowed<'a, A, M>(pub(super) &'a mut A, pub(super) PhantomData<M>);

impl<A: App<M>, M> Server for Borrowed<'_, A, M> {
    fn serve(&mut self, request: Request<Bytes>) -> Serving<'_> {
        self.0.serve(request)
    }
}
