//! Why a preflight was refused, for the developer in front of the browser.

use std::fmt;

use crate::policy::Policy;
#[cfg(feature = "tracing")]
use crate::request::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};
use crate::request::{Class, RequestView};

/// What the policy does not allow. The request's own bytes are never part of it: it goes into a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Denial {
    Origin,
    MalformedOrigin,
    TwoOrigins,
    Method,
    TwoMethods,
    /// Nobody serves the method on this path.
    #[cfg(feature = "axum")]
    NotServed,
    Header,
    TooManyHeaders,
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Origin => "this origin is not in `origins`",
            Self::MalformedOrigin => "the Origin header is not an origin",
            Self::TwoOrigins => "there are two Origin headers",
            Self::Method => "the requested method is not in `methods`",
            Self::TwoMethods => "there are two Access-Control-Request-Method headers",
            #[cfg(feature = "axum")]
            Self::NotServed => "no handler serves the requested method on this path",
            Self::Header => "a requested header is not in `headers`",
            Self::TooManyHeaders => "Access-Control-Request-Headers is too long",
        })
    }
}

impl Denial {
    /// The reason and whose policy it is, for the `cors-denied` header of debug builds.
    pub(crate) fn explain(self, policy: Option<&Policy>) -> String {
        match policy {
            Some(policy) => format!("{self} of the policy at {}", policy.location()),
            None => self.to_string(),
        }
    }

    /// The reason as an event, with what was asked for. Bytes that could break a line of a log are escaped.
    #[cfg(feature = "tracing")]
    pub(crate) fn report(self, class: Class, policy: Option<&Policy>, request: &impl RequestView) {
        let shown = |name| {
            // Enough to recognise it; an attacker's kilobytes do not belong into a log.
            let lines = request.lines(name).take(4);
            let lines = lines.map(|line| line[..line.len().min(256)].escape_ascii().to_string());
            lines.collect::<Vec<_>>().join(", ")
        };
        let policy = policy.map(Policy::location);
        if class == Class::Preflight {
            tracing::info!(
                reason = %self,
                origin = %shown(ORIGIN),
                method = %shown(ACCESS_CONTROL_REQUEST_METHOD),
                headers = %shown(ACCESS_CONTROL_REQUEST_HEADERS),
                policy,
                "CORS preflight refused",
            );
        } else {
            // Browsers send an origin with requests to their own, too.
            tracing::debug!(reason = %self, origin = %shown(ORIGIN), policy, "no CORS headers");
        }
    }

    #[cfg(not(feature = "tracing"))]
    #[allow(clippy::unused_self, reason = "the event is a feature")]
    pub(crate) fn report(self, _: Class, _: Option<&Policy>, _: &impl RequestView) {}
}
