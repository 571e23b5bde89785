//! Logs denials as `tracing` events. Each denial is logged once, when its response is decided.

#[cfg(feature = "tracing")]
use crate::request::RequestHeader;
use crate::request::RequestView;

use super::denial::Denial;

/// Logs the refusal of a preflight.
#[cfg(feature = "tracing")]
pub(super) fn preflight_refused(
    denial: Denial,
    location: Option<&'static str>,
    request: &impl RequestView,
) {
    tracing::info!(
        reason = %denial,
        origin = %shown(request, RequestHeader::Origin),
        method = %shown(request, RequestHeader::AccessControlRequestMethod),
        headers = %shown(request, RequestHeader::AccessControlRequestHeaders),
        policy = location,
        "CORS preflight refused",
    );
}

/// Logs the refusal of an actual request.
#[cfg(feature = "tracing")]
pub(super) fn request_refused(denial: Denial, location: &'static str, request: &impl RequestView) {
    tracing::info!(
        reason = %denial,
        origin = %shown(request, RequestHeader::Origin),
        method = %request.method(),
        policy = location,
        "CORS request refused",
    );
}

/// The event for a response without CORS headers. An outer layer logs it after the response, if no
/// inner policy applied.
///
/// Its level is `DEBUG`, because browsers also send `Origin` in same-origin requests.
#[derive(Debug)]
#[must_use = "the event is not logged yet"]
pub(crate) struct Event {
    #[cfg(feature = "tracing")]
    fields: Option<(Denial, &'static str, String)>,
}

#[cfg(feature = "tracing")]
impl Event {
    pub(super) fn no_headers(
        denial: Option<Denial>,
        location: &'static str,
        request: &impl RequestView,
    ) -> Self {
        let denial = denial.filter(|_| tracing::enabled!(tracing::Level::DEBUG));
        Self {
            fields: denial.map(|denial| (denial, location, shown(request, RequestHeader::Origin))),
        }
    }

    pub(crate) fn log(self) {
        if let Some((denial, location, origin)) = self.fields {
            tracing::debug!(reason = %denial, %origin, policy = location, "no CORS headers");
        }
    }
}

/// Returns the lines of a header, escaped and truncated, so that they can neither break a line of a
/// log nor fill the log.
#[cfg(feature = "tracing")]
fn shown(request: &impl RequestView, name: RequestHeader) -> String {
    let lines = request.lines(name).take(4);
    let lines = lines.map(|line| line[..line.len().min(256)].escape_ascii().to_string());
    lines.collect::<Vec<_>>().join(", ")
}

#[cfg(not(feature = "tracing"))]
pub(super) fn preflight_refused(_: Denial, _: Option<&'static str>, _: &impl RequestView) {}

#[cfg(not(feature = "tracing"))]
pub(super) fn request_refused(_: Denial, _: &'static str, _: &impl RequestView) {}

#[cfg(not(feature = "tracing"))]
impl Event {
    pub(super) fn no_headers(_: Option<Denial>, _: &'static str, _: &impl RequestView) -> Self {
        Self {}
    }

    #[allow(clippy::unused_self, reason = "the event is a feature")]
    pub(crate) fn log(self) {}
}
