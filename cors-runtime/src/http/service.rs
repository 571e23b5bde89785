//! The expansion of [`cors`](super::cors), and the traits of the annotated functions.

use http::{Request, Response};

/// The return type of a function under [`cors`](super::cors): `Response<B>`, or a `Result` of it.
/// Not public API.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`#[cors]` needs a function that returns `http::Response<B>` or a `Result` of one, \
               with `B: Default`",
    label = "this is not an `http::Response<B>` with `B: Default`",
    note = "an axum handler returns any `IntoResponse`: for axum handlers, use \
            `cors_runtime::axum::cors`",
    note = "write a function that returns a future as an `async fn`"
)]
pub trait ServiceOutput: Sized {
    /// Converts the response to a preflight, which does not have a body.
    fn from_empty(response: Response<()>) -> Self;
    /// Adds headers to the response, unless the value is an error.
    fn apply(&mut self, headers: expansion::Decided);
}

/// The body of an empty response. Not public API.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`#[cors]` answers preflights with an empty body, and `{Self}` is not `Default`",
    note = "`http_body_util::combinators::BoxBody` takes any body and is `Default`"
)]
pub trait EmptyBody {
    /// Returns an empty body.
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
    note = "an axum handler takes extractors: for axum handlers, use `cors_runtime::axum::cors`"
)]
pub trait AsRequest {
    /// The type of the body.
    type Body;
    /// Returns the request.
    fn as_request(&self) -> &Request<Self::Body>;
}

impl<B> AsRequest for Request<B> {
    type Body = B;

    fn as_request(&self) -> &Self {
        self
    }
}

impl<B: EmptyBody> ServiceOutput for Response<B> {
    fn from_empty(response: Response<()>) -> Self {
        response.map(|()| B::empty())
    }

    fn apply(&mut self, headers: expansion::Decided) {
        headers.0.apply(self.headers_mut());
    }
}

impl<B: EmptyBody, E> ServiceOutput for Result<Response<B>, E> {
    fn from_empty(response: Response<()>) -> Self {
        Ok(ServiceOutput::from_empty(response))
    }

    fn apply(&mut self, headers: expansion::Decided) {
        if let Ok(response) = self {
            headers.0.apply(response.headers_mut());
        }
    }
}

/// The items that the expansion of [`cors`](super::cors) uses. Not public API.
#[doc(hidden)]
pub mod expansion {
    use std::ops::ControlFlow;
    use std::ptr;
    use std::sync::OnceLock;

    use ::http::{HeaderMap, HeaderValue, Request};

    use super::{AsRequest, ServiceOutput};
    use crate::http;
    use crate::mounting::{MountedPolicy, PreparedPolicies};
    use crate::policy::Policy;
    use crate::protocol::{ActualHeaders, OriginVerdict};
    use crate::request::{Class, Received, classify};

    type Mounted = MountedPolicy<HeaderMap>;

    /// The prepared header values of a function's policy.
    pub struct Prepared {
        first: OnceLock<Mounted>,
        /// The policy of a generic function can depend on its parameters.
        others: PreparedPolicies<HeaderMap>,
    }

    impl Default for Prepared {
        fn default() -> Self {
            Self::new()
        }
    }

    impl Prepared {
        pub const fn new() -> Self {
            Self {
                first: OnceLock::new(),
                others: PreparedPolicies::new(),
            }
        }

        /// Calls `decide` with the prepared policy.
        fn with<T>(&self, policy: &'static Policy, decide: impl FnOnce(&Mounted) -> T) -> T {
            let first = self.first.get_or_init(|| Mounted::unregistered(policy));
            if ptr::eq(first.policy(), policy) {
                decide(first)
            } else {
                decide(&self.others.get(policy))
            }
        }
    }

    /// Returns whether the CORS check may have to wait for an `ask(..)`.
    pub fn may_wait(policy: &Policy) -> bool {
        policy.has_async_sources()
    }

    /// Makes the CORS check. The future does not borrow the request.
    pub fn cors_check<Q: AsRequest>(
        policy: &'static Policy,
        request: &Q,
    ) -> impl Future<Output = OriginVerdict> + use<Q> {
        let received = Received::new(request.as_request());
        http::cors_check(policy, &received)
    }

    pub struct Decided(pub(super) ActualHeaders<HeaderValue>);

    /// The headers for the response that the body of a function returns.
    pub struct Headers<R> {
        decided: Decided,
        // A field and not a bound of `apply`, because rustc would report a wrong return type twice.
        apply: fn(&mut R, Decided),
    }

    impl<R> Headers<R> {
        pub fn apply(self, mut output: R) -> R {
            (self.apply)(&mut output, self.decided);
            output
        }
    }

    /// Decides the request. `Break` contains the response if the body of the function must not run.
    pub fn decide<Q: AsRequest, R: ServiceOutput>(
        policy: &'static Policy,
        prepared: &Prepared,
        verdict: OriginVerdict,
        request: &Q,
    ) -> ControlFlow<R, Headers<R>> {
        let received = Received::new(request.as_request());
        prepared.with(policy, |mounted| decide_by(mounted, verdict, &received))
    }

    /// [`decide`] without waiting for an `ask(..)`.
    pub fn decide_now<Q: AsRequest, R: ServiceOutput>(
        policy: &'static Policy,
        prepared: &Prepared,
        request: &Q,
    ) -> ControlFlow<R, Headers<R>> {
        let received = Received::new(request.as_request());
        let verdict = http::cors_check(policy, &received).without_waiting();
        prepared.with(policy, |mounted| decide_by(mounted, verdict, &received))
    }

    #[inline(always)]
    fn decide_by<Q, R: ServiceOutput>(
        mounted: &Mounted,
        verdict: OriginVerdict,
        received: &Received<'_, Request<Q>>,
    ) -> ControlFlow<R, Headers<R>> {
        if classify(received) == Class::Preflight {
            return ControlFlow::Break(answer_preflight(mounted, verdict, received));
        }
        match http::actual(&mounted.prepared, verdict, received) {
            Ok(headers) => ControlFlow::Continue(Headers {
                decided: Decided(headers),
                apply: R::apply,
            }),
            Err(response) => ControlFlow::Break(R::from_empty(response.to_response())),
        }
    }

    /// Keeps [`decide_by`] small, so that it is inlined for other requests.
    #[inline(never)]
    fn answer_preflight<Q, R: ServiceOutput>(
        mounted: &Mounted,
        verdict: OriginVerdict,
        received: &Received<'_, Request<Q>>,
    ) -> R {
        R::from_empty(mounted.preflight(verdict, received).into_response())
    }
}
