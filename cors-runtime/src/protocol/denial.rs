//! The reasons why a preflight or a request is refused.

use std::fmt;

use crate::origins::SourceFailure;

/// The reason why a policy does not allow a request. Does not contain data of the request, because
/// the reason is written into a response header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(all(feature = "actix-web", feature = "axum")),
    allow(dead_code, reason = "each adapter has denials of its own")
)]
pub enum Denial {
    Origin,
    NullOrigin,
    MalformedOrigin,
    TwoOrigins,
    Method,
    /// No method but the safelisted ones is allowed.
    NotSafelisted,
    TwoMethods,
    /// No handler with a policy serves the method on this path.
    NotServed,
    /// The path matches another pattern first, whose handlers are unknown.
    BehindAnother,
    /// A router with unknown handlers shares the path, and may serve the method.
    SharedPath,
    Header,
    /// `authorization` is requested, and `headers` is `"*"`.
    Authorization,
    TooManyHeaders,
    Source(SourceFailure),
    /// An `ask(..)` has to decide, but the request cannot wait.
    NotAsked,
    /// The host of the request is not in `hosts`.
    Host,
    /// The policy has `hosts`, and the request does not have exactly one host.
    NotOneHost,
    /// The handler has `disabled`.
    Disabled,
    /// An outer policy, which allows more, answers the preflights of the handler.
    AnsweredByOuterPolicy,
}

impl From<SourceFailure> for Denial {
    fn from(failure: SourceFailure) -> Self {
        Self::Source(failure)
    }
}

impl Denial {
    /// Returns whether the request is refused even if it is same-origin.
    pub(crate) fn is_about_host(self) -> bool {
        matches!(self, Self::Host | Self::NotOneHost)
    }

    /// Returns the reason and the location of the policy, for the `cors-denied` header of debug
    /// builds.
    pub(super) fn explain(self, location: Option<&'static str>) -> String {
        match location {
            Some(location) => format!("{self} (policy at {location})"),
            None => self.to_string(),
        }
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Origin => "this origin is not in `origins`",
            // Does not contain the value of the header.
            Self::NullOrigin => {
                "the origin is opaque, as that of a sandboxed frame, of a local file or after a \
                 redirect: only `origins = \"*\"` allows it"
            }
            Self::MalformedOrigin => "the Origin header is not an origin",
            Self::TwoOrigins => "there are two Origin headers",
            Self::Method => "the requested method is not in `methods`",
            Self::NotSafelisted => {
                "only GET, HEAD and POST are allowed here: add the requested method to `methods`"
            }
            Self::TwoMethods => "there are two Access-Control-Request-Method headers",
            Self::NotServed => "no handler with a policy serves the requested method on this path",
            Self::BehindAnother => {
                "another pattern matches this path first, and a handler without a policy may serve \
                 it"
            }
            Self::SharedPath => {
                "a router of axum's own has handlers on this path, and may serve the requested \
                 method: register the annotated handler for the method by name, not by `any`"
            }
            Self::Header => "a requested header is not in `headers`",
            Self::Authorization => {
                "`\"*\"` never covers `authorization`: write `headers = [\"*\", \"authorization\"]`"
            }
            Self::TooManyHeaders => {
                "Access-Control-Request-Headers has more than 64 names or 4,096 bytes"
            }
            Self::Source(failure) => failure.explanation(),
            Self::NotAsked => {
                "`ask(..)` in `origins` was not called, because the request could not wait: put \
                 the policy on the handler itself"
            }
            Self::Host => {
                "the host of the request is not in `hosts`: if the server has this name, add it"
            }
            Self::NotOneHost => {
                "the request does not have exactly one host: send one `Host` header"
            }
            Self::Disabled => "CORS is disabled for this handler",
            Self::AnsweredByOuterPolicy => {
                "an outer policy (of a `CorsLayer`, `Router::cors` or `Cors`) answers the \
                 preflights of this handler, and the handler's own policy does not allow the \
                 origin: see `CorsLayer::policies_inside`"
            }
        })
    }
}

impl SourceFailure {
    fn explanation(self) -> &'static str {
        match self {
            Self::NotReady => {
                "a list in `origins` is not ready (`Policy::ready` returns the reason; call it in \
                 `main`): the list allows no origin"
            }
            Self::Panicked => "a function in `origins` panicked: the origin is not allowed",
            Self::AskFailed => "`ask(..)` in `origins` failed: the origin is not allowed",
            Self::AskTimedOut => "`ask(..)` in `origins` took too long: the origin is not allowed",
        }
    }
}
