//! The steps of the protocol for requests of `http` 1, inside of the layers of the request.

use http::{HeaderValue, Request, Response};

use super::layers::Outer;
#[cfg(any(feature = "axum", feature = "tower"))]
use super::layers::Scope;
use crate::policy::Policy;
#[cfg(any(feature = "axum", feature = "tower"))]
use crate::protocol::CheckedOrigin;
use crate::protocol::{
    self, ActualHeaders, CorsCheck, OriginVerdict, PreparedPolicy, Refusal, decide,
};
use crate::request::Received;

/// What a policy has decided for a response.
#[derive(Debug)]
pub(crate) struct Decided<T> {
    decided: T,
    outer: Outer,
}

impl Decided<ActualHeaders<HeaderValue>> {
    /// Adds the headers to the response of the handler.
    pub(crate) fn apply<B>(self, response: &mut Response<B>) {
        self.decided.apply(response.headers_mut());
        self.outer.mark(response);
    }
}

impl Decided<Refusal> {
    /// Makes a response without a body.
    pub(crate) fn into_response<B: Default>(self) -> Response<B> {
        let mut response = self.decided.to_response();
        self.outer.mark(&mut response);
        response
    }
}

pub(crate) type DecidedHeaders = Decided<ActualHeaders<HeaderValue>>;
pub(crate) type DecidedRefusal = Decided<Refusal>;

/// Makes the CORS check. A source that an outer layer has called is not called again.
pub(crate) fn cors_check<Q>(
    policy: &'static Policy,
    received: &Received<'_, Request<Q>>,
    outer: Outer,
) -> CorsCheck {
    protocol::cors_check(policy, received, outer.results(received.request()))
}

/// Decides a request that is not a preflight, and passes the result to the outer layers.
#[inline]
pub(crate) fn actual<Q>(
    policy: &PreparedPolicy<HeaderValue>,
    verdict: OriginVerdict,
    received: &Received<'_, Request<Q>>,
    outer: Outer,
) -> Result<DecidedHeaders, DecidedRefusal> {
    let headers = decide::actual(policy, verdict, outer.denial(policy.policy), received);
    outer.set_headers(headers.as_ref().ok());
    match headers {
        Ok(decided) => Ok(Decided { decided, outer }),
        Err(decided) => Err(Decided { decided, outer }),
    }
}

/// Decides a request as [`actual`], by a policy with unknown endpoints inside of it, which may have
/// policies of their own. The scope has the headers for the response.
#[cfg(any(feature = "axum", feature = "tower"))]
#[inline]
pub(crate) fn outer_actual<Q>(
    prepared: &PreparedPolicy<HeaderValue>,
    checked: CheckedOrigin,
    received: &Received<'_, Request<Q>>,
    outer: Outer,
) -> Result<Scope, DecidedRefusal> {
    let CheckedOrigin { verdict, results } = checked;
    let policy = prepared.policy;
    match decide::outer_actual(prepared, verdict, outer.denial(policy), received) {
        Ok(headers) => {
            let request = received.request();
            Ok(Scope::new(request, outer, policy, results, headers))
        }
        Err(decided) => {
            outer.set_headers(None);
            Err(Decided { decided, outer })
        }
    }
}

/// Decides a response that no handler makes, such as a 405, by the policies of its path.
#[cfg(feature = "axum")]
pub(crate) fn first_allowed<Q>(
    policies: impl Iterator<Item = PreparedPolicy<HeaderValue>> + Clone,
    received: &Received<'_, Request<Q>>,
    outer: Outer,
) -> Option<DecidedHeaders> {
    let results = outer.results(received.request());
    let headers = protocol::first_allowed(policies, received, results);
    outer.set_headers(headers.as_ref());
    let decided = headers?;
    Some(Decided { decided, outer })
}

/// Decides a response that no handler makes, such as a 405, by the only policy of its path.
#[cfg(feature = "axum")]
pub(crate) fn not_served<Q>(
    policy: &PreparedPolicy<HeaderValue>,
    verdict: OriginVerdict,
    received: &Received<'_, Request<Q>>,
    outer: Outer,
) -> DecidedHeaders {
    let decide::OuterHeaders { headers, event } = decide::outer_headers(policy, verdict, received);
    event.log();
    outer.set_headers(Some(&headers));
    Decided {
        decided: headers,
        outer,
    }
}
