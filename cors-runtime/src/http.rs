//! CORS for a whole service: a function from [`http::Request`] to [`http::Response`], for hyper,
//! tower and Lambda.
//!
//! [`cors`] stands on the function that the server calls for every request. It stays a function of
//! the same signature; in front of its body stands the answer to a preflight, behind it the headers
//! of the response.
//!
//! ```
//! use std::convert::Infallible;
//!
//! use cors_runtime::http::cors;
//! use http::{Request, Response};
//!
//! #[cors(origins = ["https://app.example.com"], methods = [PUT], headers = ["content-type"])]
//! async fn handle(request: Request<String>) -> Result<Response<String>, Infallible> {
//!     Ok(Response::new(format!("you sent {} bytes", request.body().len())))
//! }
//! ```
//!
//! - The request is the last parameter, in any pattern. What stands before it, `&self` too, is
//!   passed on.
//! - The function returns `Response<B>` or `Result<Response<B>, E>` with `B: Default`. An `Err`
//!   stays as it is: there is no response that could carry a header.
//! - It is an `async fn`, or a `fn` that returns the response itself.
//! - Without `methods` the safelisted GET, HEAD and POST are allowed.
//!
//! In axum use `cors_runtime::axum::cors`: mounted with `get`, a function of this module would
//! never see its preflight.

use http::header::{self, HeaderMap, HeaderValue};
use http::{Request, Response, StatusCode};

#[doc = include_str!("cors_http.md")]
#[doc = include_str!("cors_keys.md")]
pub use cors_macros::http as cors;

use crate::answers::{Answered, Answers};
use crate::decision::AllowMethods;
use crate::denial::Denial;
use crate::headers::{self, Reply};
#[cfg(any(feature = "axum", feature = "tower"))]
use crate::outer::Outer;
use crate::policy::Policy;
use crate::reply;
use crate::request::{self, Class, RequestView};

/// As [`headers::Actual`], for this header map.
pub(crate) type Actual = headers::Actual<HeaderValue>;
/// As [`headers::Advertised`], for this header map.
pub(crate) type Advertised = headers::Advertised<HeaderValue>;

impl<B> RequestView for Request<B> {
    type Value = HeaderValue;

    fn method(&self) -> &str {
        Request::method(self).as_str()
    }

    fn path(&self) -> &str {
        self.uri().path()
    }

    fn uri_authority(&self) -> Option<&str> {
        self.uri().authority().map(http::uri::Authority::as_str)
    }

    fn lines<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        let lines = self.headers().get_all(name).iter();
        lines.map(HeaderValue::as_bytes)
    }

    fn origin_value(&self) -> Option<HeaderValue> {
        self.headers().get(header::ORIGIN).cloned()
    }
}

headers::header_map!(http::header);

/// What becomes of anything but a preflight. A layer around is told.
///
/// # Errors
///
/// The answer, where the request must not be served.
pub(crate) fn actual<'a, Q>(
    policy: &'a Policy,
    request: &Request<Q>,
    answers: &Answers,
) -> Result<Actual, Reply<'a, HeaderValue>> {
    let actual = judge(policy, request, answers);
    hand_over(request, actual.as_ref().ok());
    actual
}

/// As [`actual`], and nobody is told.
pub(crate) fn judge<'a, Q>(
    policy: &'a Policy,
    request: &Request<Q>,
    answers: &Answers,
) -> Result<Actual, Reply<'a, HeaderValue>> {
    let lent = judged_elsewhere(policy, request);
    reply::actual(policy, &Answered { request, answers }, lent)
}

#[cfg(any(feature = "axum", feature = "tower"))]
fn judged_elsewhere<Q>(policy: &Policy, request: &Request<Q>) -> Option<Denial> {
    Outer::judges_instead_of(policy, request).then_some(Denial::JudgedElsewhere)
}

/// Without these features nobody is around.
#[cfg(not(any(feature = "axum", feature = "tower")))]
fn judged_elsewhere<Q>(_: &Policy, _: &Request<Q>) -> Option<Denial> {
    None
}

/// To be called where a policy speaks for the response, whoever makes it: a layer around has
/// nothing to say then.
#[cfg(any(feature = "axum", feature = "tower"))]
pub(crate) fn hand_over<Q>(request: &Request<Q>, actual: Option<&Actual>) {
    Outer::hand_over(request, actual);
}

#[cfg(not(any(feature = "axum", feature = "tower")))]
pub(crate) fn hand_over<Q>(_: &Request<Q>, _: Option<&Actual>) {}

impl Reply<'_, HeaderValue> {
    /// As a response without a body.
    pub(crate) fn into_response<B: Default>(self) -> Response<B> {
        let mut response = Response::new(B::default());
        *response.status_mut() = if self.permits() {
            StatusCode::NO_CONTENT
        } else {
            StatusCode::FORBIDDEN
        };
        self.apply(response.headers_mut());
        response
    }
}

/// The head of a request, for as long as somebody is asked about its origin.
#[cfg(feature = "tower")]
pub(crate) fn head<Q>(request: &Request<Q>) -> Request<()> {
    let mut head = Request::new(());
    head.method_mut().clone_from(request.method());
    head.uri_mut().clone_from(request.uri());
    head.headers_mut().clone_from(request.headers());
    if let Some(outer) = request.extensions().get::<Outer>() {
        head.extensions_mut().insert(outer.clone());
    }
    head
}

/// The answer to a preflight for a service that no registration names methods for.
pub(crate) fn preflight<B: Default, Q>(
    policy: &Policy,
    request: &Request<Q>,
    answers: &Answers,
) -> Response<B> {
    let (methods, joined) = AllowMethods::of(policy);
    let methods_value = Some(HeaderValue::from_static(joined));
    let advertised = Advertised::new(policy, methods_value, policy.0.max_age);
    let request = Answered { request, answers };
    reply::preflight(policy, methods, &advertised, &request).into_response()
}

/// What a function under [`cors`] returns: `Response<B>`, or a `Result` of one. Not public API.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`#[cors]` needs a function that returns `http::Response<B>` or a `Result` of one, \
               with `B: Default`",
    label = "this is no `http::Response<B>` with `B: Default`",
    note = "an axum handler returns anything that is `IntoResponse`: for one use \
            `cors_runtime::axum::cors`",
    note = "a function that returns a future is written as an `async fn` here"
)]
pub trait Answer: Sized {
    /// Makes the answer to a preflight, which has no body.
    fn from_empty(response: Response<()>) -> Self;
    /// The headers of the response, if there is one.
    fn headers_mut(&mut self) -> Option<&mut HeaderMap>;
}

/// A body that a response without one can have. Not public API.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`#[cors]` answers preflights without a body, and `{Self}` has none that is empty: \
               it is not `Default`",
    note = "`http_body_util::combinators::BoxBody` takes any body and is `Default`"
)]
pub trait EmptyBody {
    /// The body.
    fn empty() -> Self;
}

#[diagnostic::do_not_recommend]
impl<B: Default> EmptyBody for B {
    fn empty() -> Self {
        Self::default()
    }
}

/// `http::Request<B>`. Not public API.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`#[cors]` expects an `http::Request<B>` as the last parameter, found `{Self}`",
    note = "an axum handler takes extractors: for one use `cors_runtime::axum::cors`"
)]
pub trait AsRequest {
    /// The body.
    type Body;
    /// The request itself.
    fn as_request(&self) -> &Request<Self::Body>;
}

impl<B> AsRequest for Request<B> {
    type Body = B;

    fn as_request(&self) -> &Self {
        self
    }
}

impl<B: EmptyBody> Answer for Response<B> {
    fn from_empty(response: Response<()>) -> Self {
        response.map(|()| B::empty())
    }

    fn headers_mut(&mut self) -> Option<&mut HeaderMap> {
        Some(self.headers_mut())
    }
}

impl<B: EmptyBody, E> Answer for Result<Response<B>, E> {
    fn from_empty(response: Response<()>) -> Self {
        Ok(Answer::from_empty(response))
    }

    fn headers_mut(&mut self) -> Option<&mut HeaderMap> {
        self.as_mut().ok().map(Response::headers_mut)
    }
}

/// What the expansion of [`cors`] calls. Not public API.
#[doc(hidden)]
pub mod expansion {
    use std::ops::ControlFlow;

    use super::{
        Actual, Answer, Answers, AsRequest, Class, HeaderMap, Policy, actual, preflight, request,
    };
    use crate::answers::{Asking, Open};

    /// From before the body to after it.
    pub struct Ticket<R> {
        actual: Actual,
        // Not a bound of `after`: rustc would say the same about the return type twice.
        headers_mut: fn(&mut R) -> Option<&mut HeaderMap>,
    }

    /// What has to be asked before the request can be judged. Nothing of it is borrowed by what
    /// comes out.
    pub fn ask<Q: AsRequest>(policy: &'static Policy, sent: &Q) -> Asking {
        let sent = sent.as_request();
        Open::of([policy], sent).ask(sent)
    }

    /// Nothing, in a function that cannot wait.
    pub fn nothing_asked() -> Answers {
        Answers::default()
    }

    /// The answer, if the body is not to run.
    pub fn before<Q: AsRequest, R: Answer>(
        policy: &'static Policy,
        sent: &Q,
        answers: &Answers,
    ) -> ControlFlow<R, Ticket<R>> {
        let sent = sent.as_request();
        if request::classify(sent) == Class::Preflight {
            return ControlFlow::Break(R::from_empty(preflight(policy, sent, answers)));
        }
        match actual(policy, sent, answers) {
            Ok(actual) => ControlFlow::Continue(Ticket {
                actual,
                headers_mut: R::headers_mut,
            }),
            Err(reply) => ControlFlow::Break(R::from_empty(reply.into_response())),
        }
    }

    impl<R> Ticket<R> {
        /// Puts the headers on what the body returned.
        pub fn after(self, mut answer: R) -> R {
            if let Some(headers) = (self.headers_mut)(&mut answer) {
                self.actual.apply(headers);
            }
            answer
        }
    }
}
