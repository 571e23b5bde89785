//! Why a preflight was refused, for the developer in front of the browser.

use std::fmt;

use crate::request::RequestView;
#[cfg(feature = "tracing")]
use crate::request::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};

/// What the policy does not allow. The request's own bytes are never part of it: it goes into a
/// header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Denial {
    Origin,
    MalformedOrigin,
    TwoOrigins,
    Method,
    TwoMethods,
    /// Nobody serves the method on this path.
    #[cfg(any(feature = "actix-web", feature = "axum"))]
    NotServed,
    /// The path leads to another pattern first, and who serves that is not known.
    #[cfg(feature = "actix-web")]
    BehindAnother,
    Header,
    TooManyHeaders,
    /// A list that `origins` names could not be asked.
    NotReady,
    /// Code that `origins` names panicked.
    Panicked,
    /// Somebody has to be asked first; where that cannot be done, nobody is allowed.
    NotAsked,
    AskFailed,
    AskTimedOut,
    /// The handler says so.
    Disabled,
    /// Somebody around the handler answered the preflight, by a policy that allows more.
    #[cfg(any(feature = "axum", feature = "tower"))]
    JudgedElsewhere,
    /// A `Cors` around the handler answered the preflight, by a policy that allows more.
    #[cfg(feature = "actix-web")]
    JudgedOutside,
}

/// What came of a denial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    PreflightRefused,
    RequestRefused,
    /// The handler ran; a page cannot read what it answered.
    NoHeaders,
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Origin => "this origin is not in `origins`",
            Self::MalformedOrigin => "the Origin header is not an origin",
            Self::TwoOrigins => "there are two Origin headers",
            Self::Method => "the requested method is not in `methods`",
            Self::TwoMethods => "there are two Access-Control-Request-Method headers",
            #[cfg(any(feature = "actix-web", feature = "axum"))]
            Self::NotServed => "no handler serves the requested method on this path",
            #[cfg(feature = "actix-web")]
            Self::BehindAnother => {
                "another pattern takes this path first, and a handler without a policy may serve it"
            }
            Self::Header => "a requested header is not in `headers`",
            Self::TooManyHeaders => "Access-Control-Request-Headers is too long",
            Self::NotReady => {
                "a list in `origins` is not ready (`Policy::ready` says why, and belongs in \
                 `main`): no origin is allowed by it"
            }
            Self::Panicked => "a function in `origins` panicked: the origin is not allowed",
            Self::NotAsked => {
                "`ask(..)` in `origins` was not asked, where the request could not wait for it: \
                 put the policy on the handler itself"
            }
            Self::AskFailed => "`ask(..)` in `origins` failed: the origin is not allowed",
            Self::AskTimedOut => "`ask(..)` in `origins` took too long: the origin is not allowed",
            Self::Disabled => "CORS is disabled for this handler",
            #[cfg(any(feature = "axum", feature = "tower"))]
            Self::JudgedElsewhere => {
                "a policy around the handler, of a `CorsLayer` or by `Router::cors`, answers its \
                 preflights, and the handler's own refuses the origin: see \
                 `CorsLayer::policies_inside`"
            }
            #[cfg(feature = "actix-web")]
            Self::JudgedOutside => {
                "a Cors middleware further out answers the preflights by another policy, and the \
                 handler's own refuses the origin"
            }
        })
    }
}

impl Denial {
    /// The reason and whose policy it is, for the `cors-denied` header of debug builds.
    pub(crate) fn explain(self, location: Option<&'static str>) -> String {
        match location {
            Some(location) => format!("{self} (policy at {location})"),
            None => self.to_string(),
        }
    }

    /// The reason as an event, with what was asked for. Bytes that could break a line of a log are
    /// escaped.
    #[cfg(feature = "tracing")]
    pub(crate) fn report(
        self,
        outcome: Outcome,
        policy: Option<&'static str>,
        request: &impl RequestView,
    ) {
        let shown = |name| {
            // Enough to recognise it; an attacker's kilobytes do not belong into a log.
            let lines = request.lines(name).take(4);
            let lines = lines.map(|line| line[..line.len().min(256)].escape_ascii().to_string());
            lines.collect::<Vec<_>>().join(", ")
        };
        match outcome {
            Outcome::PreflightRefused => tracing::info!(
                reason = %self,
                origin = %shown(ORIGIN),
                method = %shown(ACCESS_CONTROL_REQUEST_METHOD),
                headers = %shown(ACCESS_CONTROL_REQUEST_HEADERS),
                policy,
                "CORS preflight refused",
            ),
            Outcome::RequestRefused => tracing::info!(
                reason = %self,
                origin = %shown(ORIGIN),
                method = %request.method(),
                policy,
                "CORS request refused",
            ),
            // Browsers send an origin with requests to their own, too.
            Outcome::NoHeaders => {
                tracing::debug!(reason = %self, origin = %shown(ORIGIN), policy, "no CORS headers");
            }
        }
    }

    #[cfg(not(feature = "tracing"))]
    #[allow(clippy::unused_self, reason = "the event is a feature")]
    pub(crate) fn report(self, _: Outcome, _: Option<&'static str>, _: &impl RequestView) {}
}
