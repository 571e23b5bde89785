//! The CORS protocol of the Fetch standard, from the server's side.
//!
//! Every adapter takes the same steps: it finds the mounted policy of a request, makes the
//! [`cors_check`], awaits it if it is pending, calls [`decide`], and applies the result.

mod check_host;
mod cors_check;
pub(crate) mod decide;
mod denial;
#[cfg(any(feature = "actix-web", feature = "axum"))]
mod first_allowed;
mod header_list;
mod header_map;
mod header_names;
mod headers;
mod preflight;
#[cfg(feature = "axum")]
mod refused_by_all;
mod report;
mod same_origin;
mod verdict;

pub(crate) use self::cors_check::cors_check;
pub(crate) use self::denial::Denial;
#[cfg(any(feature = "actix-web", feature = "axum"))]
pub(crate) use self::first_allowed::first_allowed;
pub(crate) use self::header_map::{Constant, ResponseHeader, ResponseHeaders, Value, header_map};
pub(crate) use self::headers::{
    ActualHeaders, CorsResponse, PreparedPolicy, Refusal, preflight_headers,
};
#[cfg(any(feature = "actix-web", feature = "axum", feature = "tower"))]
pub(crate) use self::preflight::requested_method;
pub(crate) use self::preflight::{AllowHeaders, AllowMethods};
#[cfg(feature = "axum")]
pub(crate) use self::refused_by_all::refused_by_all;
pub(crate) use self::report::Event;
#[cfg(any(feature = "axum", feature = "tower"))]
pub(crate) use self::verdict::CheckedOrigin;
#[cfg(any(feature = "axum", feature = "tower"))]
pub(crate) use self::verdict::PendingCheck;
pub(crate) use self::verdict::{CorsCheck, OriginVerdict};
