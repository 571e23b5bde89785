//! CORS for a whole service: a function from [`http::Request`] to [`http::Response`], for hyper, tower and Lambda.
//!
//! [`cors`] stands on the function that the server calls for every request. It stays a function of the same
//! signature; in front of its body stands the answer to a preflight, behind it the headers of the response.
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
//! - The request is the last parameter, in any pattern. What stands before it, `&self` too, is passed on.
//! - The function returns `Response<B>` or `Result<Response<B>, E>` with `B: Default`. An `Err` stays as it is: there is
//!   no response that could carry a header.
//! - It is an `async fn`, or a `fn` that returns the response itself.
//! - Without `methods` the safelisted GET, HEAD and POST are allowed.
//!
//! In axum use `cors_runtime::axum::cors`: mounted with `get`, a function of this module would never see
//! its preflight.

use http::header::{HeaderMap, HeaderValue};
use http::{Request, Response, StatusCode};

#[doc = include_str!("cors_http.md")]
#[doc = include_str!("cors_keys.md")]
pub use cors_macros::http as cors;

use crate::decision::{self, AllowMethods};
use crate::denial::Denial;
use crate::headers::{self, Actual, Advertised};
use crate::origin::{self, AllowOrigin};
use crate::policy::{Methods, Policy, SAFELISTED_METHODS};
use crate::request::{self, Class, RequestView};

impl<B> RequestView for Request<B> {
    fn method(&self) -> &str {
        Request::method(self).as_str()
    }

    fn lines(&self, name: &'static str) -> impl Iterator<Item = &[u8]> {
        self.headers()
            .get_all(name)
            .iter()
            .map(HeaderValue::as_bytes)
    }
}

/// The answer to a preflight.
pub(crate) fn preflight<B: Default, Q>(
    policy: &Policy,
    methods: AllowMethods<'_>,
    advertised: &Advertised,
    request: &Request<Q>,
) -> Response<B> {
    match decision::preflight(policy, methods, request) {
        Ok(allow_origin) => {
            let mut response = empty(StatusCode::NO_CONTENT);
            let allow_origin = origin_value(allow_origin, request);
            headers::allow_preflight(response.headers_mut(), policy, allow_origin, advertised);
            response
        }
        Err(denial) => refuse(denial, Some(policy), request),
    }
}

/// The refusal of a preflight: no `Access-Control-*` at all.
pub(crate) fn refuse<B: Default, Q>(
    denial: Denial,
    policy: Option<&Policy>,
    request: &Request<Q>,
) -> Response<B> {
    denial.report(Class::Preflight, policy, request);
    let mut response = empty(StatusCode::FORBIDDEN);
    headers::refuse_preflight(response.headers_mut(), denial, policy);
    response
}

/// What to do with the response to anything but a preflight.
pub(crate) fn actual<Q>(policy: &'static Policy, request: &Request<Q>) -> Actual {
    let (allow_origin, denial) = match origin::allow(policy, request) {
        Ok(allow_origin) => (Some(origin_value(allow_origin, request)), None),
        Err(denial) => (None, Some(denial).filter(|_| request.has(request::ORIGIN))),
    };
    if let Some(denial) = denial {
        denial.report(Class::Actual, Some(policy), request);
    }
    let vary = policy.varies();
    Actual {
        policy,
        allow_origin,
        vary,
        denial,
    }
}

fn origin_value<Q>(allow_origin: AllowOrigin, request: &Request<Q>) -> HeaderValue {
    match allow_origin {
        AllowOrigin::Any => HeaderValue::from_static("*"),
        AllowOrigin::Listed(entry) => HeaderValue::from_static(entry),
        AllowOrigin::Requested => {
            let origin = request.headers().get(http::header::ORIGIN).cloned();
            origin.unwrap_or_else(|| HeaderValue::from_static("null"))
        }
    }
}

fn empty<B: Default>(status: StatusCode) -> Response<B> {
    let mut response = Response::new(B::default());
    *response.status_mut() = status;
    response
}

/// What a function under [`cors`] returns: `Response<B>`, or a `Result` of one. Not public API.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`#[cors]` needs a function that returns `http::Response<B>` or a `Result` of one, with `B: Default`",
    label = "this is no `http::Response<B>` with `B: Default`",
    note = "an axum handler returns anything that is `IntoResponse`: for one use `cors_runtime::axum::cors`",
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
    message = "`#[cors]` answers preflights without a body, and `{Self}` has none that is empty: it is not `Default`",
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
        Actual, Advertised, AllowMethods, Answer, AsRequest, Class, HeaderMap, HeaderValue,
        Methods, Policy, SAFELISTED_METHODS, actual, preflight, request,
    };

    /// From before the body to after it.
    pub struct Ticket<R> {
        actual: Actual,
        // Not a bound of `after`: rustc would say the same about the return type twice.
        headers_mut: fn(&mut R) -> Option<&mut HeaderMap>,
    }

    /// The answer, if the request is a preflight.
    pub fn before<Q: AsRequest, R: Answer>(
        policy: &'static Policy,
        sent: &Q,
    ) -> ControlFlow<R, Ticket<R>> {
        let sent = sent.as_request();
        if request::classify(sent) == Class::Preflight {
            let (methods, joined) = methods(policy);
            let advertised = Advertised {
                methods: Some(HeaderValue::from_static(joined)),
                headers: policy.allow_headers().map(HeaderValue::from_static),
                max_age: policy.0.max_age.map(HeaderValue::from_static),
            };
            let answer = preflight(policy, methods, &advertised, sent);
            return ControlFlow::Break(R::from_empty(answer));
        }
        let ticket = Ticket {
            actual: actual(policy, sent),
            headers_mut: R::headers_mut,
        };
        ControlFlow::Continue(ticket)
    }

    /// A whole service has no registration that would name methods: the safelisted ones, or what the policy lists.
    fn methods(policy: &Policy) -> (AllowMethods<'static>, &'static str) {
        match policy.0.methods {
            Methods::Default => (AllowMethods::Names(&SAFELISTED_METHODS), "GET, HEAD, POST"),
            Methods::Any => (AllowMethods::Any, "*"),
            Methods::List { names, joined } => (AllowMethods::Names(names), joined),
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
