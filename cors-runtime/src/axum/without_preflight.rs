//! Annotated handlers for routers that take only axum's own handlers.

use std::marker::PhantomData;

use axum::extract::Request;
use axum::handler::Handler;
use axum::http::HeaderValue;
use axum::response::Response;

use super::handler::{CorsHandler, WithInnerPolicy};
use crate::http;
use crate::policy::Policy;
use crate::protocol::{ActualHeaders, CorsCheck, OriginVerdict, PreparedPolicy, Refusal};
use crate::request::Received;

/// Converts an annotated handler into a plain handler, for a router of another crate that accepts
/// only plain handlers.
///
/// The responses have the headers of the policy. The preflights are not answered, because the
/// router passes OPTIONS requests to another handler. So a page can only send requests that do not
/// need a preflight.
///
/// ```
/// use cors_runtime::axum::{cors, without_preflight};
///
/// #[cors(origins = ["https://app.example.com"])]
/// async fn list() -> &'static str {
///     "items"
/// }
///
/// let app: axum::Router =
///     axum::Router::new().route("/items", axum::routing::get(without_preflight(list)));
/// ```
pub fn without_preflight<H, M>(handler: H) -> WithoutPreflight<H, M> {
    WithoutPreflight {
        handler,
        arguments: PhantomData,
    }
}

/// The return type of [`without_preflight`].
pub struct WithoutPreflight<H, M> {
    handler: H,
    arguments: PhantomData<fn() -> M>,
}

impl<H: Clone, M> Clone for WithoutPreflight<H, M> {
    fn clone(&self) -> Self {
        without_preflight(self.handler.clone())
    }
}

impl<H, M> std::fmt::Debug for WithoutPreflight<H, M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WithoutPreflight").finish_non_exhaustive()
    }
}

// Otherwise, rustc suggests this type for an annotated handler in axum's own `get`.
#[diagnostic::do_not_recommend]
impl<H, M, S> Handler<WithInnerPolicy, S> for WithoutPreflight<H, M>
where
    H: CorsHandler<M, S> + Clone + Send + Sync + 'static,
    M: 'static,
    S: Send + Sync + 'static,
{
    type Future = std::pin::Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, state: S) -> Self::Future {
        let policy = H::annotation().map(|annotation| annotation.policy);
        let check = policy.map(|policy| (policy, check(policy, &request)));
        Box::pin(async move {
            let headers = match check {
                Some((policy, check)) => match decide(policy, check.await, &request) {
                    Ok(headers) => Some(headers),
                    Err(response) => return response.to_response(),
                },
                None => None,
            };
            let handler = self.handler.into_handler();
            let mut response = handler.call(request, state).await;
            if let Some(headers) = headers {
                headers.apply(response.headers_mut());
            }
            response
        })
    }
}

fn check(policy: &'static Policy, request: &Request) -> CorsCheck {
    let received = Received::new(request);
    http::cors_check(policy, &received)
}

fn decide(
    policy: &'static Policy,
    verdict: OriginVerdict,
    request: &Request,
) -> Result<ActualHeaders<HeaderValue>, Refusal> {
    let received = Received::new(request);
    http::actual(&PreparedPolicy::new(policy), verdict, &received)
}
